/** What the server wrote into the page: who is signed in, in which language, for which shop. */

import type { Role } from './wire'

export interface Boot {
  lang: string
  csrf: string
  agent: { id: string; name: string; role: Role }
  shop: { name: string }
  demo: boolean
}

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}') as Boot
