/** Messages that did not arrive at their provider. */

import { signal } from '@preact/signals'

/** How many wait for a person, of those this agent may see. */
export const undelivered = signal(0)
