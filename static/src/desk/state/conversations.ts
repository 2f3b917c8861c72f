/** Every conversation the agent may see, in the sections and the order of the list. */

import { computed, signal } from '@preact/signals'
import type { Conversation, Message } from '../../shared/wire'
import { me } from './people'

export type Section = 'mine' | 'queue' | 'colleagues'
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

export const unreadTalks = computed(() =>
  sections.value.mine.filter((one) => one.unread > 0).length)

export function sectionOf(one: Conversation, agent: string): Section | null {
  if (one.stage === 'closed') return null
  if (one.stage === 'waiting') return 'queue'
  return one.agent?.id === agent ? 'mine' : 'colleagues'
}

export function putConversation(one: Conversation): void {
  const known = conversations.value.get(one.id)
  if (known && known.last_seq > one.last_seq) return
  conversations.value = new Map(conversations.value).set(one.id, one)
}

export function replaceConversations(all: readonly Conversation[]): void {
  conversations.value = new Map(all.map((one) => [one.id, one]))
}

export function changeConversation(id: string, change: Partial<Conversation>): void {
  const known = conversations.value.get(id)
  if (known) conversations.value = new Map(conversations.value).set(id, { ...known, ...change })
}

export function removeConversation(id: string): void {
  const left = new Map(conversations.value)
  if (left.delete(id)) conversations.value = left
}

/** A message may come before the `conversation` event that it causes. */
export function noteMessage(id: string, message: Message): void {
  const known = conversations.value.get(id)
  if (!known || message.seq <= known.last_seq) return
  const { text, kind, author, at } = message
  const change: Partial<Conversation> = { last_seq: message.seq }
  if (!message.private) change.preview = { text, kind, author: author.kind, at }
  changeConversation(id, change)
}

/** Who waits comes first, the longest on top (so the overdue lead); then the latest talked. */
function byWaiting(one: Conversation, other: Conversation): number {
  if (one.waiting_since && other.waiting_since) {
    return one.waiting_since < other.waiting_since ? -1 : 1
  }
  if (one.waiting_since || other.waiting_since) return one.waiting_since ? -1 : 1
  return latest(one) < latest(other) ? 1 : -1
}

function latest(one: Conversation): string {
  return one.preview?.at ?? one.created_at
}
