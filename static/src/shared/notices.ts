/** Short notices: what failed or was done (seen), and what arrived (for screen readers). */

import { signal } from '@preact/signals'

export interface Notice {
  id: number
  text: string
  kind: 'done' | 'failed'
  action?: { label: string; run: () => void }
}

const SHOWN_MS = 6_000

export const notices = signal<readonly Notice[]>([])
export const announcement = signal('')

let last = 0

export function notify(notice: Omit<Notice, 'id'>): number {
  const id = ++last
  notices.value = [...notices.peek().slice(-2), { ...notice, id }]
  setTimeout(() => dismiss(id), SHOWN_MS)
  return id
}

export function dismiss(id: number): void {
  notices.value = notices.peek().filter((notice) => notice.id !== id)
}

export function announce(text: string): void {
  announcement.value = text
}
