/** The one tick of the screen, on the server's clock. */

import { signal } from '@preact/signals'
import type { Time } from './wire'

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
