/** What is written and not yet sent, per conversation; it outlives a reload. */

import { signal } from '@preact/signals'
import { boot } from '../../shared/boot'
import type { Lesson } from './teaching'

export type Mode = 'reply' | 'note'
/** A suggestion or phrase put into the composer: sent later, it tells whether the agent changed it,
 * and what its entry could learn. */
export interface Taken { entry: string; original: string; lesson?: Lesson | null }
export interface Draft { mode: Mode; reply: string; note: string; taken?: Taken }

const KEY = `desk.drafts.${boot.agent.id}`
const SAVE_MS = 400
const PART = 4
const EMPTY: Draft = { mode: 'reply', reply: '', note: '' }

export const drafts = signal<Readonly<Record<string, Draft>>>(stored())

let saving: ReturnType<typeof setTimeout> | undefined

export function draftOf(conversation: string): Draft {
  return drafts.value[conversation] ?? EMPTY
}

export function changeDraft(conversation: string, change: Partial<Draft>): void {
  const draft = { ...EMPTY, ...drafts.peek()[conversation], ...change }
  const rest = { ...drafts.peek() }
  delete rest[conversation]
  const empty = draft.mode === 'reply' && !draft.reply && !draft.note
  drafts.value = empty ? rest : { ...rest, [conversation]: draft }
  clearTimeout(saving)
  saving = setTimeout(keepDrafts, SAVE_MS)
}

/** The words of the composer's present tab. */
export function draftText(draft: Draft): string {
  return draft.mode === 'note' ? draft.note : draft.reply
}

export function writeDraft(conversation: string, text: string): void {
  const { mode, taken } = draftOf(conversation)
  if (mode === 'note') return changeDraft(conversation, { note: text })
  const gone = taken && !partLeft(taken.original, text)
  changeDraft(conversation, { reply: text, ...(gone && { taken: undefined }) })
}

/** Puts an entry's words among those that are written; what was taken first stays so while some of
 * it is left. */
export function takeWords(
  conversation: string, text: string, { id }: { id: string }, words: string,
): void {
  writeDraft(conversation, text)
  const { mode, taken } = draftOf(conversation)
  if (mode === 'reply' && !taken) {
    changeDraft(conversation, { taken: { entry: id, original: words } })
  }
}

/** Whether a text still owes something to another: a few signs in a row. */
function partLeft(original: string, text: string): boolean {
  if (original.length <= PART) return text.includes(original)
  for (let at = 0; at + PART <= original.length; at++) {
    if (text.includes(original.slice(at, at + PART))) return true
  }
  return false
}

/** On this machine, now. */
export function keepDrafts(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(drafts.peek()))
  } catch (reason) {
    console.warn('drafts: not kept on this machine', reason)
  }
}

function stored(): Record<string, Draft> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, Draft>
  } catch {
    return {}
  }
}

addEventListener('pagehide', keepDrafts)
