/** What the shop's own use has taught, and forgetting it. */

import { computed, signal } from '@preact/signals'
import type { Learnt } from '../../shared/entry-wire'
import { post, remove } from '../../shared/http'
import { failed, undoable } from '../entries/state/undoing'
import { source } from '../state/source'
import { t } from './words'

export const ORDERS = ['lift', 'shown', 'rate', 'rejected'] as const
export type Order = typeof ORDERS[number]

export const learning = source<Learnt>(() => '/api/learning')
export const order = signal<Order>('lift')

/** What moves most, either way, first. */
export const ranked = computed(() => {
  const by = order.value
  return [...learning.value.value?.items ?? []]
    .sort((one, other) => Math.abs(other[by]) - Math.abs(one[by]))
})

export async function forget(): Promise<void> {
  try {
    await remove('/api/learning')
  } catch (reason) {
    failed(reason)
    return
  } finally {
    void learning.load()
  }
  undoable(t('forgotten'), remember)
}

/** Nothing was deleted: all of it counts again. */
export async function remember(): Promise<void> {
  await post('/api/learning/restore')
  await learning.load()
}
