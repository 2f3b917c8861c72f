/** What a customer's channel still takes: so many messages, for so long. */

import type { Conversation } from '../../shared/wire'
import { conversations } from './conversations'

/** From here on every message is counted. */
export const FEW = 2
const SOON_S = 2 * 3600

export interface Reach {
  /** Nothing is taken any more until the customer writes again. */
  over: boolean
  remaining: number
  seconds: number
  /** Little is left, of messages or of time. */
  low: boolean
}

/** Null where the channel has no limit. */
export function reachOf({ window }: Conversation, moment: number): Reach | null {
  if (!window) return null
  const seconds = Math.max(0, (Date.parse(window.until) - moment) / 1000)
  const over = seconds === 0
  const remaining = over ? 0 : window.remaining
  return { over, remaining, seconds, low: over || remaining <= FEW || seconds < SOON_S }
}

/** Where else the same customer can be answered now. */
export function otherWay(talk: Conversation, moment: number): Conversation | null {
  const others = [...conversations.value.values()].filter((one) =>
    one.id !== talk.id && one.contact.id === talk.contact.id && one.inbox.id !== talk.inbox.id
    && one.stage !== 'closed' && !reachOf(one, moment)?.over)
  const latest = (one: Conversation): string => one.preview?.at ?? one.created_at
  return others.sort((one, other) => (latest(one) < latest(other) ? 1 : -1))[0] ?? null
}
