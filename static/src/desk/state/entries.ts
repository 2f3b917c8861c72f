/** The shop's phrases: loaded whole, found by shortcut, initials or words, filled with names. */

import { computed, signal } from '@preact/signals'
import { dayOf, findIn, isValid } from '../../shared/finding'
import type { Entry, EntryList } from '../../shared/wire'
import { boot } from '../../shared/boot'
import { get } from '../../shared/http'
import { me } from './people'

/** A shelf of the tree: `物流/发货` stands under `物流`. */
export interface Category {
  name: string
  count: number
  entries: readonly Entry[]
  under: readonly Category[]
}

export const entries = signal<readonly Entry[]>([])
export const entriesState = signal<'loading' | 'ready' | 'failed'>('loading')

const VARIABLE = /\{(昵称|订单号|商品|客服|店名)\}/g

const usable = computed(() => {
  const today = dayOf(new Date())
  return entries.value.filter((entry) => entry.enabled && isValid(entry, today))
})

export const categories = computed(() => tree(usable.value, 0))

export async function loadEntries(): Promise<void> {
  try {
    entries.value = (await get<EntryList>('/api/entries')).items
    entriesState.value = 'ready'
  } catch {
    if (entriesState.peek() !== 'ready') entriesState.value = 'failed'
  }
}

/** The best first; without a wish, those that have a shortcut. */
export function findEntries(wanted: string): Entry[] {
  if (!wanted.trim()) return [...usable.value].sort(byShortcut)
  return findIn(usable.value, wanted)
}

/** One pass: a name that itself looks like a variable stays as it is. */
export function fill(answer: string, values: Readonly<Record<string, string | null>>): string {
  const fallback: Record<string, string> = {
    昵称: '亲', 订单号: '您的订单', 商品: '这款商品', 客服: me.value.name, 店名: boot.shop.name,
  }
  return answer.replace(VARIABLE, (_, name: string) => values[name] || (fallback[name] ?? ''))
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
      entries: list.filter((entry) => !deeper.includes(entry)),
    }
  })
}
