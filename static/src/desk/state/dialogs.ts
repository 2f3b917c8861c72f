/** Which dialog is open; there is at most one. */

import { signal } from '@preact/signals'
import type { SentFile } from '../../shared/wire'

export type DialogName = 'end' | 'handOver' | 'keys' | 'palette' | 'script' | 'undelivered'

export const dialog = signal<DialogName | null>(null)
/** An earlier talk of the customer, opened to read only. */
export const earlierId = signal<string | null>(null)

/** Pictures to look at, and which of them. */
export interface Viewed { files: readonly SentFile[]; at: number }
export const viewed = signal<Viewed | null>(null)
