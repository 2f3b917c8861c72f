/** Opening an entry, a new one, or none. */

import { notify } from '../../shared/notices'
import type { Entry } from '../../shared/wire'
import { go } from '../address'
import { byId } from '../state/shelf'
import { discard, keep, NEW, startNew } from './state/drafts'
import { category } from './state/filter'
import { t } from './words'

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

/** A new entry that has these already; one that was begun before can be had back. */
export function newEntryFrom(fields: Partial<Entry>): void {
  const begun = discard(NEW)
  startNew(fields, { anew: true })
  go(SECTION, NEW)
  if (!begun) return
  notify({
    kind: 'done', text: t('begunAside'),
    action: { label: t('bringBack'), run: () => keep(NEW, begun) },
  })
}

/** A copy to change, without what there can be only once. */
export function duplicate(id: string): void {
  const entry = byId.peek().get(id)
  if (!entry) return
  startNew({ ...entry, shortcut: null }, { anew: true })
  go(SECTION, NEW)
}
