/** The list of messages: draws only what changed, so that screen readers read each message once,
 * keeps the reader's place, and never holds more than a few pages of rows. */

import { bubble, fromMessage, setTick, type Shown, type TickDeeds } from './bubble'
import { button, h } from './dom'
import { isLate, type Letter } from '../shared/outbox'
import type { Message } from '../shared/wire'
import type { Words as Said } from './chat'
import type { Words } from './words'

const PAGE_ROWS = 120
const GROUP_MS = 180_000

interface Drawn { element: HTMLElement; content: string; tick: string }

export class Log {
  readonly element: HTMLElement
  atEnd = true
  #rows = h('div.rows')
  #older: HTMLButtonElement
  #newest: HTMLButtonElement
  #drawn = new Map<string, Drawn>()
  #limit = PAGE_ROWS
  #words: Words
  #deeds: TickDeeds
  #shown: Shown[] = []

  constructor(words: Words, deeds: TickDeeds & { sawEnd: () => void }, top: Node, bottom: Node) {
    this.#words = words
    this.#deeds = deeds
    this.#older = button('link.older', () => this.#showOlder(), {}, words.say('earlier'))
    this.#newest = button('plain.newest', () => this.toEnd(), { hidden: true }, words.say('newest'))
    this.element = h('div.log', { role: 'log', 'aria-label': words.say('log'), tabindex: 0 },
      this.#older, top, this.#rows, bottom, this.#newest)
    this.#watch(deeds.sawEnd)
  }

  draw(messages: Message[], letters: Letter<Said>[], read: number): void {
    const here = new Set(messages.map((message) => message.client_id))
    const shown = messages.map((message) => fromMessage(message, read, this.#words))
    const now = Date.now()
    const unsent = letters.filter((letter) => !here.has(letter.client_id))
    shown.push(...unsent.map((letter) => this.#unsent(letter, now)))
    this.#shown = shown
    this.#lay()
  }

  toEnd(): void {
    this.#follow(true)
    this.element.scrollTop = this.element.scrollHeight
  }

  /** The newest message stays in sight until the reader scrolls up. Only moving up counts: while
   * something grows, the end is out of sight for a moment without anybody's doing. */
  #watch(sawEnd: () => void): void {
    const log = this.element
    let before = 0
    log.addEventListener('scroll', () => {
      const { scrollHeight, scrollTop, clientHeight } = log
      if (scrollHeight - scrollTop - clientHeight < 60) this.#follow(true)
      else if (scrollTop < before) this.#follow(false)
      before = scrollTop
      sawEnd()
    }, { passive: true })
    const grown = new ResizeObserver(() => this.atEnd && this.toEnd())
    for (const one of [log, ...log.children]) grown.observe(one)
  }

  #follow(end: boolean): void {
    this.atEnd = this.#newest.hidden = end
  }

  #unsent(letter: Letter<Said>, now: number): Shown {
    const { client_id: key, body, refused } = letter
    return {
      ...body, key, side: 'own', name: this.#words.say('me'), kind: body.kind ?? 'text',
      at: new Date(letter.at).toISOString(), recalled: false,
      tick: refused ? 'failed' : isLate(letter, now) ? 'late' : 'sending',
      ...(refused && { reason: refused.message }),
    }
  }

  #showOlder(): void {
    const { element } = this
    const fromEnd = element.scrollHeight - element.scrollTop
    this.#limit += PAGE_ROWS
    this.#lay()
    element.scrollTop = element.scrollHeight - fromEnd
    element.focus()
  }

  #lay(): void {
    const rows = this.#shown.slice(-this.#limit)
    this.#older.hidden = rows.length === this.#shown.length
    const wanted: HTMLElement[] = []
    const kept = new Map<string, Drawn>()
    rows.forEach((shown, place) => {
      const before = rows[place - 1]
      const day = this.#words.day(new Date(shown.at), new Date())
      if (!before || day !== this.#words.day(new Date(before.at), new Date())) {
        wanted.push(this.#row(kept, `day:${day}`, day, () => h('p.row.system', {}, day)).element)
      }
      wanted.push(this.#message(kept, shown, !before || !together(before, shown)))
    })
    this.#drawn = kept
    place(this.#rows, wanted)
  }

  #message(kept: Map<string, Drawn>, shown: Shown, headed: boolean): HTMLElement {
    const { tick = '', reason = '', at, ...rest } = shown
    const content = JSON.stringify([rest, headed, shown.side === 'own' || at])
    const drawn = this.#row(kept, shown.key, content, () => bubble(shown, headed, this.#words))
    if (drawn.tick !== tick + reason + at) {
      drawn.tick = tick + reason + at
      setTick(drawn.element, shown, this.#words, this.#deeds)
    }
    return drawn.element
  }

  #row(kept: Map<string, Drawn>, key: string, content: string, build: () => HTMLElement): Drawn {
    const known = this.#drawn.get(key)
    const drawn = known?.content === content ? known : { element: build(), content, tick: '' }
    kept.set(key, drawn)
    return drawn
  }
}

function together(before: Shown, after: Shown): boolean {
  return before.side === after.side && before.name === after.name
    && Date.parse(after.at) - Date.parse(before.at) < GROUP_MS
}

/** Makes the children of `parent` exactly `wanted`, moving nothing that is in place already. */
function place(parent: HTMLElement, wanted: HTMLElement[]): void {
  const stay = new Set<Node>(wanted)
  for (const child of [...parent.childNodes]) if (!stay.has(child)) child.remove()
  wanted.forEach((element, at) => {
    const there = parent.childNodes[at] ?? null
    if (there !== element) parent.insertBefore(element, there)
  })
}
