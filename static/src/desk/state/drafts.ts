/** What is written and not yet sent, per conversation; it outlives a reload. */

import { signal } from '@preact/signals'
import { boot } from '../../shared/boot'
import type { Lesson } from './teaching'

export type Mode = 'reply' | 'note'
/** A suggestion put into the composer: sent later, it tells whether the agent changed it, and
 * what its entry could learn. */
export interface Taken { entry: string; original: string; lesson?: Lesson | null }
export interface Draft { mode: Mode; reply: string; note: string; taken?: Taken }

const KEY = `desk.drafts.${boot.agent.id}`
const SAVE_MS = 400
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
  saving = setTimeout(save, SAVE_MS)
}

/** The words of the composer's present tab. */
export function draftText(draft: Draft): string {
  return draft.mode === 'note' ? draft.note : draft.reply
}

export function writeDraft(conversation: string, text: string): void {
  const { mode } = draftOf(conversation)
  changeDraft(conversation, mode === 'note' ? { note: text } : { reply: text })
}

function save(): void {
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

addEventListener('pagehide', save)
