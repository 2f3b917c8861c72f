/** One icon of the shared set; it decorates, the words beside it speak. */

import { h, type JSX } from 'preact'
import type { Shapes } from './icons'

export function Icon({ of, small = false }: { of: Shapes; small?: boolean }): JSX.Element {
  return (
    <svg class={small ? 'icon icon-s' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      {of.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  )
}
