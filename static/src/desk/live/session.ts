/** Staying in step with the server: connect, `sync`, look again every 30 s (R9–R13). */

import { batch } from '@preact/signals'
import type { Conversation, Cursors, DeskSynced } from '../../shared/wire'
import { conversations, replaceConversations } from '../state/conversations'
import { flood } from '../state/flood'
import { agents, groups, me, queueLength } from '../state/people'
import { openId } from '../state/selection'
import { forgetProposals } from '../state/suggestions'
import { forgetLesson } from '../state/teaching'
import { cursors, expireThreads } from '../state/threads'
import { undelivered } from '../state/undelivered'
import { reviewing } from '../../shared/review'
import { ask, stayConnected } from '../../shared/socket'
import { forget, listen, receive } from './events'
import { forgetTold } from './presence'
import { outbox } from './sending'

const LOOK_MS = 30_000
/** A server that keeps saying "more" without moving on must not be asked for ever. */
const PAGES = 200

let running: Promise<boolean> | null = null
let again = false
/** Which history the held numbers belong to; unknown before the first answer. */
let epoch = ''
let anew = false

export function startSession(): void {
  listen({ lost: () => void synchronise(), resync: () => void startOver() })
  stayConnected({
    opened,
    lost: () => outbox.disconnected(),
    woken: () => void synchronise(),
  })
  setInterval(() => void synchronise(), LOOK_MS)
  void outbox.load()
}

/** Asks for whatever is missing; callers during a round are served by one more round. */
export function synchronise(): Promise<boolean> {
  if (running) {
    again = true
    return running
  }
  running = rounds().finally(() => { running = null })
  return running
}

async function rounds(): Promise<boolean> {
  let whole: boolean
  do {
    again = false
    whole = await pages()
  } while (again && whole)
  return whole
}

async function pages(): Promise<boolean> {
  for (let page = 0; page < PAGES; page++) {
    const before = cursors()
    const answer = await ask('sync', { cursors: before, ...(epoch && { epoch }) })
    if (!answer.ok) return false
    batch(() => apply(answer, before))
    if (!answer.more || !moved(before, cursors())) return true
  }
  return true
}

function apply(synced: DeskSynced, asked: Cursors): void {
  if (epoch && epoch !== synced.epoch) forgetNumbers()
  epoch = synced.epoch
  me.value = synced.agent
  agents.value = new Map(synced.agents.map((agent) => [agent.id, agent]))
  groups.value = synced.groups
  queueLength.value = synced.queue.waiting
  undelivered.value = synced.undelivered
  reviewing.value = synced.review ?? 0
  const listed = new Set(synced.conversations.map((one) => one.id))
  replaceConversations([...synced.conversations, ...closedInView(listed)], anew)
  anew = false
  for (const id of Object.keys(asked)) if (!listed.has(id)) forget(id)
  for (const message of synced.messages) receive(message, { quiet: true })
}

/** A talk that ended stays on the screen while its messages are being fetched again. */
function closedInView(listed: ReadonlySet<string>): Conversation[] {
  const open = conversations.peek().get(openId.peek() ?? '')
  return open?.stage === 'closed' && !listed.has(open.id) ? [open] : []
}

function moved(before: Cursors, after: Cursors): boolean {
  return Object.keys(after).some((id) => after[id] !== before[id])
}

async function opened(): Promise<boolean> {
  if (!(await synchronise())) return false
  flood.value = { turned_away: 0, addresses: 0 }
  void outbox.connected()
  return true
}

/** Bankruptcy is a normal path (R13): everything but the unsent words is fetched anew. */
async function startOver(): Promise<void> {
  forgetNumbers()
  await synchronise()
}

function forgetNumbers(): void {
  anew = true
  epoch = ''
  expireThreads(openId.peek())
  forgetProposals()
  forgetLesson()
  forgetTold()
}
