/** Somebody floods the shop: one line whose number grows. */

import { signal } from '@preact/signals'
import type { Flood } from '../../shared/wire'

export const flood = signal<Flood>({ turned_away: 0, addresses: 0 })
