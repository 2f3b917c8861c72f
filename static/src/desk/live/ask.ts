/** The socket of `/desk`, and one request with one answer on it. */

import { signal } from '@preact/signals'
import { io, type Socket } from 'socket.io-client'
import type { Ack, DeskEvents, DeskRequests } from '../../shared/wire'
import { boot } from '../boot'

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
