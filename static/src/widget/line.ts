/** The shopper's connection: joins, catches up after each join and every 30 s, and comes back by
 * itself. What arrives goes into the `Talk`; whoever draws is told that something changed. */

import { Fetch, Manager, WebSocket, type Socket } from 'socket.io-client'
import { backoff } from '../shared/backoff'
import { heedGoodbye } from '../shared/farewell'
import type {
  Message, WidgetAuth, WidgetEvents, WidgetRequests, WidgetSynced,
} from '../shared/wire'
import type { Talk } from './talk'

const ACK_MS = 10_000
const POLL_MS = 30_000

type Asked<K extends keyof WidgetRequests> = Parameters<WidgetRequests[K]>[0]
type Answer<K extends keyof WidgetRequests> = Parameters<Parameters<WidgetRequests[K]>[1]>[0]

export interface LineOptions {
  origin: string
  auth: () => WidgetAuth
  talk: Talk
  changed: () => void
  /** A message came by itself, not as an answer to catching up. */
  arrived: (message: Message) => void
  synced: (answer: WidgetSynced) => void
  up: () => void
  down: () => void
}

export class Line {
  /** `cut` had a connection or failed to get one; `refused` was sent away by the server. */
  state: 'idle' | 'connecting' | 'up' | 'cut' | 'refused' = 'idle'
  #socket: Socket<WidgetEvents, WidgetRequests>
  #options: LineOptions
  #transports = [WebSocket, Fetch]
  #worked = false
  #syncing = false
  #again = false
  #tries = 0
  #retry = 0

  constructor(options: LineOptions) {
    this.#options = options
    this.#socket = new Manager<WidgetEvents, WidgetRequests>(options.origin, {
      path: '/socket.io', transports: this.#transports, tryAllTransports: true,
      autoConnect: false, reconnectionDelayMax: POLL_MS, timeout: ACK_MS,
    }).socket('/widget', { auth: (give) => give(options.auth()) })
    this.#listen()
  }

  /** Does nothing after the first call. */
  open(): void {
    if (this.state !== 'idle') return
    this.#become('connecting')
    this.#socket.connect()
    setInterval(() => this.#look(), POLL_MS)
    addEventListener('focus', () => this.#look())
    addEventListener('online', () => this.again())
    document.addEventListener('visibilitychange', () => document.hidden || this.#look())
  }

  /** A new connection now, also with another visitor token than before. */
  again(): void {
    clearTimeout(this.#retry)
    this.#socket.disconnect().connect()
  }

  /** Rejects when no answer came. */
  ask<K extends keyof WidgetRequests>(event: K, data: Asked<K>): Promise<Answer<K>> {
    if (!this.#socket.connected) return Promise.reject(new Error('line: not connected'))
    const socket = this.#socket.timeout(ACK_MS) as unknown as {
      emitWithAck(event: K, data: Asked<K>): Promise<Answer<K>>
    }
    return socket.emitWithAck(event, data)
  }

  /** For what may get lost, such as typing. */
  tell<K extends keyof WidgetRequests>(event: K, data: Asked<K>): void {
    this.ask(event, data).catch(() => undefined)
  }

  /** Asks for everything after the last message held, page by page (R9). */
  async sync(): Promise<void> {
    this.#again = true
    if (this.#syncing) return
    this.#syncing = true
    try {
      while (this.#again && this.#socket.connected) {
        this.#again = false
        await this.#syncOnce()
      }
    } finally {
      this.#syncing = false
      this.#options.changed()
    }
  }

  async #syncOnce(): Promise<void> {
    const { talk } = this.#options
    const { id } = this.#socket
    const { last: after, epoch } = talk
    const answer = await this.ask('sync', { after, ...(epoch && { epoch }) }).catch(() => null)
    if (id !== this.#socket.id) return
    if (!answer) return this.again()
    if (!answer.ok) {
      this.#retry = setTimeout(() => void this.sync(), backoff((this.#tries += 1)))
      return
    }
    this.#again = talk.synced(answer) !== 'done' || this.#again
    this.#options.synced(answer)
    if (this.#again || this.state === 'up') return
    this.#tries = 0
    this.#become('up')
    this.#options.up()
  }

  #listen(): void {
    const { talk, changed, arrived } = this.#options
    const socket = this.#socket
    heedGoodbye(socket)
    socket.on('connect', () => {
      this.#worked = true
      void this.sync()
    })
    socket.on('disconnect', (reason) => {
      this.#lost(reason === 'io server disconnect')
    })
    socket.on('connect_error', () => {
      /* Polling is for networks that block WebSockets; some refuse them, some let them hang. */
      if (!this.#worked) this.#transports.reverse()
      this.#lost(!socket.active)
    })
    socket.on('message', (message) => {
      const fresh = message.seq > talk.last
      if (!talk.heard(message)) void this.sync()
      if (fresh) arrived(message)
      changed()
    })
    socket.on('conversation', (change) => {
      talk.changed(change)
      changed()
    })
    socket.on('typing', () => {
      talk.typing()
      changed()
    })
    socket.on('read', ({ seq }) => {
      talk.readTo(seq)
      changed()
    })
    socket.on('recalled', ({ seq }) => {
      talk.recalled(seq)
      changed()
    })
    socket.on('resync', () => {
      talk.startAnew()
      void this.sync()
    })
  }

  /** The library comes back by itself from a cut; after a refusal we have to. */
  #lost(refused: boolean): void {
    this.#options.down()
    this.#become(refused ? 'refused' : 'cut')
    if (!refused) return
    this.#tries += 1
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#socket.connect(), backoff(this.#tries))
  }

  #look(): void {
    if (this.#socket.connected) void this.sync()
    else if (navigator.onLine && !document.hidden && !this.#socket.active) this.#socket.connect()
  }

  #become(state: Line['state']): void {
    this.state = state
    this.#options.changed()
  }
}
