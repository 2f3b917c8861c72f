/** What agents write for the knowledge: the twin of `console/web/draft_wire.py`. */

import type { Named, Time } from './wire'

export type DraftState = 'waiting' | 'published' | 'declined'
/** An entry, or a change of the entry `entry`, that an agent proposes. */
export interface Draft {
  id: string
  entry: string | null
  revision: number | null
  question: string
  /** Of an entry, as a form sends them. */
  fields: Record<string, unknown>
  note: string
  by: Named
  at: Time
  state: DraftState
  conversation?: string
  seq?: number
  decided?: { by: string; at: Time }
  reason?: string
}
export interface DraftList { items: Draft[]; total: number }
/** How often an entry was said; `last` is a date. */
export interface Used { entry: string; sent: number; edited: number; mine: number; last: string }
export interface UsageList { items: Used[] }
