/** Telling the shopper that somebody is there: words read, and an answer being written. */

import { effect } from '@preact/signals'
import { changeConversation } from '../state/conversations'
import { me } from '../state/people'
import { openId, openTalk } from '../state/selection'
import { threadOf, threadsHeld } from '../state/threads'
import { ask, connected } from '../../shared/socket'
import { visible } from '../state/visible'

const TYPING_MS = 3_000

const told = new Map<string, number>()
let typed = 0

/** Only the agent who answers marks words as read: a supervisor looking on promises nothing. */
export function startReading(): void {
  effect(() => {
    const talk = openTalk.value
    const held = threadsHeld.value
    if (!talk || held < 0 || !visible.value || !connected.value) return
    if (talk.agent?.id !== me.value.id || talk.stage !== 'open') return
    const seq = threadOf(talk.id)?.messages.value.at(-1)?.seq ?? 0
    if (seq > (told.get(talk.id) ?? 0)) void tellRead(talk.id, seq)
  })
}

/** What was told counts in another history no more. */
export function forgetTold(): void {
  told.clear()
}

export function tellTyping(): void {
  const id = openId.peek()
  if (!id || Date.now() - typed < TYPING_MS) return
  typed = Date.now()
  void ask('typing', { conversation: id })
}

async function tellRead(conversation: string, seq: number): Promise<void> {
  told.set(conversation, seq)
  const answer = await ask('read', { conversation, seq })
  if (answer.ok) changeConversation(conversation, { unread: 0 })
  else if (told.get(conversation) === seq) told.delete(conversation)
}
