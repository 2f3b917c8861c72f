/** The desk's bar: the palette, what did not arrive, the agent's availability, sounds. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { alert, bell, bellOff, more, search } from '../../shared/icons'
import { keyName } from '../../shared/keys'
import { Menu, MenuItem } from '../../shared/parts/menu'
import { AgentMenu, TopFrame } from '../../shared/parts/top-bar'
import type { Availability } from '../../shared/wire'
import { commands, hint } from '../commands'
import { setAvailability } from '../deeds'
import { turnSound } from '../notifications'
import { sections } from '../state/conversations'
import { dialog } from '../state/dialogs'
import { agents, me } from '../state/people'
import { sound } from '../state/settings'
import { openLetters } from '../state/undelivered'
import { t } from '../words'

const STATES: readonly Availability[] = ['available', 'busy', 'away']

export function TopBar(): JSX.Element {
  const middle = (
    <button type="button" class="top-palette" title={hint('palette')}
      aria-label={t('cmdPalette')} onClick={() => { dialog.value = 'palette' }}>
      <Icon of={search} />
      <span class="top-palette-words">{t('paletteHint')}</span>
      <kbd class="key">{keyName(commands.palette.keys[0] as never)}</kbd>
    </button>
  )
  return (
    <TopFrame page="desk" middle={middle}>
      <UndeliveredButton />
      <AvailabilityMenu />
      <SoundButton />
      <AgentMenu page="desk" keys={() => { dialog.value = 'keys' }} />
    </TopFrame>
  )
}

/** There only while something is undelivered: a calm bar is the sign that all arrived. */
function UndeliveredButton(): JSX.Element | null {
  const n = openLetters.value
  if (n === 0) return null
  const label = t('undeliveredCount', { n })
  return (
    <button type="button" class="button top-letters" title={hint('undelivered', label)}
      aria-label={label} onClick={() => { dialog.value = 'undelivered' }}>
      <Icon of={alert} small />
      <span class="top-letters-words">{t('undelivered')}</span>
      <span class="badge">{n > 99 ? '99+' : n}</span>
    </button>
  )
}

function AvailabilityMenu(): JSX.Element {
  const { id, state, capacity } = me.value
  const load = agents.value.get(id)?.load ?? sections.value.mine.length
  const label = t('availabilityLabel', { state: t(`state_${state}`), load, capacity })
  return (
    <Menu label={label} class="button top-availability" button={(
      <>
        <span class={`dot dot-${state}`} />
        <span>{t(`state_${state}`)}</span>
        <span class="top-load">{load}/{capacity}</span>
        <Icon of={more} small />
      </>
    )}>
      {STATES.map((one) => (
        <MenuItem key={one} chosen={one === state} run={() => void setAvailability(one)}>
          <span class={`dot dot-${one}`} />
          <span class="menu-words">{t(`state_${one}`)}<small>{t(`explain_${one}`)}</small></span>
        </MenuItem>
      ))}
    </Menu>
  )
}

function SoundButton(): JSX.Element {
  const on = sound.value === 'on'
  const label = t(on ? 'soundOff' : 'soundOn')
  return (
    <button type="button" class="icon-button top-sound" aria-pressed={on} aria-label={t('sound')}
      title={label} onClick={() => turnSound(!on)}>
      <Icon of={on ? bell : bellOff} />
    </button>
  )
}
