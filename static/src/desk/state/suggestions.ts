/** The proposed answers to the shopper's latest words, per conversation. */

import { signal } from '@preact/signals'
import type { Message, Suggestion } from '../../shared/wire'

export interface Proposal {
  /** The shopper's message that is answered. */
  seq: number
  text: string
  items: readonly Suggestion[]
}

export const proposals = signal<ReadonlyMap<string, Proposal>>(new Map())

export function propose(conversation: string, proposal: Proposal): void {
  const known = proposals.peek().get(conversation)
  if (known && known.seq > proposal.seq) return
  proposals.value = new Map(proposals.peek()).set(conversation, proposal)
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

/** The latest of the shopper's words that nobody has answered yet. */
export function openQuestion(messages: readonly Message[]): Message | undefined {
  for (let place = messages.length - 1; place >= 0; place--) {
    const message = messages[place]
    if (!message || message.private) continue
    if (message.author.kind === 'agent') return undefined
    if (message.author.kind === 'shopper' && message.kind === 'text' && message.text) return message
  }
  return undefined
}

/** Cuts a text by spans of code points: even places are plain, odd ones are matched. */
export function cut(text: string, spans: readonly (readonly [number, number])[]): string[] {
  const points = [...text]
  const parts: string[] = []
  let from = 0
  for (const [start, end] of merged(spans, points.length)) {
    parts.push(points.slice(from, start).join(''), points.slice(start, end).join(''))
    from = end
  }
  parts.push(points.slice(from).join(''))
  return parts
}

function merged(spans: readonly (readonly [number, number])[], length: number): [number, number][] {
  const whole: [number, number][] = []
  for (const [start, end] of [...spans].sort((one, other) => one[0] - other[0])) {
    const before = whole.at(-1)
    if (start < 0 || end > length || start >= end) continue
    if (before && start <= before[1]) before[1] = Math.max(before[1], end)
    else whole.push([start, end])
  }
  return whole
}
