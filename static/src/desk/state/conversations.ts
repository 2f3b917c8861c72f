/** Every conversation the agent may see, in the sections and the order of the list. */

import { computed, signal } from '@preact/signals'
import type { Conversation, Message, Time } from '../../shared/wire'
import { me } from './people'

export type Section = 'mine' | 'queue' | 'colleagues'
/** `undefined` takes a value away. */
export type Change = { [K in keyof Conversation]?: Conversation[K] | undefined }
export const SECTIONS: readonly Section[] = ['mine', 'queue', 'colleagues']

export const conversations = signal<ReadonlyMap<string, Conversation>>(new Map())

export const sections = computed<Record<Section, Conversation[]>>(() => {
  const sorted: Record<Section, Conversation[]> = { mine: [], queue: [], colleagues: [] }
  for (const one of conversations.value.values()) {
    const section = sectionOf(one, me.value.id)
    if (section) sorted[section].push(one)
  }
  for (const section of SECTIONS) sorted[section].sort(byWaiting)
  return sorted
})

/** Those an agent must hurry for: nobody answers a talk in the robot's care yet. */
export const unanswered = computed(() =>
  [...sections.value.mine, ...sections.value.queue].filter((one) => one.waiting_since))


export function sectionOf(one: Conversation, agent: string): Section | null {
  if (one.stage === 'closed') return null
  if (one.stage === 'waiting') return 'queue'
  return one.agent?.id === agent ? 'mine' : 'colleagues'
}

export function putConversation(one: Conversation): void {
  const next = newer(conversations.value.get(one.id), one)
  conversations.value = new Map(conversations.value).set(one.id, next)
}

/** With `anew` what was known is of another history and does not count. */
export function replaceConversations(all: readonly Conversation[], anew: boolean): void {
  const known = anew ? new Map<string, Conversation>() : conversations.peek()
  conversations.value = new Map(all.map((one) => [one.id, newer(known.get(one.id), one)]))
}

/** An event may overtake an answer that was read before it; what is read stays read (R15). */
function newer(known: Conversation | undefined, one: Conversation): Conversation {
  if (!known) return one
  if (known.last_seq > one.last_seq) return known
  return { ...one, shopper_read: Math.max(known.shopper_read, one.shopper_read) }
}

export function readByShopper(id: string, seq: number): void {
  const known = conversations.peek().get(id)
  if (known) changeConversation(id, { shopper_read: Math.max(known.shopper_read, seq) })
}

export function changeConversation(id: string, change: Change): void {
  const known = conversations.value.get(id)
  if (!known) return
  const next = { ...known, ...change } as Conversation
  conversations.value = new Map(conversations.value).set(id, next)
}

export function removeConversation(id: string): void {
  const left = new Map(conversations.value)
  if (left.delete(id)) conversations.value = left
}

/** What a message changes in its talk: only some messages bring a `conversation` event along.
 * The twin of `with_message` in `console/model/conversation.py`. */
export function noteMessage(id: string, message: Message): void {
  const known = conversations.peek().get(id)
  if (!known || message.seq <= known.last_seq) return
  const { text, kind, author, at } = message
  const change: Change = { last_seq: message.seq }
  if (author.kind === 'shopper' && kind !== 'rating' && message.asks !== false) {
    change.unread = known.unread + 1
    change.waiting_since = known.waiting_since ?? at
  } else if (author.kind === 'agent' && !message.private) {
    change.unread = 0
    change.waiting_since = undefined
  }
  if (!message.private && author.kind !== 'system') {
    change.preview = { text, kind, author: author.kind, at }
  }
  changeConversation(id, change)
}

/** Since when a person should answer; the robot's own talks keep nobody waiting. */
export function waitingSince(one: Conversation): Time | undefined {
  return one.stage === 'robot' ? undefined : one.waiting_since
}

/** Who waits comes first, the longest on top (so the overdue lead); then the latest talked. */
function byWaiting(one: Conversation, other: Conversation): number {
  const [since, otherSince] = [waitingSince(one), waitingSince(other)]
  if (since && otherSince) return since < otherSince ? -1 : 1
  if (since || otherSince) return since ? -1 : 1
  return latest(one) < latest(other) ? 1 : -1
}

function latest(one: Conversation): string {
  return one.preview?.at ?? one.created_at
}
