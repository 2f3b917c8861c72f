/** The bar on top of every page of the console: the shop, the pages, the connection, the person. */

import type { ComponentChildren, JSX } from 'preact'
import { boot } from '../boot'
import { Icon } from '../icon'
import {
  book, command, gear, headset, more, offline, online, signOut as signOutIcon, type Shapes,
} from '../icons'
import { reviewing } from '../review'
import { signOut } from '../sign-out'
import { connected } from '../socket'
import { chooseLanguage, theme, type Theme } from '../theme'
import { lang, say } from '../words'
import { Avatar } from './avatar'
import { Menu, MenuItem } from './menu'

export type PageName = 'desk' | 'knowledge' | 'settings'

const PAGES: Readonly<Record<PageName, Shapes>> = {
  desk: headset, knowledge: book, settings: gear,
}
/** The settings are the owner's. */
const NAMES = (Object.keys(PAGES) as PageName[])
  .filter((name) => name !== 'settings' || boot.agent.role === 'owner')
const THEMES: readonly Theme[] = ['auto', 'light', 'dark']

interface FrameProps { page: PageName; middle?: JSX.Element; children: ComponentChildren }

export function TopFrame({ page, middle, children }: FrameProps): JSX.Element {
  return (
    <header class="top">
      <div class="top-start">
        <p class="top-shop"><Icon of={headset} /><span>{boot.shop.name}</span></p>
        <nav class="top-pages" aria-label={say('pages')}>
          {NAMES.map((name) => (
            <a key={name} class="top-page" href={`/${name}`}
              aria-current={name === page ? 'page' : undefined}>
              {say(`page_${name}`)}<Waiting page={name} />
            </a>
          ))}
        </nav>
      </div>
      {middle}
      <div class="top-end">
        <Connection />
        {children}
      </div>
    </header>
  )
}

/** How much waits for a lead on a page. */
function Waiting({ page }: { page: PageName }): JSX.Element | null {
  const n = reviewing.value
  if (page !== 'knowledge' || n === 0) return null
  const words = say('reviewWaiting', { n })
  return (
    <span class="badge" title={words}>
      <span aria-hidden="true">{n > 99 ? '99+' : n}</span><span class="sr-only">{words}</span>
    </span>
  )
}

function Connection(): JSX.Element {
  if (!connected.value) {
    return (
      <span class="top-connection top-connection-cut">
        <Icon of={offline} small />{say('connecting')}
      </span>
    )
  }
  return (
    <span class="top-connection" title={say('connected')}>
      <Icon of={online} small /><span class="sr-only">{say('connected')}</span>
    </span>
  )
}

/** Who is signed in, and what they choose for themselves; on a phone also the other pages. */
export function AgentMenu({ page, keys }: { page: PageName; keys: () => void }): JSX.Element {
  const { name, role } = boot.agent
  return (
    <Menu label={say('agentMenu', { name })} class="top-agent" button={(
      <><Avatar name={name} /><span class="top-name">{name}</span><Icon of={more} small /></>
    )}>
      <p class="menu-label">{say('signedIn', { name, role: say(`role_${role}`) })}</p>
      <div class="menu-line" />
      {NAMES.filter((one) => one !== page).map((one) => (
        <MenuItem key={one} run={() => location.assign(`/${one}`)}>
          <Icon of={PAGES[one]} small />{say(`page_${one}`)}<Waiting page={one} />
        </MenuItem>
      ))}
      <div class="menu-line" />
      <p class="menu-label">{say('theme')}</p>
      {THEMES.map((one) => (
        <MenuItem key={one} chosen={theme.value === one} run={() => { theme.value = one }}>
          {say(`theme_${one}`)}
        </MenuItem>
      ))}
      <div class="menu-line" />
      <p class="menu-label">{say('language')}</p>
      <MenuItem chosen={lang === 'zh-CN'} lang="zh-CN" run={() => chooseLanguage('zh-CN')}>
        中文
      </MenuItem>
      <MenuItem chosen={lang === 'en'} lang="en" run={() => chooseLanguage('en')}>English</MenuItem>
      <div class="menu-line" />
      <MenuItem run={keys}>
        <Icon of={command} small />{say('cmdKeys')}
      </MenuItem>
      <MenuItem run={() => void signOut()}>
        <Icon of={signOutIcon} small />{say('signOut')}
      </MenuItem>
    </Menu>
  )
}
