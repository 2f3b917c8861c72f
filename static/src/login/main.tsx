/** The sign-in page: a form, one clear sentence when it fails, the demo's accounts by a click. */

import { render } from 'preact'
import '../shared/tokens.css'
import '../shared/base.css'
import '../shared/parts.css'
import './login.css'
import { showTheme } from '../shared/theme'
import { Login } from './login'

showTheme()

const root = document.getElementById('root')
if (root) render(<Login />, root)
