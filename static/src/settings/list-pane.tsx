/** The channel accounts by kind, and one button for each kind to add another. */

import type { JSX } from 'preact'
import { channelName, kindName } from '../shared/channel'
import { Icon } from '../shared/icon'
import { alert, bot, bubble, done, headset, inbox, plus, shop, type Shapes } from '../shared/icons'
import type { InboxSettings } from '../shared/inbox-wire'
import { Menu, MenuItem } from '../shared/parts/menu'
import { newOf, open, opened } from './address'
import { changed } from './drafts'
import { checks, forms, inboxes } from './inboxes'
import { t } from './words'

const ICONS: Readonly<Record<string, Shapes>> = {
  widget: shop, wechat: bubble, wecom: headset, webhook: bot,
}

export function ListPane(): JSX.Element {
  return (
    <nav class="settings-list" aria-label={t('inboxes')}>
      <div class="settings-list-head">
        <h2>{t('inboxes')}</h2>
        <Menu label={t('add')} class="button button-s" button={(
          <><Icon of={plus} small />{t('add')}</>
        )}>
          {forms.value.map(({ kind }) => (
            <MenuItem key={kind} run={() => open(newOf(kind))}>
              <Icon of={ICONS[kind] ?? inbox} small />{kindName(kind)}
            </MenuItem>
          ))}
        </Menu>
      </div>
      {forms.value.map(({ kind }) => (
        <Kind key={kind} kind={kind} found={inboxes.value.filter((one) => one.kind === kind)} />
      ))}
    </nav>
  )
}

function Kind({ kind, found }: { kind: string; found: readonly InboxSettings[] }): JSX.Element {
  const making = changed(newOf(kind)) || opened.value === newOf(kind)
  if (found.length === 0 && !making) return <></>
  return (
    <section>
      <h3 class="settings-kind">{kindName(kind)}</h3>
      <ul>
        {found.map((one) => (
          <li key={one.id}><Row id={one.id} kind={kind} name={channelName(one)} one={one} /></li>
        ))}
        {making && <li><Row id={newOf(kind)} kind={kind} name={t('newOne')} /></li>}
      </ul>
    </section>
  )
}

interface RowProps { id: string; kind: string; name: string; one?: InboxSettings }

function Row({ id, kind, name, one }: RowProps): JSX.Element {
  return (
    <a class="settings-row" href={`#${id}`} aria-current={id === opened.value ? 'true' : undefined}
      onClick={(event) => { event.preventDefault(); open(id) }}>
      <Icon of={ICONS[kind] ?? inbox} />
      <span class="settings-row-name">{name}</span>
      {changed(id) && <span class="chip">{t('unsaved')}</span>}
      {one?.disabled && <span class="chip">{t('disabled')}</span>}
      <State id={id} />
    </a>
  )
}

function State({ id }: { id: string }): JSX.Element | null {
  const told = checks.value[id]
  if (told === undefined || told === 'running' || !('findings' in told)) return null
  const [look, words] = told.ok ? ['ok', t('works')] as const : ['error', t('broken')] as const
  return (
    <span class={`settings-state level-${look}`} title={words}>
      <Icon of={told.ok ? done : alert} small /><span class="sr-only">{words}</span>
    </span>
  )
}
