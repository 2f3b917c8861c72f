/** Bringing messages into a thread: the newest ones on opening, older ones on scrolling up. */

import { effect, untracked } from '@preact/signals'
import type { Message } from '../../shared/wire'
import { get, HttpError } from '../../shared/http'
import { loadCard } from '../state/cards'
import { conversations } from '../state/conversations'
import { openId } from '../state/selection'
import { openQuestion, proposals, propose } from '../state/suggestions'
import { holdThread, threadOf, threadsHeld, type Thread } from '../state/threads'
import { ask, connected } from '../../shared/socket'
import { forget } from './events'
import { synchronise } from './session'

export const PAGE = 50

/** The open talk always has its messages, also after everything was dropped. */
export function keepOpenThread(): void {
  effect(() => {
    const id = openId.value
    const held = threadsHeld.value
    const thread = threadOf(id ?? '')
    if (!id || held < 0 || !connected.value || (thread && !thread.stale)) return
    untracked(() => void openThread(id))
  })
}

/** HTTP brings the newest page; `sync` then watches the talk and closes what came in between. */
export async function openThread(id: string): Promise<void> {
  const thread = holdThread(id)
  if (thread.state.peek() === 'ready') return
  thread.state.value = 'loading'
  void loadCard(id)
  try {
    thread.start(await history(id))
  } catch (reason) {
    if (reason instanceof HttpError && reason.refusal.code === 'not_found') forget(id)
    else thread.state.value = 'failed'
    return
  }
  await synchronise()
  await proposeFor(id, thread)
}

/** Whether older messages came. */
export async function loadOlder(id: string): Promise<boolean> {
  const thread = threadOf(id)
  if (thread?.state.peek() !== 'ready') return false
  if (thread.complete || thread.olderLoading.peek()) return false
  thread.olderLoading.value = true
  try {
    const older = await history(id, thread.first)
    thread.prepend(older)
    return older.length > 0
  } catch {
    return false
  } finally {
    thread.olderLoading.value = false
  }
}

export async function history(id: string, before?: number): Promise<Message[]> {
  const bound = before === undefined ? '' : `before=${before}&`
  const path = `/api/conversations/${encodeURIComponent(id)}/messages?${bound}limit=${PAGE}`
  return (await get<{ messages: Message[] }>(path)).messages
}

/** Suggestions come as an event with the shopper's words; a talk opened later asks for them, and
 * `suggest` ranks without the gate that the server's own offers pass. */
async function proposeFor(id: string, thread: Thread): Promise<void> {
  const question = openQuestion(thread.messages.peek())
  const closed = conversations.peek().get(id)?.stage === 'closed'
  if (closed || !question || (proposals.peek().get(id)?.seq ?? 0) >= question.seq) return
  const answer = await ask('suggest', { conversation: id, text: question.text })
  if (!answer.ok) return
  const { limits } = answer
  const items = answer.items.filter((item) => item.score >= limits.show)
  propose(id, { seq: question.seq, text: question.text, items, limits })
}
