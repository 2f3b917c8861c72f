/** Staying in step with the server: connect, `sync`, look again every 30 s (R9–R13). */

import { batch } from '@preact/signals'
import { backoff } from '../../shared/backoff'
import { heedGoodbye } from '../../shared/farewell'
import type { Conversation, Cursors, DeskSynced } from '../../shared/wire'
import { toLogin } from '../http'
import { conversations, replaceConversations } from '../state/conversations'
import { flood } from '../state/notices'
import { agents, groups, me, queueLength } from '../state/people'
import { openId } from '../state/selection'
import { forgetProposals } from '../state/suggestions'
import { forgetLesson } from '../state/teaching'
import { cursors, expireThreads } from '../state/threads'
import { undelivered } from '../state/undelivered'
import { ask, connected, socket } from './ask'
import { forget, listen, receive } from './events'
import { forgetTold } from './presence'
import { outbox } from './sending'

const LOOK_MS = 30_000
/** A server that keeps saying "more" without moving on must not be asked for ever. */
const PAGES = 200

let refusals = 0
let running: Promise<boolean> | null = null
let again = false
/** Which history the held numbers belong to; unknown before the first answer. */
let epoch = ''
let anew = false

export function startSession(): void {
  listen({ lost: () => void synchronise(), resync: () => void startOver() })
  heedGoodbye(socket)
  socket.on('connect', () => void onConnect())
  socket.on('disconnect', (reason) => {
    connected.value = false
    outbox.disconnected()
    if (reason === 'io server disconnect') tryLater()
  })
  socket.on('connect_error', (error) => onRefused(error as Error & { data?: { code?: string } }))
  setInterval(() => void synchronise(), LOOK_MS)
  addEventListener('online', wake)
  addEventListener('focus', wake)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) wake() })
  socket.connect()
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

async function onConnect(): Promise<void> {
  if (!(await synchronise())) {
    if (socket.connected) socket.disconnect()
    tryLater()
    return
  }
  refusals = 0
  flood.value = { turned_away: 0, addresses: 0 }
  connected.value = true
  await outbox.connected()
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

function onRefused(error: Error & { data?: { code?: string } }): void {
  if (error.data?.code === 'unauthorized') toLogin()
  else if (!socket.active) tryLater()
}

/** The library tries again by itself after a lost connection, but not after a refusal. */
function tryLater(): void {
  refusals += 1
  setTimeout(() => socket.connect(), backoff(refusals))
}

function wake(): void {
  if (socket.connected) void synchronise()
  else socket.disconnect().connect()
}
