/** The knowledge desk: where those who lead write what the shop answers. */

import { render } from 'preact'
import { startClock } from '../shared/clock'
import { showTheme } from '../shared/theme'
import { followAddress } from './address'
import { App } from './app'
import { startKeyboard } from './keyboard'
import { startHearing } from './live'
import { mySections } from './sections'
import { startHeeding } from './state/heard'
import { loadShelf } from './state/shelf'
import './styles/index'

showTheme()
startClock()
followAddress()
startKeyboard()
startHearing()
startHeeding()
void loadShelf()
mySections.forEach(({ begin }) => begin?.())

const root = document.getElementById('root')
if (root) render(<App />, root)
