/** Hearing of changes that others make, so that the page shows what is there. */

import { signal } from '@preact/signals'
import { reviewing } from '../shared/review'
import { onlyHear, socket, stayConnected } from '../shared/socket'
import { shelfChanged } from './state/shelf'

/** The first seconds of a page are not a lost connection. */
const PATIENCE_MS = 2_500
export const patient = signal(true)

export function startHearing(): void {
  setTimeout(() => { patient.value = false }, PATIENCE_MS)
  onlyHear('entries')
  socket.on('entries', ({ ids }) => shelfChanged(ids))
  socket.on('review', ({ waiting }) => { reviewing.value = waiting })
  let missed = false
  stayConnected({
    opened: async () => {
      if (missed) shelfChanged()
      return true
    },
    lost: () => { missed = true },
    woken: () => undefined,
  })
}
