/** Which section is open and what in it, as the address says: `#entries/fahuo`. */

import { signal } from '@preact/signals'

export interface Place {
  section: string
  /** What is open there; empty for nothing. */
  id: string
}

export const place = signal<Place>(read())

/** The address of a place, for links. */
export function where(section: string, id = ''): string {
  return `#${section}${id && `/${encodeURIComponent(id)}`}`
}

/** Goes there; `quiet` leaves no step to come back to. */
export function go(section: string, id = '', { quiet = false } = {}): void {
  const to = where(section, id)
  if (to === location.hash) return
  history[quiet ? 'replaceState' : 'pushState'](null, '', to)
  place.value = { section, id }
}

export function followAddress(): void {
  const follow = (): void => { place.value = read() }
  addEventListener('popstate', follow)
  addEventListener('hashchange', follow)
}

function read(): Place {
  const [section = '', id = ''] = location.hash.slice(1).split('/')
  return { section: section || 'entries', id: decoded(id) }
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
