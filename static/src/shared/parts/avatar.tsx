/** The first sign of a name, in a circle; a visitor without a name (访客8a31) shows the number. */

import type { JSX } from 'preact'

export function Avatar({ name }: { name: string }): JSX.Element {
  return <span class="avatar" aria-hidden="true">{initial(name)}</span>
}

function initial(name: string): string {
  const tail = /^访客\s?([0-9a-f]{2})[0-9a-f]+$/i.exec(name)?.[1]
  return (tail ?? [...name.trim()][0] ?? '?').toUpperCase()
}
