/** The agent console: reads what the page says, comes into step with the server, draws. */

import { render } from 'preact'
import { App } from './app'
import { startKeyboard } from './keyboard'
import { startReading } from './live/presence'
import { startSession } from './live/session'
import { keepOpenThread } from './live/threads'
import { followLetters } from './live/undelivered'
import { startUploading } from './live/uploading'
import { startNotifying } from './notifications'
import { startClock } from '../shared/clock'
import { loadEntries } from './state/entries'
import { followAddress } from './state/selection'
import { loadUsage } from './state/usage'
import { showTheme } from '../shared/theme'
import './styles/index'

showTheme()
startClock()
followAddress()
startNotifying()
startKeyboard()
keepOpenThread()
startReading()
startSession()
followLetters()
startUploading()
void loadEntries()
void loadUsage()

const root = document.getElementById('root')
if (root) render(<App />, root)
