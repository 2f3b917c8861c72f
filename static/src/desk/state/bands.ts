/** The bands that an unanswered time is read in. */

import { secondsSince } from '../../shared/clock'
import type { Time } from '../../shared/wire'

export type Band = 'fresh' | 'warn' | 'late' | 'overdue'

const WARN_S = 30
const LATE_S = 100
const OVERDUE_S = 180

export function band(seconds: number): Band {
  if (seconds < WARN_S) return 'fresh'
  if (seconds < LATE_S) return 'warn'
  return seconds < OVERDUE_S ? 'late' : 'overdue'
}

export function isLate(at: Time, moment: number): boolean {
  return secondsSince(at, moment) >= LATE_S
}
