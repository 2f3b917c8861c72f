/** The shopper's side of a talk without its looks: what is said is kept until the server has it,
 * the visitor's token is shared by the shop's tabs, and what was seen is remembered. */

import { Outbox, type Letter } from '../shared/outbox'
import type {
  Message, Order, Page, Product, Rating, SentFile, WidgetAuth, WidgetRequests, WidgetSay,
  WidgetSynced,
} from '../shared/wire'
import { Line } from './line'
import { Memory } from './memory'
import { orderOf, pageNow, productOf } from './page'
import { Talk } from './talk'

/** What is shown while it is on its way: of a file more than its id. */
export type Words = Omit<WidgetSay, 'client_id' | 'file'> & { file?: SentFile }

const TYPING_EVERY_MS = 1_500
const DRAFT_SHOWN = 500

export interface ChatOptions {
  origin: string
  options: DOMStringMap
  changed: () => void
  /** Somebody else's message came by itself. */
  arrived: (message: Message) => void
  /** The shopper asked for a person and nobody is there. */
  nobody: () => void
}

export class Chat {
  readonly talk = new Talk()
  readonly line: Line
  readonly memory: Memory
  product: Product | undefined
  order: Order | undefined
  #outbox: Outbox<Words>
  #options: ChatOptions
  #page: Page
  /** The token of the present connection. */
  #visitor = ''
  #wantsHuman = false
  #readTold = ''
  #typedAt = 0

  constructor(options: ChatOptions) {
    this.#options = options
    const inbox = options.options.inbox ?? ''
    this.memory = new Memory(inbox)
    this.product = productOf(options.options)
    this.order = orderOf(options.options)
    this.#page = pageNow(this.product)
    this.#outbox = new Outbox({
      scope: `widget:${inbox}`, changed: options.changed,
      send: ({ client_id, body: { file, ...body } }) =>
        this.line.ask('say', { client_id, ...body, ...(file && { file: file.id }) }),
      sent: ({ client_id, body }, { id, seq, at }) => this.#echo(
        { kind: 'text', ...body, id, seq, at, client_id, author: { kind: 'shopper' } }),
    })
    this.line = new Line({
      origin: options.origin, talk: this.talk, auth: () => this.#auth(inbox),
      changed: options.changed, synced: (answer) => this.#synced(answer),
      arrived: (message) => this.#arrived(message),
      up: () => this.#up(), down: () => this.#outbox.disconnected(),
    })
    this.memory.onOther((key, value) => {
      if (key === 'visitor' && value && value !== this.#visitor && this.#visitor) this.line.again()
      if (key === 'seen') options.changed()
    })
  }

  /** Words left over from before the page was loaded are sent without waiting for the shopper. */
  async resume(): Promise<void> {
    await this.#outbox.load()
    if (this.memory.get('live') || this.letters().length) this.line.open()
  }

  letters(): Letter<Words>[] {
    return this.#outbox.list()
  }

  say(body: Words): void {
    this.line.open()
    void this.#outbox.put('', body)
  }

  retry(clientId: string): void {
    void this.#outbox.retry(clientId)
  }

  discard(clientId: string): void {
    void this.#outbox.discard(clientId)
  }

  human(): void {
    this.#wantsHuman = true
    if (this.line.state === 'up') this.#askHuman()
  }

  async rate(rating: Rating): Promise<boolean> {
    const done = await this.#done('rate', rating)
    if (done) this.talk.rated = rating.score
    return done
  }

  leave(contact: string, text: string): Promise<boolean> {
    return this.#done('leave', { contact, text })
  }

  /** Tells whoever may answer what is being written; an emptied field is told at once. */
  typing(text: string): void {
    const now = Date.now()
    if (text && now - this.#typedAt < TYPING_EVERY_MS) return
    this.#typedAt = now
    if (this.talk.id) this.line.tell('typing', { text: text.slice(0, DRAFT_SHOWN) })
  }

  /** The shopper has the newest message before their eyes. */
  seen(): void {
    const { id, last, epoch } = this.talk
    if (!id || !last) return
    const here = `${epoch}${id}:${last}`
    if (this.#seenTo() < last) this.memory.set('seen', here)
    if (this.#readTold === here || this.line.state !== 'up') return
    this.#readTold = here
    this.line.tell('read', { seq: last })
  }

  unread(): number {
    return this.talk.unread(this.#seenTo())
  }

  /** Whether the next page of the shop should connect by itself. */
  remember(): void {
    const { id, stage, known } = this.talk
    if (!known) return
    const going = (id && stage !== 'closed') || this.unread() || this.letters().length
    this.memory.set('live', going ? '1' : '')
  }

  /** Shops that change the page without loading it anew: tell the agent where the shopper is. */
  moved(): void {
    this.product = productOf(this.#options.options)
    const page = pageNow(this.product)
    if (JSON.stringify(page) === JSON.stringify(this.#page)) return
    this.#page = page
    if (this.line.state === 'up') this.line.tell('page', page)
    this.#options.changed()
  }

  #seenTo(): number {
    const { id, epoch } = this.talk
    const [talk, seq] = this.memory.get('seen').split(':')
    return talk === `${epoch}${id}` ? Number(seq) : 0
  }

  #auth(inbox: string): WidgetAuth {
    this.#visitor = this.memory.get('visitor')
    const { identity } = this.#options.options
    return {
      inbox, page: this.#page,
      ...(this.#visitor && { visitor: this.#visitor }), ...(identity && { identity }),
    }
  }

  #synced({ visitor, messages }: WidgetSynced): void {
    for (const message of messages) this.#settle(message)
    if (visitor === this.#visitor) return
    const stored = this.memory.get('visitor')
    const otherTab = !this.#visitor && stored && stored !== visitor
    if (otherTab) return this.line.again()
    this.#visitor = visitor
    this.memory.set('visitor', visitor)
  }

  #up(): void {
    this.#readTold = ''
    void this.#outbox.connected()
    this.#askHuman()
    this.moved()
  }

  #askHuman(): void {
    if (!this.#wantsHuman) return
    this.line.ask('human', {}).then((answer) => {
      this.#wantsHuman = !answer.ok
      if (answer.ok && !this.talk.online) this.#options.nobody()
    }, () => undefined)
  }

  #arrived(message: Message): void {
    this.#settle(message)
    if (message.author.kind !== 'shopper') this.#options.arrived(message)
  }

  #settle({ client_id }: Message): void {
    if (client_id) void this.#outbox.settled(client_id)
  }

  /** The acknowledgement came first: it takes the event's place. */
  #echo(message: Message): void {
    if (!this.talk.heard(message)) void this.line.sync()
  }

  async #done<K extends 'rate' | 'leave'>(
    event: K, data: Parameters<WidgetRequests[K]>[0],
  ): Promise<boolean> {
    const answer = await this.line.ask(event, data).catch(() => null)
    return !!answer?.ok
  }
}
