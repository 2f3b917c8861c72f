/** The messages held in memory, one gap-free run per conversation (R11, R14). */

import { signal } from '@preact/signals'
import type { Message } from '../../shared/wire'

/** A message as it is shown: a failed delivery says why, in the agent's language. */
export interface Held extends Message { reason?: string }
/** `undefined` takes a value away. */
export type Change = { [K in keyof Held]?: Held[K] | undefined }
export type Fate = 'applied' | 'double' | 'gap'
/** Talks kept ready; the one not looked at for longest makes room. */
const HELD = 40

export class Thread {
  readonly messages = signal<readonly Held[]>([])
  readonly state = signal<'loading' | 'ready' | 'failed'>('loading')
  readonly olderLoading = signal(false)
  /** Its rows are of another history, shown until those of the present one are there, which
   * nobody has asked for yet. */
  stale = false
  #ahead = new Map<number, Message>()
  /** Places filled from an acknowledgement until the event itself arrives. */
  #echoes = new Set<number>()

  get last(): number {
    return this.messages.peek().at(-1)?.seq ?? 0
  }

  get first(): number {
    return this.messages.peek()[0]?.seq ?? 1
  }

  /** Sequence numbers start at 1 and have no gaps. */
  get complete(): boolean {
    return this.first === 1
  }

  start(messages: readonly Message[]): void {
    this.messages.value = messages
    this.#echoes.clear()
    this.state.value = 'ready'
    this.#closeRanks()
  }

  apply(message: Message): Fate {
    if (this.state.peek() !== 'ready') {
      this.#ahead.set(message.seq, message)
      return 'applied'
    }
    if (message.seq <= this.last) return this.#replaceEcho(message)
    if (message.seq > this.last + 1) {
      this.#ahead.set(message.seq, message)
      return 'gap'
    }
    this.messages.value = [...this.messages.peek(), message]
    this.#closeRanks()
    return 'applied'
  }

  /** The sender's own words, from the acknowledgement that came before the event. */
  echo(message: Message): Fate {
    if (this.state.peek() === 'ready' && message.seq <= this.last) return 'double'
    this.#echoes.add(message.seq)
    return this.apply(message)
  }

  expire(): void {
    this.stale = true
    this.state.value = 'loading'
    this.#ahead.clear()
    this.#echoes.clear()
  }

  prepend(older: readonly Message[]): void {
    const fitting = older.filter((message) => message.seq < this.first)
    this.messages.value = [...fitting, ...this.messages.peek()]
  }

  change(seq: number, change: Change): void {
    this.messages.value = this.messages.peek().map((message) =>
      message.seq === seq ? { ...message, ...change } as Held : message)
  }

  /** Where `sync` is asked to go on from: before a file that is still on its way, for nobody says
   * again that it has come. */
  get settled(): number {
    const waiting = this.messages.peek().find(({ media }) => media?.state === 'pending')
    return waiting ? waiting.seq - 1 : this.last
  }

  #replaceEcho(message: Message): Fate {
    const held = this.messages.peek().find(({ seq }) => seq === message.seq)
    const waited = held?.media?.state === 'pending'
    if (this.#echoes.delete(message.seq)) this.change(message.seq, message)
    else if (waited) this.change(message.seq, { media: undefined, ...message })
    return 'double'
  }

  #closeRanks(): void {
    for (const seq of [...this.#ahead.keys()].sort((one, other) => one - other)) {
      const message = this.#ahead.get(seq)
      if (seq > this.last + 1 || !message) return
      this.#ahead.delete(seq)
      if (seq === this.last + 1) this.messages.value = [...this.messages.peek(), message]
    }
  }
}

const threads = new Map<string, Thread>()
/** Changes whenever a thread comes or goes. */
export const threadsHeld = signal(0)

export function threadOf(id: string): Thread | undefined {
  return threads.get(id)
}

/** Holds one more thread, and marks it as the one used last. */
export function holdThread(id: string): Thread {
  const thread = threads.get(id) ?? new Thread()
  thread.stale = false
  threads.delete(id)
  threads.set(id, thread)
  const oldest = threads.keys().next().value
  if (threads.size > HELD && oldest !== undefined) threads.delete(oldest)
  threadsHeld.value += 1
  return thread
}

export function dropThread(id: string): void {
  if (threads.delete(id)) threadsHeld.value += 1
}

/** Nothing goes on from numbers of another history; the talk in sight keeps its rows for now. */
export function expireThreads(shown: string | null): void {
  for (const [id, thread] of [...threads]) {
    if (id === shown) thread.expire()
    else threads.delete(id)
  }
  threadsHeld.value += 1
}

/** Where each held thread ends: what `sync` is asked to go on from. */
export function cursors(): Record<string, number> {
  return Object.fromEntries(
    [...threads].filter(([, thread]) => thread.state.peek() === 'ready')
      .map(([id, thread]) => [id, thread.settled]))
}
