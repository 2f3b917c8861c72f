/** Short messages that follow each other closely are held for some seconds where few are left, so
 * that they can leave as one. What is held leaves by itself: alone as it is, several as one. */

import { signal } from '@preact/signals'
import { serverTime } from '../../shared/clock'
import { conversations } from '../state/conversations'
import { changeDraft, draftOf, keepDrafts } from '../state/drafts'
import { FEW, reachOf } from '../state/reach'
import { say, type Words } from './sending'

export const ALONE_MS = 5_000
export const TOGETHER_MS = 15_000
const SHORT = 120

export interface Holding { words: readonly Words[]; until: number }

export const holding = signal<ReadonlyMap<string, Holding>>(new Map())

const timers = new Map<string, ReturnType<typeof setTimeout>>()

/** Words of the composer: sent now, or held where others may follow that should go with them. */
export function sayOrHold(conversation: string, words: Words): void {
  if (!shouldHold(conversation, words)) {
    sendHeld(conversation)
    void say(conversation, words)
    return
  }
  const held = [...(holding.peek().get(conversation)?.words ?? []), words]
  const wait = held.length > 1 ? TOGETHER_MS : ALONE_MS
  put(conversation, { words: held, until: Date.now() + wait })
  clearTimeout(timers.get(conversation))
  timers.set(conversation, setTimeout(() => sendHeld(conversation), wait))
}

/** As one message. */
export function sendHeld(conversation: string): void {
  const words = taken(conversation)
  if (words.length) void say(conversation, joined(words))
}

/** One message each, as they were written. */
export function sendApart(conversation: string): void {
  for (const words of taken(conversation)) void say(conversation, words)
}

/** Back to where they were written, in front of what stands there now. */
export function takeBackHeld(conversation: string): void {
  const words = taken(conversation)
  if (!words.length) return
  const { reply } = draftOf(conversation)
  const text = joined(words).text
  changeDraft(conversation, { mode: 'reply', reply: reply ? `${text}\n${reply}` : text })
}

function shouldHold(conversation: string, { text, suggestion }: Words): boolean {
  const talk = conversations.peek().get(conversation)
  const reach = talk && reachOf(talk, serverTime())
  if (!reach || reach.remaining > FEW || suggestion) return false
  return text.length <= SHORT
}

function joined(words: readonly Words[]): Words {
  const [first] = words
  if (first && words.length === 1) return first
  return { text: words.map(({ text }) => text).join('\n') }
}

function taken(conversation: string): readonly Words[] {
  clearTimeout(timers.get(conversation))
  timers.delete(conversation)
  const words = holding.peek().get(conversation)?.words ?? []
  if (words.length) put(conversation, null)
  return words
}

function put(conversation: string, next: Holding | null): void {
  const all = new Map(holding.peek())
  if (next) all.set(conversation, next)
  else all.delete(conversation)
  holding.value = all
}

/** Nothing is lost with the page: what was held stands in the composer when it comes back. */
addEventListener('pagehide', () => {
  for (const conversation of [...holding.peek().keys()]) takeBackHeld(conversation)
  keepDrafts()
})
