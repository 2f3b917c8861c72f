/** Which entries are listed: those of a category, in a state, with the words that were typed. */

import { computed, signal } from '@preact/signals'
import { findIn } from '../../../shared/finding'
import type { Entry } from '../../../shared/wire'
import { shelf } from '../../state/shelf'
import { days, standing, type Standing } from './standing'

export const FILTERS = [
  'all', 'valid', 'expiring', 'upcoming', 'expired', 'disabled', 'hot', 'personal',
] as const
export type Filter = typeof FILTERS[number]

export const wanted = signal('')
/** A path such as `物流/发货`; null is all, empty those without one. */
export const category = signal<string | null>(null)
export const filter = signal<Filter>('all')

/** How many there are of each, whatever else is asked. */
export const filterCounts = computed(() => {
  const counts = new Map<Filter, number>(FILTERS.map((one) => [one, 0]))
  const when = days()
  const more = (one: Filter): void => void counts.set(one, (counts.get(one) ?? 0) + 1)
  for (const entry of shelf.value) {
    more('all')
    const now = standing(entry, when)
    if (now === 'expiring') more('valid')
    more(now)
    if (entry.hot) more('hot')
    if (isPersonal(entry)) more('personal')
  }
  return counts
})

export const found = computed<readonly Entry[]>(() => {
  const when = days()
  const listed = shelf.value.filter((entry) =>
    isIn(entry, category.value) && passes(entry, filter.value, standing(entry, when)))
  return wanted.value.trim() ? findIn(listed, wanted.value) : listed
})

export const isFiltered = computed(() =>
  wanted.value.trim() !== '' || category.value !== null || filter.value !== 'all')

export function showAll(): void {
  wanted.value = ''
  category.value = null
  filter.value = 'all'
}

export function isIn({ category: path }: Entry, wish: string | null): boolean {
  if (wish === null) return true
  return path === wish || (wish !== '' && path.startsWith(`${wish}/`))
}

/** Written by an agent for themselves. */
export function isPersonal(entry: Entry): boolean {
  return (entry as { personal?: boolean }).personal === true
}

function passes(entry: Entry, wish: Filter, now: Standing): boolean {
  switch (wish) {
    case 'all': return true
    case 'hot': return entry.hot
    case 'personal': return isPersonal(entry)
    case 'valid': return now === 'valid' || now === 'expiring'
    default: return now === wish
  }
}
