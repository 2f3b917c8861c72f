/** What is known of the customer of a talk: identities, pages, earlier talks, variables. */

import { signal } from '@preact/signals'
import type { ConversationCard } from '../../shared/wire'
import { get } from '../../shared/http'

export const cards = signal<ReadonlyMap<string, ConversationCard | 'failed'>>(new Map())

export async function loadCard(id: string): Promise<void> {
  const card = await get<ConversationCard>(`/api/conversations/${encodeURIComponent(id)}`)
    .catch(() => 'failed' as const)
  if (card === 'failed' && typeof cards.peek().get(id) === 'object') return
  cards.value = new Map(cards.peek()).set(id, card)
}

export function variablesOf(id: string): Record<string, string | null> {
  const card = cards.value.get(id)
  return typeof card === 'object' ? card.variables : {}
}
