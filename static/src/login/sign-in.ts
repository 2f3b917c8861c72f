/** The one request of this page, and where it leads. */

import type { Phrase } from './words'

const REFUSALS: Readonly<Record<number, Phrase>> = {
  400: 'wrong', 401: 'wrong', 403: 'wrong', 429: 'tooOften', 503: 'unreachable',
}

/** The phrase to show, or null when the session cookie is set. */
export async function signIn(name: string, password: string): Promise<Phrase | null> {
  const answer = await fetch('/api/login', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  }).catch(() => null)
  if (!answer) return 'unreachable'
  return answer.ok ? null : REFUSALS[answer.status] ?? 'failed'
}

/** Only a path of this site: `next` comes from the address and could name another one. */
export function destination(next: string | undefined): string {
  const home = '/desk'
  if (!next?.startsWith('/')) return home
  const { origin, pathname, search, hash } = new URL(next, location.origin)
  return origin === location.origin ? pathname + search + hash : home
}
