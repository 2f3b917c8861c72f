/** What only those who edit the knowledge exchange: the twin of `console/web/entry_wire.py`. */

import type { Entry, Named, Time } from './wire'

/** What makes the answers of an entry worse; no error. */
export interface EntryWarning { field: string; code: string; message: string }
export interface SavedEntry extends Entry { warnings: EntryWarning[] }
export type EntryChange = 'created' | 'changed' | 'deleted' | 'restored' | 'imported'
export interface EntryStep {
  revision: number
  at: Time
  by: Named | null
  change: EntryChange
  fields: string[]
}
/** The newest first; `more`: there are older ones. */
export interface EntryHistory { items: EntryStep[]; more: boolean }
/** An entry as it was, beside the one before it. */
export interface EntryRevision extends EntryStep {
  entry: Entry
  diff: Record<string, { before: unknown; after: unknown }>
}
/** What was changed together; `undo` takes it back with `POST /api/entries/undo`. */
export interface EntriesChanged {
  items: { id: string; revision: number }[]
  changed: number
  undo: string | null
}
/** `count` includes what stands below. */
export interface EntryCategory {
  name: string
  path: string
  count: number
  under: EntryCategory[]
}
export interface EntryCategories { items: EntryCategory[] }
