/** What the server tells between two `sync`s, applied to what is held (R11, R14). */

import type { Conversation, DeskEvents, Kind, Message } from '../../shared/wire'
import { boot } from '../../shared/boot'
import { chimeMessage, chimeTalk } from '../notifications'
import { loadCard } from '../state/cards'
import {
  conversations, noteMessage, putConversation, readByShopper, removeConversation, sectionOf,
} from '../state/conversations'
import { entriesChanged } from '../state/entries'
import { flood } from '../state/flood'
import { notify } from '../../shared/notices'
import { reviewing } from '../../shared/review'
import { undelivered } from '../state/undelivered'
import { me, queueLength, setPresence } from '../state/people'
import { leaveConversation, openId } from '../state/selection'
import { propose, settleProposal } from '../state/suggestions'
import { outdateLesson } from '../state/teaching'
import { dropThread, threadOf } from '../state/threads'
import { endTyping, showTyping } from '../state/typing'
import { t } from '../words'
import { socket } from '../../shared/socket'
import { outbox } from './sending'

/** `goodbye` is heeded beside the connection itself. */
type Heard = Exclude<keyof DeskEvents, 'goodbye'>
type Handlers = { [E in Heard]: (...data: Parameters<DeskEvents[E]>) => void }
interface Needs { lost: () => void; resync: () => void }

/** These change what fills the phrases. */
const CARDS: ReadonlySet<Kind> = new Set(['order', 'product'])

let needs: Needs = { lost: () => undefined, resync: () => undefined }

const handlers: Handlers = {
  message: (message) => receive(message, { quiet: false }),
  conversation: onConversation,
  gone: ({ id }) => forget(id),
  typing: ({ conversation, text, agent }) => {
    const name = typeof agent === 'string' ? agent : agent?.name
    if (typeof agent === 'object' && agent.id === boot.agent.id) return
    showTyping(conversation, { ...(text && { text }), ...(name && { agent: name }) })
  },
  read: ({ conversation, seq }) => readByShopper(conversation, seq),
  recalled: ({ conversation, seq }) =>
    threadOf(conversation)?.change(seq, { recalled: true, text: '' }),
  suggestions: ({ conversation, for_seq, items, limits }) => {
    const asked = threadOf(conversation)?.messages.peek().find(({ seq }) => seq === for_seq)
    const text = asked?.text ?? conversations.peek().get(conversation)?.preview?.text ?? ''
    propose(conversation, { seq: for_seq, text, items, limits })
  },
  arrived: ({ conversation, seq, ...change }) =>
    threadOf(conversation)?.change(seq, { media: undefined, ...change }),
  delivery: ({ conversation, seq, state, reason }) =>
    threadOf(conversation)?.change(seq, { delivery: state, reason: reason ?? '' }),
  presence: setPresence,
  undelivered: ({ count }) => { undelivered.value = count },
  queue: ({ waiting }) => { queueLength.value = waiting },
  entries: ({ ids }) => entriesChanged(ids),
  review: ({ waiting }) => { reviewing.value = waiting },
  flood: (news) => { flood.value = news },
  resync: () => needs.resync(),
}

export function listen(wanted: Needs): void {
  needs = wanted
  for (const [name, handle] of Object.entries(handlers)) {
    socket.on(name as keyof DeskEvents, handle as never)
  }
}

/** Quiet messages fill a gap or a reconnect: they are shown, not sounded. */
export function receive(message: Message, { quiet }: { quiet: boolean }): void {
  const id = message.conversation
  if (!id) return
  const fate = threadOf(id)?.apply(message)
  if (fate === 'gap') needs.lost()
  if (message.client_id) void outbox.settled(message.client_id)
  noteMessage(id, message)
  if (CARDS.has(message.kind) && id === openId.peek()) void loadCard(id)
  settleProposal(id, message)
  if (message.author.kind === 'shopper') {
    endTyping(id)
    outdateLesson(id, message.seq)
    if (!quiet && fate !== 'double' && message.asks !== false) chimeMessage(id, message)
  }
}

/** No longer visible to this agent: handed over, or taken by somebody else. */
export function forget(id: string): void {
  removeConversation(id)
  dropThread(id)
  if (openId.peek() !== id) return
  notify({ kind: 'done', text: t('talkGone') })
  leaveConversation()
}

function onConversation(next: Conversation): void {
  const before = conversations.peek().get(next.id)
  putConversation(next)
  const was = before && sectionOf(before, me.peek().id)
  const is = sectionOf(next, me.peek().id)
  if (is !== was && (is === 'mine' || is === 'queue')) chimeTalk(next, is)
  if (next.id === openId.peek() && next.page?.url !== before?.page?.url) void loadCard(next.id)
}
