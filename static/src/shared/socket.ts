/** The socket of `/desk`: one request with one answer on it, and how it is kept open. */

import { signal } from '@preact/signals'
import { io, type Socket } from 'socket.io-client'
import { backoff } from './backoff'
import { boot } from './boot'
import { heedGoodbye } from './farewell'
import { toLogin } from './http'
import type { Ack, DeskEvents, DeskRequests } from './wire'

type Request = keyof DeskRequests
type Asked<R extends Request> = Parameters<DeskRequests[R]>[0]
export type Answered<R extends Request> = Parameters<Parameters<DeskRequests[R]>[1]>[0]

const ANSWER_MS = 10_000
/** A socket that opens and closes before its greeting is noticed by nothing but this. */
const OPEN_MS = 8_000

export const connected = signal(false)

export const socket: Socket<DeskEvents, DeskRequests> = io('/desk', {
  transports: ['websocket'],
  auth: { csrf: boot.csrf },
  autoConnect: false,
  reconnectionDelay: 1_000,
  reconnectionDelayMax: 15_000,
  timeout: OPEN_MS,
})

export interface Connection {
  /** Comes into step; false where that failed, and the connection is tried anew. */
  opened: () => Promise<boolean>
  lost: () => void
  /** The page is looked at again: what was missed meanwhile? */
  woken: () => void
}

let refusals = 0

/** Before it is opened: this page hears of the knowledge only, and makes nobody present. */
export function onlyHear(hears: 'entries'): void {
  socket.auth = { csrf: boot.csrf, hears }
}

/** Opens the connection, and opens it again whenever it is lost. */
export function stayConnected(connection: Connection): void {
  heedGoodbye(socket)
  socket.on('connect', () => void comeIntoStep(connection))
  socket.on('disconnect', (reason) => {
    connected.value = false
    connection.lost()
    if (reason === 'io server disconnect') tryLater()
  })
  socket.on('connect_error', (error) => onRefused(error as Error & { data?: { code?: string } }))
  const wake = (): void => {
    if (socket.connected) connection.woken()
    else socket.disconnect().connect()
  }
  addEventListener('online', wake)
  addEventListener('focus', wake)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) wake() })
  socket.connect()
}

/** Always answers: a lost connection or a silent server is the refusal `unavailable`. */
export function ask<R extends Request>(request: R, data: Asked<R>): Promise<Answered<R>> {
  if (!socket.connected) return Promise.resolve(noAnswer('not connected') as Answered<R>)
  return new Promise((resolve) => {
    const answer = (failed: Error | null, ack: Answered<R>): void => {
      resolve(failed ? noAnswer(failed.message) as Answered<R> : ack)
    }
    const emit = socket.timeout(ANSWER_MS).emit.bind(socket.timeout(ANSWER_MS)) as
      (name: R, data: Asked<R>, ack: typeof answer) => void
    emit(request, data, answer)
  })
}

function noAnswer(message: string): Ack {
  return { ok: false, error: { code: 'unavailable', message } }
}

async function comeIntoStep({ opened }: Connection): Promise<void> {
  if (!(await opened())) {
    if (socket.connected) socket.disconnect()
    tryLater()
    return
  }
  refusals = 0
  connected.value = true
}

function onRefused(error: Error & { data?: { code?: string } }): void {
  if (error.data?.code === 'unauthorized') toLogin()
  else if (!socket.active) tryLater()
}

/** The library tries again by itself after a lost connection, but not after a refusal. */
function tryLater(): void {
  refusals += 1
  setTimeout(() => socket.connect(), backoff(refusals))
}
