/** JSON over HTTP, as the console's pages speak it with the server. */

import { boot } from './boot'
import { setClock } from './clock'
import type { HttpRefused, Refusal } from './wire'

/** The server's refusal; without an answer at all it is `unavailable`, and its status 0. */
export class HttpError extends Error {
  constructor(readonly refusal: Refusal, readonly status = 0) {
    super(refusal.message)
  }
}

interface How { keepalive?: boolean; signal?: AbortSignal }
/** `revision`: the one that was changed; another one by now is a conflict. */
interface Change extends How { revision?: number }

export async function get<T>(path: string, how: How = {}): Promise<T> {
  return request<T>(path, { ...how, headers: { accept: 'application/json' } })
}

export async function post<T>(path: string, body: object = {}, how: Change = {}): Promise<T> {
  return request<T>(path, change('POST', body, how))
}

export async function put<T>(path: string, body: object, how: Change = {}): Promise<T> {
  return request<T>(path, change('PUT', body, how))
}

export async function patch<T>(path: string, body: object, how: Change = {}): Promise<T> {
  return request<T>(path, change('PATCH', body, how))
}

export async function remove<T = void>(path: string, how: Change = {}): Promise<T> {
  return request<T>(path, change('DELETE', undefined, how))
}

/** Sends a file as it is. */
export async function upload<T>(path: string, file: Blob, how: How = {}): Promise<T> {
  return request<T>(path, whole(file, how))
}

/** Sends a file and hears the answer line by line, each JSON, as they come. */
export async function uploadForLines<T>(
  path: string, file: Blob, hear: (line: T) => void,
): Promise<void> {
  const answer = await answered(path, whole(file, {}))
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const piece = await reader?.read().catch(() => { throw cutOff() })
    if (!piece || piece.done) return
    const lines = (rest + piece.value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line) hear(JSON.parse(line) as T)
  }
}

/** To sign in, and back to this page. */
export function toLogin(): void {
  location.assign(`/login?next=${encodeURIComponent(location.pathname)}`)
}

function change(method: string, body: object | undefined, how: Change): RequestInit {
  const { revision, ...rest } = how
  return {
    ...rest, method,
    headers: {
      accept: 'application/json', 'X-CSRF-Token': boot.csrf,
      ...(body && { 'content-type': 'application/json' }),
      ...(revision && { 'If-Match': `"${revision}"` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }
}

function whole(file: Blob, how: How): RequestInit {
  return {
    ...how, method: 'POST', body: file,
    headers: {
      accept: 'application/json', 'X-CSRF-Token': boot.csrf,
      'content-type': file.type || 'application/octet-stream',
    },
  }
}

function cutOff(): HttpError {
  return new HttpError({ code: 'unavailable', message: 'no connection' })
}

async function request<T>(path: string, options: RequestInit): Promise<T> {
  const answer = await answered(path, options)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

async function answered(path: string, options: RequestInit): Promise<Response> {
  const answer = await fetch(path, { ...options, credentials: 'same-origin' })
    .catch((reason: unknown) => {
      if (options.signal?.aborted) throw reason
      return null
    })
  if (!answer) throw cutOff()
  setClock(answer.headers.get('date'))
  if (answer.ok) return answer
  if (answer.status === 401) toLogin()
  const told = await answer.json().catch(() => null) as HttpRefused | null
  throw new HttpError((told?.error as Refusal | undefined)
    ?? { code: 'unavailable', message: `status ${answer.status}` }, answer.status)
}
