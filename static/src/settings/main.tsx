/** The settings: where the owner connects the shop's channels. */

import { render } from 'preact'
import { startClock } from '../shared/clock'
import { onlyHear, stayConnected } from '../shared/socket'
import { showTheme } from '../shared/theme'
import { App } from './app'
import { followAddress } from './address'
import { unsaved } from './drafts'
import { load, mine } from './inboxes'
import './styles/index'

showTheme()
startClock()
followAddress()
onlyHear('entries')
stayConnected({ opened: async () => true, lost: () => undefined, woken: () => undefined })
addEventListener('beforeunload', (event) => { if (unsaved()) event.preventDefault() })
if (mine) void load()

const root = document.getElementById('root')
if (root) render(<App />, root)
