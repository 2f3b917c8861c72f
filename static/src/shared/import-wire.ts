/** Files of entries, as those see them who import them: the twin of `console/web/import_wire.py`. */

import type { Entry, Named, Time } from './wire'

export type ImportFormat = 'faq' | 'qianniu' | 'workbook' | 'lhc'
export type RowState = 'new' | 'changed' | 'unchanged' | 'conflicting' | 'faulty'
export type Severity = 'error' | 'warning'
export interface RowMessage { code: string; message: string; severity: Severity }
/** An error of no row is in the way of the whole file. */
export interface FileFinding extends RowMessage { row: number; field: string }
export interface ImportCounts { new: number; changed: number; unchanged: number; conflicting: number }
export interface LookCounts extends ImportCounts { faulty: number }
/** `id` and `question` are empty where a faulty row does not say. An unchanged row has no more than
 * these; `shop` is the entry there now, of a conflicting row, unless the shop has deleted it. A
 * conflicting row with an error among its messages cannot be taken. */
export interface LookRow {
  row: number
  state: RowState
  id: string
  question: string
  fields?: Record<string, { before: unknown; after: unknown }>
  shop?: Entry
  messages?: RowMessage[]
}
/** The answer to a dry run. */
export interface ImportLook {
  format: ImportFormat
  file: string
  counts: LookCounts
  rows: LookRow[]
  findings: FileFinding[]
}
/** A line while an import goes on; `total` is 0 while the file is read. */
export interface ImportProgress { done: number; total: number }
/** `undo` is null where there is nothing to take back, or not any more. */
export interface ImportRecord {
  id: string
  at: Time
  by: Named | null
  file: string
  format: ImportFormat
  counts: ImportCounts
  undo: string | null
  undone_at?: Time
}
export interface ImportList { items: ImportRecord[] }
/** The last line of an import that was done. */
export interface ImportDone { import: ImportRecord }
/** `kept` are the ids of entries that have changed since. */
export interface ImportUndone { import: ImportRecord; deleted: number; restored: number; kept: string[] }
/** In the way of an undo: what has changed since, the first 200. */
export interface ChangedSince { entries: { id: string; question: string }[] }
