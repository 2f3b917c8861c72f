/** Which entries are selected, to be changed together, and which one the keys are at. */

import { computed, signal } from '@preact/signals'
import { byId } from '../../state/shelf'
import { found } from './filter'

export const marked = signal<ReadonlySet<string>>(new Set())
/** The place in the list that keys move from. */
export const cursor = signal(0)
/** Where a range begins. */
let anchor = 0

/** Those that are still there. */
export const markedIds = computed(() => [...marked.value].filter((id) => byId.value.has(id)))

export function moveTo(place: number, { extend = false } = {}): void {
  const last = found.peek().length - 1
  const to = Math.max(0, Math.min(place, last))
  if (extend) markRange(to)
  else anchor = to
  cursor.value = to
}

export function toggle(place: number): void {
  const id = found.peek()[place]?.id
  if (!id) return
  const next = new Set(marked.peek())
  if (!next.delete(id)) next.add(id)
  marked.value = next
  anchor = cursor.value = place
}

/** From where the last one was chosen to here. */
export function markRange(to: number): void {
  const [from, end] = anchor < to ? [anchor, to] : [to, anchor]
  const ids = found.peek().slice(from, end + 1).map(({ id }) => id)
  marked.value = new Set([...marked.peek(), ...ids])
  cursor.value = to
}

export function markAll(): void {
  marked.value = new Set(found.peek().map(({ id }) => id))
}

export function markNone(): void {
  marked.value = new Set()
}
