/** What use has added to a match or taken from it, as words. */

import { correction } from '../../shared/words'

/** A smaller one would be told as 0 %. */
const TOLD = 0.0005

export function liftText(lift = 0): string | null {
  return Math.abs(lift) < TOLD ? null : correction(lift)
}
