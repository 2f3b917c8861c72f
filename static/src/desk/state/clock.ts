/** The one tick of the screen, on the server's clock, and the bands of waiting it is read in. */

import { signal } from '@preact/signals'
import type { Time } from '../../shared/wire'

export type Band = 'fresh' | 'warn' | 'late' | 'overdue'

const WARN_S = 30
const LATE_S = 100
const OVERDUE_S = 180
/** `Date` headers are whole seconds and travel; smaller differences are noise. */
const NOISE_MS = 2_000

let offset = 0

/** Milliseconds of server time, once a second. */
export const now = signal(Date.now())

export function serverTime(): number {
  return Date.now() + offset
}

/** Takes the server's clock from an HTTP answer: the agent's own may be minutes off. */
export function setClock(date: string | null): void {
  const there = date ? Date.parse(date) + 500 : NaN
  if (Number.isNaN(there)) return
  const apart = there - Date.now()
  offset = Math.abs(apart) < NOISE_MS ? 0 : apart
}

export function startClock(): void {
  setInterval(() => { now.value = serverTime() }, 1_000)
}

export function secondsSince(at: Time, moment: number): number {
  return Math.max(0, (moment - Date.parse(at)) / 1_000)
}

export function band(seconds: number): Band {
  if (seconds < WARN_S) return 'fresh'
  if (seconds < LATE_S) return 'warn'
  return seconds < OVERDUE_S ? 'late' : 'overdue'
}

export function isLate(at: Time, moment: number): boolean {
  return secondsSince(at, moment) >= LATE_S
}
