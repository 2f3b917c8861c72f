/** What the server wrote into the page: who is signed in, in which language, for which shop. */

import type { Role } from './wire'

export interface Boot {
  lang: string
  csrf: string
  agent: { id: string; name: string; role: Role }
  shop: { name: string }
  demo: boolean
  /** On the page of the knowledge: the names of the shop's groups and agents. */
  team?: { groups: string[]; agents: string[] }
  /** On the page of the settings: how the internet reaches us, empty where that is not set. */
  address?: string
}

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}') as Boot
