/** On a phone one column is in sight at a time. */

import { computed, signal } from '@preact/signals'
import { place } from '../../address'

/** The categories were asked for. */
export const treeShown = signal(false)

export const column = computed(() => {
  if (treeShown.value) return 'tree'
  return place.value.id ? 'editor' : 'list'
})
