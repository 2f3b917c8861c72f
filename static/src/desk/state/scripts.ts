/** Which of one's own messages is being saved as a script, and what of it is not saved yet. */

import { signal } from '@preact/signals'
import type { Message } from '../../shared/wire'
import { blanked } from '../../shared/wording'
import { variablesOf } from './cards'
import { dialog } from './dialogs'
import { draftOf, draftText } from './drafts'
import { me } from './people'
import { openId } from './selection'
import { lastQuestion } from './suggestions'
import { threadOf } from './threads'

export const FIELDS = ['question', 'answer', 'shortcut', 'category'] as const
export type Field = typeof FIELDS[number]
export type Script = Readonly<Record<Field, string>>
export interface Source { conversation: string; seq: number }
/** `names` are the blanks that were made of what is the customer's alone. */
export interface Drawn { script: Script; names: readonly string[] }

export const source = signal<Source | null>(null)
/** What could not be saved stays for the next try, as long as the page does. */
const unsaved = new Map<string, Script>()

/** Whether it is an answer of one's own, in words that the shopper sees. */
export function savable({ author, kind, text, recalled, private: note }: Message): boolean {
  const own = author.kind === 'agent' && author.id === me.value.id
  return own && kind === 'text' && !recalled && !note && text.trim() !== ''
}

/** The newest message that one key saves: it is free for that while nothing is being written. */
export function newestSavable(): Source | null {
  const conversation = openId.value ?? ''
  if (draftText(draftOf(conversation)).trim()) return null
  const found = threadOf(conversation)?.messages.value.filter(savable).at(-1)
  return found ? { conversation, seq: found.seq } : null
}

export function saveAsScript(of: Source | null): void {
  if (!of) return
  source.value = of
  dialog.value = 'script'
}

/** The script that a message would make: its words, and those of the shopper before it. */
export function drawn({ conversation, seq }: Source): Drawn {
  const messages = threadOf(conversation)?.messages.peek() ?? []
  const place = messages.findIndex((message) => message.seq === seq)
  const asked = lastQuestion(messages.slice(0, Math.max(0, place)))
  const { text, names } = blanked(messages[place]?.text ?? '', variablesOf(conversation))
  const script = { question: asked?.text ?? '', answer: text, shortcut: '', category: '' }
  return { script: unsaved.get(nameOf({ conversation, seq })) ?? script, names }
}

export function keepUnsaved(of: Source, script: Script): void {
  unsaved.set(nameOf(of), script)
}

export function forgetUnsaved(of: Source): void {
  unsaved.delete(nameOf(of))
}

function nameOf({ conversation, seq }: Source): string {
  return `${conversation}/${seq}`
}
