/** One line of the chat: who, and what it looks like on a phone. */

import type { ComponentChildren, JSX } from 'preact'
import { pieces } from '../shared/linkify'
import { t, type Phrase } from './words'
import type { Content, Line, MenuItem } from './wire'

const ANCHOR = /<a\s([^>]*)>(.*?)<\/a>/gs
const HREF = /\bhref="(https?:\/\/[^"]*)"/
const DEEDS: Record<string, Phrase> = {
  subscribe: 'deed_subscribe', unsubscribe: 'deed_unsubscribe', scan: 'deed_scan',
  click: 'deed_click', view: 'deed_view', whereabouts: 'deed_whereabouts', enter: 'deed_enter',
  recall: 'deed_recall', note: 'deed_transferred', raw: 'deed_raw',
}

export type Tap = (item: MenuItem) => void

export function Bubble({ line, avatar, tap }: {
  line: Line
  avatar: JSX.Element
  tap: Tap
}): JSX.Element {
  const deed = DEEDS[line.type]
  if (deed) {
    const said = t(deed, { text: line.data.text ?? '' })
    return <li class="deed"><span>{said}</span><Trouble line={line} /></li>
  }
  return (
    <li class={line.own ? 'said own' : 'said'}>
      {avatar}
      <div class="what">
        <Shown line={line} tap={tap} />
        <Trouble line={line} />
      </div>
    </li>
  )
}

/** What WeChat would say when the shop's endpoint does not answer as it should. */
function Trouble({ line }: { line: Line }): JSX.Element | null {
  if (line.state === 'sending') return <span class="wait" role="img" aria-label={t('sending')} />
  if (line.state !== 'failed' && line.state !== 'broken') return null
  return <p class="trouble">{line.own ? t('broken') : t('undelivered')}<i>{line.reason}</i></p>
}

function Shown({ line: { type, data, own }, tap }: { line: Line; tap: Tap }): JSX.Element {
  switch (type) {
    case 'text':
    case 'menu':
      return <p class="balloon">{own ? (data.text ?? '') : rich(data.text ?? '')}</p>
    case 'image':
      return <img class="picture" src={address(data.media)} alt={t('picture')} />
    case 'voice':
      return (
        <>
          <p class="balloon voice" style={{ width: `${80 + 6 * Math.min(20, data.seconds ?? 3)}px` }}>
            <span class="waves" aria-hidden="true" />{t('voice')} {data.seconds ?? 3}″
          </p>
          {data.recognition && <p class="balloon heard">{data.recognition}</p>}
        </>
      )
    case 'video':
    case 'shortvideo':
      return <p class="film"><span aria-hidden="true">▶</span>{t('video')} {data.title ?? ''}</p>
    case 'msgmenu':
      return <Menu data={data} tap={tap} />
    case 'miniprogrampage':
      return <Card kind={t('mini_card')} data={data} sub={data.path} tall />
    case 'location':
      return <Card kind={t('location')} data={data} sub={data.label} map />
    case 'file':
      return <Card kind={t('file')} data={{ title: data.name || t('file') }} />
    default:
      return <Card kind={t(type === 'music' ? 'music' : 'link')} data={data} sub={data.description} />
  }
}

function Card({ kind, data, sub = '', tall = false, map = false }: {
  kind: string
  data: Content
  sub?: string | undefined
  tall?: boolean
  map?: boolean
}): JSX.Element {
  const inside = (
    <>
      <b>{data.title || kind}</b>
      {sub && <span>{sub}</span>}
      {data.picture && <img src={data.picture} alt="" />}
      {tall && data.thumb && <img src={address(data.thumb)} alt="" />}
      {map && <span class="map" aria-hidden="true" />}
      <small>{kind}</small>
    </>
  )
  const safe = /^https?:\/\//.test(data.url ?? '')
  return safe
    ? <a class="card" href={data.url} target="_blank" rel="noopener noreferrer nofollow">{inside}</a>
    : <div class="card">{inside}</div>
}

function Menu({ data, tap }: { data: Content; tap: Tap }): JSX.Element {
  return (
    <div class="balloon menu">
      {data.head && <p>{rich(data.head)}</p>}
      <ul>
        {(data.items ?? []).map((item) => (
          <li key={item.id ?? item.content}>
            {item.type === 'text'
              ? item.content
              : <button type="button" class="tap" onClick={() => tap(item)}>{item.content}</button>}
          </li>
        ))}
      </ul>
      {data.tail && <p>{rich(data.tail)}</p>}
    </div>
  )
}

/** A shop's text may hold links as `<a href>`; nothing else in it is markup. */
function rich(text: string): ComponentChildren[] {
  const found: ComponentChildren[] = []
  let from = 0
  for (const match of text.matchAll(ANCHOR)) {
    found.push(...plain(text.slice(from, match.index)))
    const [whole, attributes = '', label = ''] = match
    const href = HREF.exec(attributes)?.[1]
    found.push(href ? <Away href={href} label={label} /> : <span class="mini">{label}</span>)
    from = match.index + whole.length
  }
  return [...found, ...plain(text.slice(from))]
}

function plain(text: string): ComponentChildren[] {
  return pieces(text).map((piece) =>
    typeof piece === 'string' ? piece : <Away href={piece.href} label={piece.text} />)
}

function Away({ href, label }: { href: string; label: string }): JSX.Element {
  return <a href={href} target="_blank" rel="noopener noreferrer nofollow">{label}</a>
}

function address(media: string | undefined): string {
  return `/_/media/${encodeURIComponent(media ?? '')}`
}
