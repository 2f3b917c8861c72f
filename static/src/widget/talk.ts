/** The shopper's view of the talk: messages by their gap-free `seq`, and what the server last said
 * about the conversation. Knows no socket and no page (R9–R11, R13–R15). */

import type {
  HotQuestion, Message, Queue, Stage, WidgetChange, WidgetSynced,
} from '../shared/wire'

export type Step = 'done' | 'more' | 'again'
const TYPING_MS = 6_000

export class Talk {
  /** Of conversations before this one, as far as this page has seen them. */
  earlier: Message[] = []
  messages: Message[] = []
  last = 0
  known = false
  id: string | null = null
  /** Which history the numbers belong to: another one after the shop restored a backup. */
  epoch = ''
  stage: Stage = 'robot'
  agent = ''
  queue: Queue | null = null
  rated = 0
  /** The highest of our messages that an agent has read. */
  read = 0
  online = false
  greeting = ''
  hot: HotQuestion[] = []
  shop = ''
  typingUntil = 0
  #held = new Map<number, Message>()
  /** The conversation whose messages are asked for anew, and shown until the answer comes. */
  #stale: string | null | undefined

  /** `more`: ask on from the new `last`. `again`: another conversation than the one held. */
  synced(answer: WidgetSynced): Step {
    const { conversation, epoch } = answer
    const other = this.epoch && epoch !== this.epoch
    this.known = true
    this.greeting = answer.greeting
    this.hot = answer.hot
    this.shop = answer.shop.name
    this.online = answer.online
    if (this.last && (other || conversation.id !== this.id || conversation.last_seq < this.last)) {
      this.startAnew()
      return 'again'
    }
    /* Asked before everything was begun anew: it does not go on from what is held. */
    if ((answer.messages[0]?.seq ?? conversation.last_seq + 1) > this.last + 1) return 'again'
    if (other) this.earlier = []
    if (this.#stale !== undefined) {
      if (!other && this.#stale && this.#stale !== conversation.id) this.earlier = this.all()
      this.messages = []
      this.#stale = undefined
    }
    this.epoch = epoch
    this.id = conversation.id
    this.stage = conversation.stage
    this.agent = conversation.agent?.name ?? ''
    this.queue = conversation.queue ?? null
    this.rated = conversation.rated?.score ?? 0
    this.read = Math.max(this.read, answer.read)
    for (const message of answer.messages) this.heard(message)
    return answer.more ? 'more' : 'done'
  }

  /** Takes a message in; false when the server has to be asked: one before it is missing, the
   * numbers are another conversation's, or the first words have just begun one. */
  heard(message: Message): boolean {
    if (message.seq <= this.last) {
      return this.messages.some((known) => known.seq === message.seq && known.id === message.id)
    }
    this.#held.set(message.seq, message)
    if (this.#stale !== undefined) return false
    for (let next; (next = this.#held.get(this.last + 1)); ) {
      this.#held.delete(next.seq)
      this.messages.push(next)
      this.last = next.seq
      if (next.author.kind !== 'shopper') this.typingUntil = 0
    }
    return this.last >= message.seq && this.id !== null
  }

  changed({ stage, agent, queue, online }: WidgetChange): void {
    if (stage) this.stage = stage
    this.typingUntil = 0
    if (agent !== undefined) this.agent = agent?.name ?? ''
    if (queue !== undefined || this.stage !== 'waiting') this.queue = queue ?? null
    if (online !== undefined) this.online = online
  }

  recalled(seq: number): void {
    this.messages = this.messages.map((message) =>
      message.seq === seq ? { ...message, text: '', recalled: true } : message)
  }

  readTo(seq: number): void {
    this.read = Math.max(this.read, Math.min(seq, this.last))
  }

  typing(): void {
    this.typingUntil = Date.now() + TYPING_MS
  }

  /** Everything is asked for anew; the unsent words are kept elsewhere (R13). */
  startAnew(): void {
    if (this.#stale === undefined) this.#stale = this.id
    this.last = this.read = this.rated = 0
    this.id = null
    this.#held.clear()
  }

  all(): Message[] {
    return [...this.earlier, ...this.messages]
  }

  unread(seen: number): number {
    return this.messages.filter(
      ({ seq, author, kind }) => seq > seen && author.kind !== 'shopper' && kind !== 'event',
    ).length
  }
}
