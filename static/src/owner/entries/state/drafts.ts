/** What was changed and is not yet saved, per entry: kept on this machine with every key, so that
 * neither a reload nor a crash nor a lost connection costs a word. */

import { signal } from '@preact/signals'
import { boot } from '../../../shared/boot'
import type { Entry } from '../../../shared/wire'
import { EMPTY, formOf, same, type Field, type Fields, type Form } from '../fields'

export interface Draft {
  /** The revision that was changed; 0 for a new entry. */
  revision: number
  /** The changed fields as they were, and as they are to be. */
  base: Fields
  mine: Fields
  at: number
  /** Found on this machine when the page was opened. */
  found?: boolean
}

/** The draft of an entry that is not yet there. */
export const NEW = '+'
const KEY = `knowledge.draft.${boot.agent.id}.`

export const drafts = signal<ReadonlyMap<string, Draft>>(stored())
/** A browser that keeps nothing: said once, where the writing is. */
export const kept = signal(true)

export function hasDraft(id: string): boolean {
  return drafts.value.has(id)
}

/** What the form shows: the entry, with what was changed. */
export function shown(entry: Entry | undefined, draft: Draft | undefined): Form {
  return { ...(entry ? formOf(entry) : EMPTY), ...draft?.mine }
}

export function edit<F extends Field>(
  id: string, entry: Entry | undefined, field: F, value: Form[F],
): void {
  const before = drafts.peek().get(id)
  const there = formOf(entry ?? {})[field]
  const base = before && field in before.base ? before.base[field] : there
  const mine: Fields = { ...before?.mine, [field]: value }
  const was: Fields = { ...before?.base, [field]: base }
  if (same(value, base)) {
    delete mine[field]
    delete was[field]
  }
  keep(id, {
    revision: before?.revision ?? entry?.revision ?? 0, base: was, mine, at: Date.now(),
  })
}

/** Begins a new entry; one that was begun is gone on with, unless it is to be `anew`. */
export function startNew(fields: Partial<Entry> | Fields, { anew = false } = {}): void {
  if (drafts.peek().has(NEW) && !anew) return
  const mine: Fields = Object.fromEntries(Object.entries(formOf(fields as Partial<Entry>)).filter(
    ([field, value]) => !same(value, EMPTY[field as Field])))
  keep(NEW, { revision: 0, base: {}, mine, at: Date.now() })
}

/** Goes on from a newer revision: the other changes are known now. */
export function rebase(id: string, entry: Entry, mine: Fields): void {
  const there = formOf(entry)
  const fields = (Object.keys(mine) as Field[]).filter((field) => !same(mine[field], there[field]))
  const pick = (from: Fields): Fields =>
    Object.fromEntries(fields.map((field) => [field, from[field]])) as Fields
  keep(id, { revision: entry.revision, base: pick(there), mine: pick(mine), at: Date.now() })
}

export function discard(id: string): Draft | undefined {
  const draft = drafts.peek().get(id)
  keep(id, null)
  return draft
}

export function keep(id: string, draft: Draft | null): void {
  const next = new Map(drafts.peek())
  const something = draft && (id === NEW || Object.keys(draft.mine).length > 0)
  if (something) next.set(id, draft)
  else next.delete(id)
  drafts.value = next
  try {
    if (something) localStorage.setItem(KEY + id, JSON.stringify(draft))
    else localStorage.removeItem(KEY + id)
    kept.value = true
  } catch {
    kept.value = false
  }
}

function stored(): Map<string, Draft> {
  const found = new Map<string, Draft>()
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(KEY)) continue
      const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null
      if (draft?.mine && draft.base) found.set(key.slice(KEY.length), { ...draft, found: true })
    }
  } catch (reason) {
    console.warn('drafts: this machine keeps none', reason)
  }
  return found
}
