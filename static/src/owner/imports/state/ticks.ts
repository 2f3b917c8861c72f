/** Which rows of the file are shown, and which are ticked. Of a row that was changed on both sides,
 * a tick says that the file's side is taken. */

import { computed, signal } from '@preact/signals'
import type { ImportLook, LookRow } from '../../../shared/import-wire'
import { stage } from './stage'

export const FILTERS = ['all', 'new', 'changed', 'conflicting', 'faulty', 'unchanged'] as const
export type Filter = typeof FILTERS[number]

const NOTHING: readonly LookRow[] = []

const seen = computed<ImportLook | null>(() =>
  stage.value.at === 'look' ? stage.value.look : null)
export const rows = computed(() => seen.value?.rows ?? NOTHING)
export const filter = signal<Filter>('all')
export const shown = computed(() =>
  filter.value === 'all' ? rows.value : rows.value.filter(({ state }) => state === filter.value))

/** By number of row. */
export const ticked = signal<ReadonlySet<number>>(new Set())
/** The place in the list that keys move from. */
export const cursor = signal(0)
/** On a phone one row fills the screen. */
export const opened = signal(false)
/** Where a range begins. */
let anchor = 0

export const current = computed(() => shown.value[cursor.value])
/** Those of the list that are ticked with all others of it. */
export const together = computed(() => shown.value.filter(isTogether))
export const tickedTogether = computed(() =>
  together.value.filter(({ row }) => ticked.value.has(row)).length)
export const fromFile = computed(() => rows.value.filter(({ row, state }) =>
  state === 'conflicting' && ticked.value.has(row)).length)

export function canTick({ state, messages = [] }: LookRow): boolean {
  if (state === 'new' || state === 'changed') return true
  return state === 'conflicting' && messages.every(({ severity }) => severity !== 'error')
}

export function moveTo(place: number, { extend = false } = {}): void {
  const to = Math.max(0, Math.min(place, shown.peek().length - 1))
  if (extend) tickRange(to)
  else anchor = to
  cursor.value = to
}

export function toggle(place: number): void {
  const one = shown.peek()[place]
  anchor = cursor.value = place
  if (one && canTick(one)) tick([one], !ticked.peek().has(one.row))
}

/** From where the last one was ticked or unticked to here, and all like that one. */
export function tickRange(to: number): void {
  const first = shown.peek()[anchor]
  const [from, end] = anchor < to ? [anchor, to] : [to, anchor]
  const on = first === undefined || !canTick(first) || ticked.peek().has(first.row)
  tick(shown.peek().slice(from, end + 1).filter(isTogether), on)
  cursor.value = to
}

/** All of the list, or none where all are. */
export function tickAll(): void {
  tick(together.peek(), tickedTogether.peek() < together.peek().length)
}

export function tick(some: readonly LookRow[], on: boolean): void {
  const next = new Set(ticked.peek())
  for (const { row } of some) {
    if (on) next.add(row)
    else next.delete(row)
  }
  ticked.value = next
}

export function show(one: Filter): void {
  filter.value = one
  cursor.value = anchor = 0
  opened.value = false
}

/** Whether somebody who ticks several at once means this one: the shop's own words are given up
 * only one by one, or where nothing else is listed. */
function isTogether(one: LookRow): boolean {
  return canTick(one) && (one.state !== 'conflicting' || filter.peek() === 'conflicting')
}

/** At first all that is new or changed. A file that could not be imported comes back as it was
 * left: with the same look at it, and the same ticks. */
let before: ImportLook | null = null
seen.subscribe((now) => {
  if (!now || now === before) return
  before = now
  show('all')
  ticked.value = new Set(now.rows.filter(({ state }) => state === 'new' || state === 'changed')
    .map(({ row }) => row))
})
