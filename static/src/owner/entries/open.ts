/** Opening an entry, a new one, or none. */

import { go } from '../address'
import { byId } from '../state/shelf'
import { NEW, startNew } from './state/drafts'
import { category } from './state/filter'

export const SECTION = 'entries'

export function openEntry(id: string): void {
  go(SECTION, id)
}

export function closeEntry(): void {
  go(SECTION)
}

export function newEntry(): void {
  startNew({ category: category.peek() ?? '' })
  go(SECTION, NEW)
  requestAnimationFrame(() => document.getElementById('field-question')?.focus())
}

/** A copy to change, without what there can be only once. */
export function duplicate(id: string): void {
  const entry = byId.peek().get(id)
  if (!entry) return
  startNew({ ...entry, shortcut: null }, { anew: true })
  go(SECTION, NEW)
}
