/** How often each phrase was said in the last 30 days: by all, and by the agent at this screen. */

import { signal } from '@preact/signals'
import type { Used, UsageList } from '../../shared/draft-wire'
import { get } from '../../shared/http'

export type Count = Pick<Used, 'sent' | 'mine'>

/** One's own answers are counted here at once; colleagues' are fetched after a while. */
const OLD_MS = 60_000
const NEVER: Count = { sent: 0, mine: 0 }

export const usage = signal<ReadonlyMap<string, Count>>(new Map())

let fetchedAt = 0

export function usedOf(entry: string): Count {
  return usage.value.get(entry) ?? NEVER
}

export function timesUsed(entry: string): number {
  return usedOf(entry).sent
}

export async function loadUsage(): Promise<void> {
  fetchedAt = Date.now()
  try {
    const { items } = await get<UsageList>('/api/usage')
    usage.value = new Map(items.map((one) => [one.entry, one]))
  } catch (reason) {
    console.warn('usage: not loaded, the figures stay as they are', reason)
  }
}

/** An answer made of the entry was taken by the server. */
export function countUse(entry: string): void {
  const { sent, mine } = usedOf(entry)
  usage.value = new Map(usage.peek()).set(entry, { sent: sent + 1, mine: mine + 1 })
  if (Date.now() - fetchedAt > OLD_MS) void loadUsage()
}
