/** Who proposed something, and when. */

import type { JSX } from 'preact'
import { serverTime } from '../../shared/clock'
import { fullTime, shortTime } from '../../shared/words'
import type { Named, Time } from '../../shared/wire'

export function By({ of: { by, at } }: { of: { by: Named; at: Time } }): JSX.Element {
  return (
    <span class="item-why">
      {by.name}{' · '}
      <time dateTime={at} title={fullTime(at)}>{shortTime(at, new Date(serverTime()))}</time>
    </span>
  )
}
