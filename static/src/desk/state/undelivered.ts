/** Messages that a provider did not take, or may not have taken: how many this agent may see, and
 * the list of them while its screen is open. */

import { computed, signal } from '@preact/signals'
import type { Letter } from '../../shared/wire'

export const undelivered = signal(0)
export const letters = signal<readonly Letter[] | 'loading' | 'failed'>('loading')
/** Taken off the list here, and off the server's as soon as it can no longer be undone. */
export const leaving = signal<ReadonlySet<string>>(new Set())

export const shownLetters = computed(() => {
  const all = letters.value
  return typeof all === 'string' ? all : all.filter(({ id }) => !leaving.value.has(id))
})

export const openLetters = computed(() => Math.max(0, undelivered.value - leaving.value.size))
