/** What only those who edit the knowledge exchange: the twin of `console/web/entry_wire.py`. */

import type { Entry, Limits, Named, Time } from './wire'

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
/** An entry that needs a hand. */
export interface Tended { entry: string; question: string }
/** `edits` are the commonest of what agents sent instead, without what is one shopper's alone. */
export interface OftenEdited extends Tended {
  sent: number
  edited: number
  edits: { text: string; count: number }[]
}
/** `same`: the same words; `phrases` are the two that are most alike, `entry`'s first. */
export interface Duplicate extends Tended {
  other: Tended
  likeness: number
  same: boolean
  phrases: string[]
}
export interface UpkeepLists {
  few_phrases: (Tended & { phrases: number })[]
  never_shown: (Tended & { since: Time })[]
  never_taken: (Tended & { shown: number })[]
  often_edited: OftenEdited[]
  duplicates: Duplicate[]
  broken: (Tended & { findings: EntryWarning[] })[]
  /** `days` are left; negative after the last one. */
  expiring: (Tended & { valid_to: string; days: number })[]
}
/** Each list holds 200 at most; its count is whole. */
export interface UpkeepCounts {
  few_phrases: number
  never_shown: number
  never_taken: number
  often_edited: number
  duplicates: number
  broken: number
  expiring: number
}
export interface Upkeep { at: Time; counts: UpkeepCounts; lists: UpkeepLists }
export type Passed = 'sure' | 'shown' | 'below'
/** `gate` is the highest of the limits that it passes. */
export interface TriedMatch extends Tended {
  score: number
  why: [number, number][]
  phrase: string
  matched: [number, number][]
  gate: Passed
  lift?: number
}
/** `lead` is that of the first over the second. */
export interface TriedText { text: string; found: TriedMatch[]; lead: number }
export interface TriedTexts { limits: Limits; items: TriedText[] }
export type TextUnit = 'characters' | 'bytes'
/** `parts`: how many messages it becomes, none longer than `limit`. */
export interface PreviewItem {
  channel: string
  level: string
  text: string
  html: string
  length: number
  limit: number
  unit: TextUnit
  parts: number
}
export interface AnswerPreview {
  items: PreviewItem[]
  variables: { name: string; known: boolean; fallback: string }[]
}

/** A similar question that an agent proposes; it waits for a supervisor. */
export interface Proposal {
  id: string
  entry: string
  question: string
  text: string
  by: Named
  at: Time
}
export interface Proposals { items: Proposal[]; total: number }

/** Outcomes of the last 30 days: `shown` counts all, `rate` is the smoothed share that was used. */
export interface Outcomes {
  shown: number
  taken: number
  edited: number
  rejected: number
  rate: number
}
/** `lift` is the part of the score's correction that comes from these outcomes. */
export interface LearntPart extends Outcomes { lift: number }
export interface LearntGroup extends LearntPart { id: string; name: string }
export interface LearntChannel extends LearntPart { kind: string }
export interface LearntEntry extends LearntPart {
  entry: string
  question: string
  groups: LearntGroup[]
  channels: LearntChannel[]
}
/** `since`: nothing older is counted. */
export interface Learnt { items: LearntEntry[]; total: Outcomes; since?: Time }
/** A group of questions that no entry answers; `examples` are its other wordings. */
export interface Gap {
  id: string
  text: string
  count: number
  askers: number
  examples: string[]
  answers: { text: string; count: number }[]
  first_at: Time
  last_at: Time
}
export interface Unmatched { items: Gap[]; total: number }
/** What the limits do to the log; null where there is nothing to take a share of. */
export interface GateEvidence {
  answered: number
  needed: number
  shown_share: number | null
  leak_share: number | null
  sure_right: number | null
}
export interface Gates {
  gates: Limits
  shipped: Limits
  fitted: Limits | null
  evidence: GateEvidence
}
