/** Whether an entry is used now, and if not, why (pure). */

import { dayOf, isValid } from '../../../shared/finding'
import type { Entry } from '../../../shared/wire'

export type Standing = 'valid' | 'expiring' | 'upcoming' | 'expired' | 'disabled'

/** So many days before its last one an entry is about to end. */
const SOON_DAYS = 14
const DAY_MS = 86_400_000

export interface Days { today: string; soon: string }

export function days(now = new Date()): Days {
  return { today: dayOf(now), soon: dayOf(new Date(now.getTime() + SOON_DAYS * DAY_MS)) }
}

export function standing(entry: Entry, { today, soon }: Days): Standing {
  if (!entry.enabled) return 'disabled'
  if (isValid(entry, today)) return entry.valid_to && entry.valid_to <= soon ? 'expiring' : 'valid'
  return entry.valid_from && entry.valid_from > today ? 'upcoming' : 'expired'
}
