/** The shop's phrases and one's own: loaded whole, kept up to date, found by shortcut, initials or
 * words. */

import { batch, computed, signal } from '@preact/signals'
import { now } from '../../shared/clock'
import { dayOf, findIn, isValid, warm } from '../../shared/finding'
import { get, HttpError } from '../../shared/http'
import { kept } from '../../shared/kept'
import type { Entry, EntryList } from '../../shared/wire'
import { timesUsed } from './usage'

/** A shelf of the tree: `物流/发货` stands under `物流`. */
export interface Category {
  name: string
  count: number
  entries: readonly Entry[]
  under: readonly Category[]
}
export type Whose = 'team' | 'mine'

/** Several changes that come at once are fetched once. */
const GATHER_MS = 300
/** More are not asked for one by one. */
const FEW = 10

export const entries = signal<readonly Entry[]>([])
export const entriesState = signal<'loading' | 'ready' | 'failed'>('loading')
export const phraseOrder = kept<'shop' | 'use'>('phrase-order', 'shop', ['shop', 'use'])

const today = computed(() => dayOf(new Date(now.value)))
const usable = computed(() => {
  const weekday = (new Date(`${today.value}T12:00`).getDay() + 6) % 7 + 1
  return entries.value.filter((entry) => entry.enabled && isValid(entry, today.value)
    && (entry.weekdays.length === 0 || entry.weekdays.includes(weekday)))
})

export const team = computed(() => usable.value.filter(({ personal }) => !personal))
export const mine = computed(() => usable.value.filter(({ personal }) => personal))
export const categories = computed(() => tree(team.value, 0))
export const categoryNames = computed(() =>
  [...new Set(entries.value.map(({ category }) => category))].filter(Boolean))

const changed = new Set<string>()
let whole = false
let gathering: ReturnType<typeof setTimeout> | undefined

export async function loadEntries(): Promise<void> {
  try {
    entries.value = (await get<EntryList>('/api/entries')).items
    entriesState.value = 'ready'
    warm(entries.peek())
  } catch {
    if (entriesState.peek() !== 'ready') entriesState.value = 'failed'
  }
}

/** The entries named were written, or without names any of them. */
export function entriesChanged(ids?: readonly string[]): void {
  if (ids) ids.forEach((id) => changed.add(id))
  else whole = true
  clearTimeout(gathering)
  gathering = setTimeout(() => void catchUp(), GATHER_MS)
}

/** What was just saved, without waiting for the list. */
export function putEntry(entry: Entry): void {
  const all = entries.peek()
  const known = all.find(({ id }) => id === entry.id)
  if (known?.revision === entry.revision) return
  entries.value = known ? all.map((one) => one === known ? entry : one) : [...all, entry]
}

export function dropEntry(id: string): void {
  entries.value = entries.peek().filter((entry) => entry.id !== id)
}

/** The best first, one's own before the team's; without a wish, those that have a shortcut. */
export function findEntries(wanted: string): Entry[] {
  return [...findAmong(mine.value, wanted), ...findAmong(team.value, wanted)]
}

export function findAmong(some: readonly Entry[], wanted: string): Entry[] {
  return wanted.trim() ? findIn(some, wanted) : [...some].sort(byShortcut)
}

/** As the agent wants them: in the owner's order, or what is said most first. */
export function inOrder(some: readonly Entry[]): readonly Entry[] {
  if (phraseOrder.value === 'shop') return some
  return [...some].sort((one, other) => timesUsed(other.id) - timesUsed(one.id))
}

async function catchUp(): Promise<void> {
  const ids = [...changed]
  const all = whole || ids.length > FEW || entriesState.peek() !== 'ready'
  changed.clear()
  whole = false
  if (all) return loadEntries()
  try {
    const found = await Promise.all(ids.map(fetchOne))
    batch(() => found.forEach((entry, place) =>
      entry ? putEntry(entry) : dropEntry(ids[place] ?? '')))
  } catch {
    await loadEntries()
  }
}

/** Nothing for one that is gone, or was never this agent's to see. */
async function fetchOne(id: string): Promise<Entry | null> {
  try {
    return await get<Entry>(`/api/entries/${encodeURIComponent(id)}`)
  } catch (reason) {
    if (reason instanceof HttpError && reason.status === 404) return null
    throw reason
  }
}

function byShortcut(one: Entry, other: Entry): number {
  return Number(!one.shortcut) - Number(!other.shortcut)
}

function tree(all: readonly Entry[], depth: number): Category[] {
  const shelves = new Map<string, Entry[]>()
  for (const entry of all) {
    const name = entry.category.split('/')[depth] ?? ''
    shelves.set(name, [...(shelves.get(name) ?? []), entry])
  }
  return [...shelves].map(([name, list]) => {
    const deeper = list.filter((entry) => entry.category.split('/').length > depth + 1)
    return {
      name, count: list.length, under: tree(deeper, depth + 1),
      entries: inOrder(list.filter((entry) => !deeper.includes(entry))),
    }
  })
}
