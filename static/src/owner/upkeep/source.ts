/** The entries that need a hand, in seven lists, and which list is looked at. */

import { computed } from '@preact/signals'
import type { Upkeep, UpkeepLists } from '../../shared/entry-wire'
import { place } from '../address'
import { source } from '../state/source'

export type ListName = keyof UpkeepLists
export type Item<N extends ListName> = UpkeepLists[N][number]

export const SECTION = 'upkeep'
/** What costs answers first; what is only tidying last. */
export const LISTS = [
  'broken', 'few_phrases', 'often_edited', 'never_taken', 'duplicates', 'expiring', 'never_shown',
] as const satisfies readonly ListName[]

export const upkeep = source<Upkeep>(() => '/api/upkeep')

/** All of it is one figure to the links; 0 until it was asked for. */
export const found = computed(() => {
  const counts = upkeep.value.value?.counts
  return counts ? LISTS.reduce((sum, name) => sum + counts[name], 0) : 0
})

/** The one in the address, else the first that has something. */
export const chosen = computed<ListName>(() => {
  const counts = upkeep.value.value?.counts
  const asked = place.value.section === SECTION && LISTS.find((name) => name === place.value.id)
  return asked || LISTS.find((name) => (counts?.[name] ?? 0) > 0) || LISTS[0]
})
