/** That something may have changed on the server: others wrote, the connection is back, the page is
 * looked at again, or a minute went by. */

import { signal } from '@preact/signals'
import { connected, socket } from '../../shared/socket'

/** Several changes that come at once are one. */
const GATHER_MS = 300
/** Not all that is shown is told of when it changes. */
const OFTEN_MS = 60_000

/** Another number each time. */
export const heard = signal(0)

let gathering: ReturnType<typeof setTimeout> | undefined

export function startHeeding(): void {
  socket.on('entries', hear)
  connected.subscribe((is) => { if (is) hear() })
  const look = (): void => { if (!document.hidden) hear() }
  addEventListener('focus', look)
  document.addEventListener('visibilitychange', look)
  setInterval(look, OFTEN_MS)
}

function hear(): void {
  clearTimeout(gathering)
  gathering = setTimeout(() => { heard.value += 1 }, GATHER_MS)
}
