/** The agent at this screen, the colleagues with their presence, and the groups. */

import { computed, signal } from '@preact/signals'
import type { DeskAgent, Named, Presence } from '../../shared/wire'
import { boot } from '../../shared/boot'

export const me = signal<DeskAgent>({ ...boot.agent, state: 'away', capacity: 0, groups: [] })
export const agents = signal<ReadonlyMap<string, Presence>>(new Map())
export const groups = signal<readonly Named[]>([])
export const queueLength = signal(0)

export const colleagues = computed(() =>
  [...agents.value.values()].filter((agent) => agent.id !== me.value.id).sort(byReadiness))

export function setPresence(presence: Presence): void {
  agents.value = new Map(agents.value).set(presence.id, presence)
  if (presence.id === me.value.id) {
    const { state, capacity, groups: own } = presence
    me.value = { ...me.value, state, capacity, groups: own }
  }
}

/** Those who can take a talk now come first, the least busy of them on top. */
function byReadiness(one: Presence, other: Presence): number {
  return rank(one) - rank(other) || one.load - other.load || one.name.localeCompare(other.name)
}

function rank(agent: Presence): number {
  if (!agent.online) return 3
  return { available: 0, busy: 1, away: 2 }[agent.state]
}
