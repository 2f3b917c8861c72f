/** The durable outbox of unsent words (R2, R6, R8): stored before the first try, sent one at a time
 * and in order within a conversation, tried again with the same `client_id` until the server
 * answers, also after a reload and by whichever tab is alive. */

import { backoff } from './backoff'
import { openShelf, type Shelf } from './shelf'
import type { Ack, Refusal, Said } from './wire'

export const LATE_MS = 60_000
/** Answers that another try may change; every other refusal waits for the writer's decision. */
const PASSING = new Set(['rate_limited', 'unavailable', 'unauthorized'])

export interface Letter<Body> {
  client_id: string
  scope: string
  conversation: string
  body: Body
  /** When it was written: the order of sending. */
  at: number
  /** When it was last asked to go: after LATE_MS it counts as late. */
  since: number
  tries: number
  next_at: number
  refused?: Refusal
}

export interface OutboxOptions<Body> {
  /** Whose words these are: one program and one sender, for instance `widget:KEY`. */
  scope: string
  /** Resolves with the server's answer; rejects when none came. */
  send: (letter: Letter<Body>) => Promise<Ack<Said>>
  sent?: (letter: Letter<Body>, said: Said) => void
  changed: () => void
}

type Outcome = 'sent' | 'idle' | 'later'

export class Outbox<Body> {
  #letters = new Map<string, Letter<Body>>()
  #shelf: Promise<Shelf<Letter<Body>>>
  #running = new Map<string, { again: boolean }>()
  #timers = new Map<string, ReturnType<typeof setTimeout>>()
  #connected = false
  #others: BroadcastChannel | null
  #options: OutboxOptions<Body>

