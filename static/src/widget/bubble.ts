/** One message as the shopper sees it: a bubble, a card, or a quiet line for what happened. */

import { alert, clock, delivered, answered } from '../shared/icons'
import { linkify } from '../shared/linkify'
import type { Kind, Message, Order, Product, SentFile, Time } from '../shared/wire'
import { button, h, icon } from './dom'
import type { Words } from './words'

export type Tick = 'sending' | 'late' | 'failed' | 'sent' | 'read'

/** What a row shows; equal `content` means that only the tick may have changed. */
export interface Shown {
  key: string
  side: 'own' | 'other' | 'system'
  name: string
  kind: Kind
  text: string
  at: Time
  recalled: boolean
  product?: Product
  order?: Order
  file?: SentFile
  tick?: Tick
  reason?: string
}

export interface TickDeeds {
  retry: (key: string) => void
  discard: (key: string) => void
}

const TICKS = { sending: clock, late: alert, failed: alert, sent: answered, read: delivered }

export function fromMessage(message: Message, read: number, { say }: Words): Shown {
  const { author, kind, seq } = message
  const own = author.kind === 'shopper'
  const system = author.kind === 'system' || kind === 'event' || kind === 'rating'
  const name = own ? say('me') : author.name ?? say(author.kind === 'robot' ? 'robot' : 'agent')
  return {
    key: message.client_id ?? message.id, side: system ? 'system' : own ? 'own' : 'other', name,
    kind, text: message.rating ? say('rated', { n: message.rating.score }) : message.text,
    at: message.at, recalled: !!message.recalled,
    ...(message.product && { product: message.product }),
    ...(message.order && { order: message.order }),
    ...(message.file && { file: message.file }),
    ...(own && !system && { tick: seq <= read ? 'read' : 'sent' }),
  }
}

export function bubble(shown: Shown, headed: boolean, words: Words): HTMLElement {
  const { say } = words
  if (shown.recalled) return h('p.row.system', {}, say('recalled'))
  if (shown.side === 'system') return h('p.row.system', {}, ...linkify(shown.text))
  const head = h('div.by', {},
    h(`span.${headed && shown.side === 'other' ? 'name' : 'unseen'}`, {}, shown.name),
    headed && shown.side === 'other' && h('time.when', {}, words.clock(new Date(shown.at))))
  return h(`div.row.${shown.side}`, {}, head, h('div.bubble', {}, ...content(shown, words)))
}

function content(shown: Shown, { say }: Words): (Node | string)[] {
  if (shown.kind === 'product' && shown.product) return [card(shown.product)]
  if (shown.kind === 'order' && shown.order) return [orderCard(shown.order, say)]
  const said = linkify(shown.text)
  return shown.file ? [sent(shown.file), ...said] : said
}

/** A picture has its place before it is there; anything else is a name to press. */
function sent({ url, name, small, width, height }: SentFile): HTMLElement {
  const { origin } = window.dianxiaoer!
  const part = Math.min(1, 220 / width!, 260 / height!)
  return h('a.goods', { href: origin + url, target: '_blank', rel: 'noopener' },
    width ? h('img', {
      src: origin + (small ?? url), alt: name,
      width: width * part, height: height! * part,
    }) : `📎 ${name}`)
}

export function card({ title, price, image, url }: Product): HTMLElement {
  const parts = [
    image && web(image) && h('img.thumb', { src: image, alt: '', loading: 'lazy' }),
    h('span.facts', {}, h('span.goodsname', {}, title), price && h('span.price', {}, price)),
  ]
  if (!url || !web(url)) return h('div.goods', {}, ...parts)
  return h('a.goods', { href: url, target: '_blank', rel: 'noopener' }, ...parts)
}

export function orderCard(order: Order, say: Words['say']): HTMLElement {
  const goods = (order.goods ?? []).slice(0, 3).map((one) =>
    h('span.line', {}, one.title + (one.quantity ? ` × ${one.quantity}` : '')))
  return h('span.facts', {},
    h('span.goodsname', {}, say('order', { uid: order.uid })), ...goods,
    h('span.price', {}, [order.statusText, order.totalAmount].filter(Boolean).join(' · ')))
}

/** Sets the tick in place: a row that is drawn anew would be read aloud again. */
export function setTick(row: HTMLElement, shown: Shown, words: Words, deeds: TickDeeds): void {
  const { tick, key, reason = '' } = shown
  if (!tick) return
  const { say } = words
  const stuck = tick === 'late' || tick === 'failed'
  const label = tick === 'failed' ? say('failed', { reason }) : say(tick)
  const foot = h(`div.foot.${tick}`, { 'aria-live': 'off' },
    !stuck && h('time.when', {}, words.clock(new Date(shown.at))),
    icon(TICKS[tick]), h(`span.${stuck ? 'why' : 'unseen'}`, {}, label),
    stuck && button('link', () => deeds.retry(key), {}, say('retry')),
    stuck && button('link', () => deeds.discard(key), {}, say('discard')))
  row.querySelector('.foot')?.remove()
  row.append(foot)
}

function web(address: string): boolean {
  return /^(https?:)?\/\/|^\/(?!\/)|^data:image\//i.test(address)
}
