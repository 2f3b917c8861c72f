/** What is open stands in the address: `#ID` of an inbox, `#new/KIND` of one that is being made. */

import { signal } from '@preact/signals'

const NEW = 'new/'

/** The key of its draft, too; empty where nothing is open. */
export const opened = signal(read())

export const newOf = (kind: string): string => `${NEW}${kind}`
export const kindOfNew = (key: string): string | undefined =>
  key.startsWith(NEW) ? key.slice(NEW.length) : undefined

export function open(key: string): void {
  if (key !== opened.peek()) history.pushState(null, '', `#${key}`)
  opened.value = key
}

export function followAddress(): void {
  addEventListener('popstate', () => { opened.value = read() })
  addEventListener('hashchange', () => { opened.value = read() })
}

function read(): string {
  return location.hash.slice(1)
}
