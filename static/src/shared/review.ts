/** How much of what agents propose waits for a lead. */

import { signal } from '@preact/signals'

export const reviewing = signal(0)
