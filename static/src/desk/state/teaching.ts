/** Shoppers' words that an entry lacks among its phrasings, and the one offer to add them. */

import { signal } from '@preact/signals'
import type { Suggestion } from '../../shared/wire'
import { openId } from './selection'
import { lastQuestion, proposals } from './suggestions'
import { threadOf } from './threads'

/** The shopper's message `seq` as another phrasing of an entry. */
export interface Lesson {
  conversation: string
  seq: number
  text: string
  entry: string
  question: string
}

/** The server takes no longer ones. */
const LONGEST = 500
const LETTER = /\p{L}/u

/** Offered after an answer was sent; it belongs to the talk that is open. */
export const lesson = signal<Lesson | null>(null)
const taught = signal<ReadonlySet<string>>(new Set())

/** What the entry could learn from the shopper's latest words; null where it has them already. */
export function lessonFor(conversation: string, item: Suggestion): Lesson | null {
  const { entry, question } = item
  const proposal = proposals.value.get(conversation)
  const asked = proposal ?? lastQuestion(threadOf(conversation)?.messages.value ?? [])
  const known = proposal?.items.some((one) => one.entry === entry && one.score >= 1)
  if (!asked || known || !teachable(asked.text)) return null
  const one = { conversation, seq: asked.seq, text: asked.text, entry, question }
  return taught.value.has(nameOf(one)) ? null : one
}

/** One offer at a time; none for words that the shopper has followed up with others. */
export function offerLesson(one: Lesson | null): void {
  const latest = one && lastQuestion(threadOf(one.conversation)?.messages.peek() ?? [])
  lesson.value = latest && latest.seq > one.seq ? null : one
}

export function forgetLesson(): void {
  lesson.value = null
}

/** The shopper goes on to something else. */
export function outdateLesson(conversation: string, seq: number): void {
  const one = lesson.peek()
  if (one?.conversation === conversation && seq > one.seq) forgetLesson()
}

/** Whether it counts as learnt, so that nobody is asked for it again. */
export function markTaught(one: Lesson, learnt: boolean): void {
  const all = new Set(taught.peek())
  if (learnt) all.add(nameOf(one))
  else all.delete(nameOf(one))
  taught.value = all
}

function teachable(text: string): boolean {
  return LETTER.test(text) && [...text].length <= LONGEST
}

function nameOf({ conversation, seq, entry }: Lesson): string {
  return `${conversation}/${seq}/${entry}`
}

openId.subscribe((id) => {
  if (lesson.peek()?.conversation !== id) forgetLesson()
})
