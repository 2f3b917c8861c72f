/** The phone: head, log, line to write in, and the tray of everything else. */

import { Fragment, type JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../shared/icon'
import { Bubble } from './bubble'
import { DEEDS, MENU, type Deed } from './deeds'
import { Sheet } from './sheet'
import { clockTime, t, type Account, type Person } from './words'
import type { Act, Line, MenuItem, Snapshot } from './wire'

const PAUSE_MS = 5 * 60_000

export type Do = (act: Act) => void

export function Phone({ account, person, now, act }: {
  account: Account
  person: Person
  now: Snapshot
  act: Do
}): JSX.Element {
  const [tray, setTray] = useState(false)
  const [asked, setAsked] = useState<Deed | null>(null)
  const tap = (item: MenuItem): void => {
    if (item.type === 'view' && item.url) window.open(item.url, '_blank', 'noopener')
    else if (item.type === 'click') act({ type: 'menu', key: item.id ?? '', text: item.content })
  }
  const choose = (deed: Deed): void => {
    setTray(false)
    if (deed.asks.length || deed.type === 'image') setAsked(deed)
    else act({ type: deed.type })
  }
  return (
    <section class="phone" aria-label={t('phone', { name: person.name })}>
      <Head account={account} now={now} act={act} />
      <Log account={account} person={person} lines={now.lines} tap={tap} />
      {account.name === 'official' && !now.follows
        ? <p class="unfollowed">{t('unfollowed')}</p>
        : <Foot account={account} act={act} tray={tray} setTray={setTray} choose={choose} />}
      {asked && (
        <Sheet
          deed={asked}
          close={() => setAsked(null)}
          send={(given) => { setAsked(null); act(given) }}
        />
      )}
    </section>
  )
}

function Head({ account, now, act }: { account: Account; now: Snapshot; act: Do }): JSX.Element {
  const follow = now.follows ? 'unsubscribe' : 'subscribe'
  return (
    <header class="head">
      <span class="bar" aria-hidden="true"><b>{clockTime(Date.now() + now.ahead * 1000)}</b></span>
      <h2>{now.typing ? t('typing') : account.title}</h2>
      {account.name === 'official' && (
        <button type="button" class="follow" onClick={() => act({ type: follow })}>{t(follow)}</button>
      )}
    </header>
  )
}

function Log({ account, person, lines, tap }: {
  account: Account
  person: Person
  lines: Line[]
  tap: (item: MenuItem) => void
}): JSX.Element {
  const log = useRef<HTMLDivElement>(null)
  const count = lines.length
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [count, account.name, person.id])
  const shop = <span class="face shop" aria-hidden="true">店</span>
  const own = <Face of={person} />
  return (
    <div class="log" ref={log} role="log" aria-label={t('log')} tabIndex={0}>
      {!count && <p class="empty">{t(`hint_${account.name}`)}</p>}
      <ul>
        {lines.map((line, index) => (
          <Fragment key={line.n}>
            {apart(lines[index - 1], line) && <li class="time">{clockTime(line.at)}</li>}
            <Bubble line={line} avatar={line.own ? own : shop} tap={tap} />
          </Fragment>
        ))}
      </ul>
    </div>
  )
}

function Foot({ account, act, tray, setTray, choose }: {
  account: Account
  act: Do
  tray: boolean
  setTray: (open: boolean) => void
  choose: (deed: Deed) => void
}): JSX.Element {
  const [draft, setDraft] = useState('')
  const send = (event: Event): void => {
    event.preventDefault()
    if (!draft.trim()) return
    act({ type: 'text', text: draft })
    setDraft('')
  }
  return (
    <footer class="foot">
      {account.name === 'official' && (
        <div class="service">
          {MENU.map(({ key, label }) => (
            <button type="button" key={key} onClick={() => act({ type: 'click', key, text: t(label) })}>
              {t(label)}
            </button>
          ))}
          <button type="button" onClick={() => act({ type: 'view', url: t('sample_url'), text: t('menu_shop') })}>
            {t('menu_shop')}
          </button>
        </div>
      )}
      <form class="write" onSubmit={send}>
        <input
          value={draft} aria-label={t('write')} placeholder={t('write')} autocomplete="off"
          maxLength={2000} enterkeyhint="send"
          onInput={(event) => setDraft(event.currentTarget.value)}
        />
        {draft.trim()
          ? <button class="send">{t('send')}</button>
          : (
            <button
              type="button" class="plus" aria-expanded={tray} aria-label={t('more')}
              onClick={() => setTray(!tray)}
            >+</button>
          )}
      </form>
      {tray && (
        <ul class="tray">
          {DEEDS[account.name].map((deed) => (
            <li key={deed.type}>
              <button type="button" onClick={() => choose(deed)}>
                <span><Icon of={deed.sign} /></span>{t(deed.label)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </footer>
  )
}

export function Face({ of }: { of: Person }): JSX.Element {
  return <span class={`face tone-${of.tone}`} aria-hidden="true">{of.name.charAt(0)}</span>
}

function apart(before: Line | undefined, line: Line): boolean {
  return !before || line.at - before.at > PAUSE_MS
}
