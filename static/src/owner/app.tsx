/** The page: the bar, the sections, and the one that is open. */

import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from '../shared/icon'
import { offline } from '../shared/icons'
import { announcement } from '../shared/notices'
import { Dialog, PageNotices } from '../shared/parts/dialog'
import { KeyList } from '../shared/parts/key-list'
import { AgentMenu, TopFrame } from '../shared/parts/top-bar'
import { connected } from '../shared/socket'
import { place, where } from './address'
import { keysShown, keyRows } from './keyboard'
import { patient } from './live'
import { mySections } from './sections'
import { t } from './words'

export function App(): JSX.Element {
  const open = mySections.find(({ id }) => id === place.value.section) ?? mySections[0]
  return (
    <div class="owner" data-connected={connected.value ? '' : undefined}>
      <TopFrame page="knowledge" middle={<Sections open={open?.id} />}>
        <AgentMenu page="knowledge" keys={() => { keysShown.value = true }} />
      </TopFrame>
      <Cut />
      <main class="owner-main">
        <h1 class="sr-only">{t('page_knowledge')}</h1>
        {open && <open.View />}
      </main>
      <PageNotices />
      <p class="sr-only" role="status">{announcement.value}</p>
      {keysShown.value && (
        <Dialog title={t('cmdKeys')} class="dialog-keys" leave={() => { keysShown.value = false }}>
          <KeyList rows={keyRows()} />
        </Dialog>
      )}
    </div>
  )
}

function Sections({ open }: { open: string | undefined }): JSX.Element {
  const links = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const one = links.current?.querySelector('[aria-current]')
    one?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [open])
  return (
    <nav ref={links} class="sections" aria-label={t('sections')} hidden={mySections.length < 2}>
      {mySections.map(({ id, label, icon, count }) => (
        <a key={id} class="section-link" href={where(id)}
          aria-current={id === open ? 'page' : undefined}>
          <Icon of={icon} small />
          {label()}
          {count !== undefined && count.value > 0 && (
            <span class="badge badge-quiet">{count.value}</span>
          )}
        </a>
      ))}
    </nav>
  )
}

function Cut(): JSX.Element {
  const cut = !connected.value && !patient.value
  return (
    <p class="banner banner-warning owner-cut" role="status" hidden={!cut}>
      {cut && <><Icon of={offline} small />{t('cut')}</>}
    </p>
  )
}
