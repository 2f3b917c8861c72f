/** The proposed answers to the shopper's latest words, per conversation. */

import { signal } from '@preact/signals'
import type { Limits, Message, Reject, Suggestion } from '../../shared/wire'

/** A ranking, and from where on it is shown and sure. */
export interface Found { text: string; items: readonly Suggestion[]; limits: Limits }
export interface Proposal extends Found {
  /** The shopper's message that is answered. */
  seq: number
  /** Entries that an agent has put away. */
  rejected?: ReadonlySet<string>
}

export const proposals = signal<ReadonlyMap<string, Proposal>>(new Map())

export function propose(conversation: string, proposal: Proposal): void {
  const known = proposals.peek().get(conversation)
  if (known && known.seq > proposal.seq) return
  const rejected = known?.seq === proposal.seq ? known.rejected : undefined
  put(conversation, { ...proposal, ...(rejected && { rejected }) })
}

/** What is left of a proposal after what was put away. */
export function offered({ items, rejected }: Proposal): readonly Suggestion[] {
  return rejected ? items.filter(({ entry }) => !rejected.has(entry)) : items
}

export function firstOffered(conversation: string): Suggestion | undefined {
  const proposal = proposals.peek().get(conversation)
  return proposal && offered(proposal)[0]
}

/** Puts a suggestion away or back, as long as its question is still the one to answer. */
export function markRejected(order: Reject, rejected: boolean): void {
  const { conversation, for_seq, entry } = order
  const known = proposals.peek().get(conversation)
  if (known?.seq !== for_seq) return
  const away = new Set(known.rejected)
  if (rejected) away.add(entry)
  else away.delete(entry)
  put(conversation, { ...known, rejected: away })
}

/** An agent's answer settles the question. */
export function settleProposal(conversation: string, message: Message): void {
  const known = proposals.peek().get(conversation)
  const answers = message.author.kind === 'agent' && !message.private
  if (known && answers && message.seq > known.seq) forgetProposal(conversation)
}

export function forgetProposal(conversation: string): void {
  const left = new Map(proposals.peek())
  if (left.delete(conversation)) proposals.value = left
}

export function forgetProposals(): void {
  proposals.value = new Map()
}

/** The latest of the shopper's words. */
export function lastQuestion(messages: readonly Message[]): Message | undefined {
  for (let place = messages.length - 1; place >= 0; place--) {
    const message = messages[place]
    if (message?.author.kind === 'shopper' && message.kind === 'text' && message.text) return message
  }
  return undefined
}

/** The same, unless an agent has answered them. */
export function openQuestion(messages: readonly Message[]): Message | undefined {
  const asked = lastQuestion(messages)
  const answered = messages.some(({ author, seq, private: inside }) =>
    author.kind === 'agent' && !inside && seq > (asked?.seq ?? 0))
  return answered ? undefined : asked
}

function put(conversation: string, proposal: Proposal): void {
  proposals.value = new Map(proposals.peek()).set(conversation, proposal)
}
