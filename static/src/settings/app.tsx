/** The page: the bar, the list of channel accounts, and the one that is open. */

import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { Icon } from '../shared/icon'
import { gear } from '../shared/icons'
import { announcement } from '../shared/notices'
import { Dialog, PageNotices } from '../shared/parts/dialog'
import { Empty } from '../shared/parts/empty'
import { KeyList } from '../shared/parts/key-list'
import { AgentMenu, TopFrame } from '../shared/parts/top-bar'
import { connected } from '../shared/socket'
import { kindOfNew, opened } from './address'
import { Editor } from './editor'
import { forms, inboxes, load, loading, mine } from './inboxes'
import { ListPane } from './list-pane'
import { t } from './words'

const keysShown = signal(false)

export function App(): JSX.Element {
  return (
    <div class="settings" data-connected={connected.value ? '' : undefined}>
      <TopFrame page="settings">
        <AgentMenu page="settings" keys={() => { keysShown.value = true }} />
      </TopFrame>
      <main class="settings-main">
        <h1 class="sr-only">{t('page_settings')}</h1>
        {mine ? <Inboxes /> : <Empty icon={gear} title={t('notYours')} text={t('notYoursWhy')} />}
      </main>
      <PageNotices />
      <p class="sr-only" role="status">{announcement.value}</p>
      {keysShown.value && (
        <Dialog title={t('cmdKeys')} class="dialog-keys" leave={() => { keysShown.value = false }}>
          <KeyList rows={[[['Enter'], t('save')]]} />
        </Dialog>
      )}
    </div>
  )
}

function Inboxes(): JSX.Element {
  if (loading.value === 'failed') {
    return (
      <Empty icon={gear} title={t('loadFailed')}>
        <button type="button" class="button" onClick={() => void load()}>{t('retry')}</button>
      </Empty>
    )
  }
  if (loading.value === 'loading') return <p class="quiet settings-wait">{t('loading')}</p>
  const key = opened.value
  const saved = inboxes.value.find(({ id }) => id === key)
  const kind = saved?.kind ?? kindOfNew(key)
  const known = forms.value.some((one) => one.kind === kind)
  return (
    <div class="settings-panes" data-open={known ? '' : undefined}>
      <ListPane />
      <section class="settings-form" aria-label={t('form')}>
        {kind !== undefined && known
          ? <Editor key={key} draft={key} kind={kind} saved={saved} />
          : <div class="empty"><Icon of={gear} /><p>{t('chooseOne')}</p></div>}
      </section>
    </div>
  )
}
