/** The bar on top: the shop, the palette, the agent's availability and menu. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import {
  alert, bell, bellOff, command, headset, more, offline, online, search, signOut as signOutIcon,
} from '../../shared/icons'
import { chooseLanguage, theme, type Theme } from '../../shared/theme'
import type { Availability } from '../../shared/wire'
import { boot } from '../boot'
import { commands, hint, keyName } from '../commands'
import { setAvailability, signOut } from '../deeds'
import { connected } from '../live/ask'
import { turnSound } from '../notifications'
import { Avatar } from '../parts/avatar'
import { Menu, MenuItem } from '../parts/menu'
import { sections } from '../state/conversations'
import { dialog } from '../state/dialogs'
import { agents, me } from '../state/people'
import { sound } from '../state/settings'
import { openLetters } from '../state/undelivered'
import { lang, t } from '../words'

const STATES: readonly Availability[] = ['available', 'busy', 'away']
const THEMES: readonly Theme[] = ['auto', 'light', 'dark']

export function TopBar(): JSX.Element {
  return (
    <header class="top">
      <p class="top-shop"><Icon of={headset} /><span>{boot.shop.name}</span></p>
      <button type="button" class="top-palette" title={hint('palette')}
        aria-label={t('cmdPalette')} onClick={() => { dialog.value = 'palette' }}>
        <Icon of={search} />
        <span class="top-palette-words">{t('paletteHint')}</span>
        <kbd class="key">{keyName(commands.palette.keys[0] as never)}</kbd>
      </button>
      <div class="top-end">
        <Connection />
        <UndeliveredButton />
        <AvailabilityMenu />
        <SoundButton />
        <AgentMenu />
      </div>
    </header>
  )
}

function Connection(): JSX.Element {
  if (!connected.value) {
    return (
      <span class="top-connection top-connection-cut">
        <Icon of={offline} small />{t('connecting')}
      </span>
    )
  }
  return (
    <span class="top-connection" title={t('connected')}>
      <Icon of={online} small /><span class="sr-only">{t('connected')}</span>
    </span>
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

function AgentMenu(): JSX.Element {
  const { name, role } = me.value
  return (
    <Menu label={t('agentMenu', { name })} class="top-agent" button={(
      <><Avatar name={name} /><span class="top-name">{name}</span><Icon of={more} small /></>
    )}>
      <p class="menu-label">{t('signedIn', { name, role: t(`role_${role}`) })}</p>
      <div class="menu-line" />
      <p class="menu-label">{t('theme')}</p>
      {THEMES.map((one) => (
        <MenuItem key={one} chosen={theme.value === one} run={() => { theme.value = one }}>
          {t(`theme_${one}`)}
        </MenuItem>
      ))}
      <div class="menu-line" />
      <p class="menu-label">{t('language')}</p>
      <MenuItem chosen={lang === 'zh-CN'} lang="zh-CN" run={() => chooseLanguage('zh-CN')}>
        中文
      </MenuItem>
      <MenuItem chosen={lang === 'en'} lang="en" run={() => chooseLanguage('en')}>English</MenuItem>
      <div class="menu-line" />
      <MenuItem run={() => { dialog.value = 'keys' }}>
        <Icon of={command} small />{t('cmdKeys')}
      </MenuItem>
      <MenuItem run={() => void signOut()}>
        <Icon of={signOutIcon} small />{t('signOut')}
      </MenuItem>
    </Menu>
  )
}
