/** How long a shopper has been waiting: a figure that ticks, a word, and a colour last. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { clock } from '../../shared/icons'
import type { Time } from '../../shared/wire'
import { now, secondsSince } from '../../shared/clock'
import { band } from '../state/bands'
import { stopwatch, t } from '../words'

export function Waiting({ since }: { since: Time }): JSX.Element {
  const seconds = secondsSince(since, now.value)
  const stage = band(seconds)
  return (
    <span class={`waiting waiting-${stage}`}>
      <Icon of={clock} small />
      {t(`band_${stage}`, { time: stopwatch(seconds) })}
    </span>
  )
}
