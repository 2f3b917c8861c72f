/** From where on suggestions are shown and sure: what holds, what the log would have, and setting it,
 * each time with the way back. */

import { computed, signal } from '@preact/signals'
import type { Gates } from '../../shared/entry-wire'
import { HttpError, put, remove } from '../../shared/http'
import type { Limits } from '../../shared/wire'
import { same } from '../entries/fields'
import { failed, undoable } from '../entries/state/undoing'
import { source } from '../state/source'
import { t } from './words'

export const NAMES = ['show', 'sure', 'lead'] as const

export const gates = source<Gates>(() => '/api/gates')
/** In per cent, as they are typed; null until they are. */
export const typed = signal<Readonly<Record<keyof Limits, string>> | null>(null)
export const saving = signal(false)

export const texts = computed(() => {
  const now = gates.value.value?.gates
  return typed.value ?? (now && inPercent(now))
})

/** What is typed, where it makes sense, or why it does not. */
export const wanted = computed<Limits | 'no share' | 'sure below show' | null>(() => {
  if (!texts.value) return null
  const { show, sure, lead } = texts.value
  const all = [show, sure, lead].map((text) => text.trim() === '' ? NaN : Number(text) / 100)
  if (all.some((share) => !(share >= 0 && share <= 1))) return 'no share'
  const [one = 0, other = 0, third = 0] = all.map((share) => Math.round(share * 1e4) / 1e4)
  return other < one ? 'sure below show' : { show: one, sure: other, lead: third }
})

/** The log's own, unless they hold already. */
export const proposed = computed(() => {
  const state = gates.value.value
  return state?.fitted && !same(state.fitted, state.gates) ? state.fitted : null
})

export const isShipped = computed(() => {
  const state = gates.value.value
  return !state || same(state.gates, state.shipped)
})

export async function set(limits: Limits): Promise<void> {
  await change(() => put<Gates>('/api/gates', limits), t('limitsSet'))
}

export async function reset(): Promise<void> {
  await change(() => remove<Gates>('/api/gates'), t('limitsReset'))
}

export function inPercent(limits: Limits): Record<keyof Limits, string> {
  const text = (share: number): string => String(Math.round(share * 1e4) / 100)
  return { show: text(limits.show), sure: text(limits.sure), lead: text(limits.lead) }
}

async function change(work: () => Promise<Gates>, told: string): Promise<void> {
  const before = gates.value.peek()
  if (!before || saving.peek()) return
  saving.value = true
  try {
    await work()
    typed.value = null
  } catch (reason) {
    if (!(reason instanceof HttpError)) throw reason
    failed(reason)
    return
  } finally {
    saving.value = false
    await gates.load()
  }
  undoable(told, async () => {
    if (same(before.gates, before.shipped)) await remove('/api/gates')
    else await put('/api/gates', before.gates)
    await gates.load()
  })
}