  constructor(options: OutboxOptions<Body>) {
    this.#options = options
    this.#shelf = openShelf(options.scope)
    this.#others = typeof BroadcastChannel === 'undefined'
      ? null : new BroadcastChannel(`dianxiaoer:${options.scope}`)
    if (this.#others) this.#others.onmessage = () => void this.load()
  }

  /** Reads what is still unsent, from before a reload and from other tabs. */
  async load(): Promise<void> {
    await this.#refresh()
    this.#options.changed()
    this.#drainAll()
  }

  async put(conversation: string, body: Body): Promise<Letter<Body>> {
    const now = Date.now()
    const at = Math.max(now, ...[...this.#letters.values()].map((letter) => letter.at + 1))
    const letter: Letter<Body> = {
      client_id: newId(), scope: this.#options.scope, conversation, body,
      at, since: now, tries: 0, next_at: 0,
    }
    await this.#keep(letter)
    this.#watchLate(letter)
    void this.#drain(conversation)
    return letter
  }

  /** In the order of writing; of one conversation, or of all. */
  list(conversation?: string): Letter<Body>[] {
    return [...this.#letters.values()]
      .filter((letter) => conversation === undefined || letter.conversation === conversation)
      .sort((one, other) => one.at - other.at)
  }

  /** The writer pressed "retry". A conflicting id can never go, so the words get a new one. */
  async retry(clientId: string): Promise<void> {
    const letter = this.#letters.get(clientId)
    if (!letter) return
    const fresh = { ...letter, since: Date.now(), tries: 0, next_at: 0 }
    if (letter.refused?.code === 'conflict') {
      await this.discard(clientId)
      fresh.client_id = newId()
    }
    delete fresh.refused
    await this.#keep(fresh)
    this.#watchLate(fresh)
    void this.#drain(fresh.conversation)
  }

  async discard(clientId: string): Promise<void> {
    this.#letters.delete(clientId)
    this.#options.changed()
    await (await this.#shelf).drop(clientId)
    this.#others?.postMessage(0)
  }

  /** The words came back as an event before their acknowledgement did. */
  async settled(clientId: string): Promise<void> {
    if (this.#letters.has(clientId)) await this.discard(clientId)
  }

  /** The connection is there again: everything goes now, without waiting out its back-off. */
  async connected(): Promise<void> {
    this.#connected = true
    await this.#refresh()
    for (const letter of this.#letters.values()) letter.next_at = 0
    this.#drainAll()
  }

  disconnected(): void {
    this.#connected = false
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  async #refresh(): Promise<void> {
    const stored = await (await this.#shelf).all()
    const known = this.#letters
    this.#letters = new Map(stored.map((letter) => [letter.client_id, letter]))
    for (const letter of stored) if (!known.has(letter.client_id)) this.#watchLate(letter)
  }

  async #keep(letter: Letter<Body>): Promise<void> {
    await (await this.#shelf).put(letter)
    this.#letters.set(letter.client_id, letter)
    this.#options.changed()
    this.#others?.postMessage(0)
  }

  #drainAll(): void {
    for (const conversation of new Set(this.list().map((letter) => letter.conversation))) {
      void this.#drain(conversation)
    }
  }

  async #drain(conversation: string): Promise<void> {
    const running = this.#running.get(conversation)
    if (running) {
      running.again = true
      return
    }
    const turn = { again: false }
    this.#running.set(conversation, turn)
    try {
      let outcome: Outcome = 'sent'
      while (this.#connected && (outcome === 'sent' || turn.again)) {
        turn.again = false
        const name = `${this.#options.scope}:${conversation}`
        outcome = await alone(name, () => this.#next(conversation))
      }
    } finally {
      this.#running.delete(conversation)
    }
  }

  async #next(conversation: string): Promise<Outcome> {
    const letter = this.list(conversation).find((one) => !one.refused)
    if (!letter || !(await this.#stillStored(letter))) return letter ? 'sent' : 'idle'
    const wait = letter.next_at - Date.now()
    if (wait > 0) {
      this.#later(conversation, wait)
      return 'later'
    }
    const answer = await this.#options.send(letter).catch(() => null)
    return answer?.ok ? this.#delivered(letter, answer) : this.#undelivered(letter, answer?.error)
  }

  /** Another tab may have sent it while this one waited for the lock. */
  async #stillStored(letter: Letter<Body>): Promise<boolean> {
    const stored = await (await this.#shelf).all()
    if (stored.some((one) => one.client_id === letter.client_id)) return true
    this.#letters.delete(letter.client_id)
    this.#options.changed()
    return false
  }

  async #delivered(letter: Letter<Body>, said: Said): Promise<Outcome> {
    this.#options.sent?.(letter, said)
    await this.discard(letter.client_id)
    return 'sent'
  }

  async #undelivered(letter: Letter<Body>, refusal: Refusal | undefined): Promise<Outcome> {
    if (!this.#letters.has(letter.client_id)) return 'sent'
    letter.tries += 1
    if (refusal && !PASSING.has(refusal.code)) {
      await this.#keep({ ...letter, refused: refusal })
      return 'sent'
    }
    const wait = backoff(letter.tries)
    await this.#keep({ ...letter, next_at: Date.now() + wait })
    this.#later(letter.conversation, wait)
    return 'later'
  }

  #later(conversation: string, wait: number): void {
    clearTimeout(this.#timers.get(conversation))
    this.#timers.set(conversation, setTimeout(() => void this.#drain(conversation), wait))
  }

  #watchLate(letter: Letter<Body>): void {
    const wait = letter.since + LATE_MS - Date.now()
    if (wait > 0) setTimeout(() => this.#options.changed(), wait + 50)
  }
}

export function isLate(letter: Letter<unknown>, now: number): boolean {
  return now - letter.since >= LATE_MS
}

/** A random UUID, also on plain http pages where `crypto.randomUUID` is missing. */
export function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte, place) => {
    const marked = place === 6 ? (byte & 15) | 64 : place === 8 ? (byte & 63) | 128 : byte
    return marked.toString(16).padStart(2, '0')
  }).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** One tab at a time. Where there are no Web Locks (plain http) two tabs may send the same words;
 * the server knows them by their `client_id` and stores them once. */
async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work()
  return navigator.locks.request(`dianxiaoer:${name}`, work)
}
