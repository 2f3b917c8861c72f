/** JSON over HTTP, beside the socket: history, customer cards, phrases, signing out. */

import type { HttpRefused, Refusal } from '../shared/wire'
import { boot } from './boot'
import { setClock } from './state/clock'

export class HttpError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message)
  }
}

export async function get<T>(path: string): Promise<T> {
  return request<T>(path, { headers: { accept: 'application/json' } })
}

export async function post<T>(
  path: string, body: object = {}, how: { keepalive?: boolean } = {},
): Promise<T> {
  return request<T>(path, {
    ...how, method: 'POST',
    headers: {
      accept: 'application/json', 'content-type': 'application/json', 'X-CSRF-Token': boot.csrf,
    },
    body: JSON.stringify(body),
  })
}

export function toLogin(): void {
  location.assign(`/login?next=${encodeURIComponent('/desk')}`)
}

async function request<T>(path: string, options: RequestInit): Promise<T> {
  const answer = await fetch(path, { ...options, credentials: 'same-origin' }).catch(() => null)
  if (!answer) throw new HttpError({ code: 'unavailable', message: 'no connection' })
  setClock(answer.headers.get('date'))
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T
  if (answer.status === 401) toLogin()
  const told = await answer.json().catch(() => null) as HttpRefused | null
  throw new HttpError((told?.error as Refusal | undefined)
    ?? { code: 'unavailable', message: `status ${answer.status}` })
}
