/** The first sign of a name, in a circle; a 访客 8a31 shows its number, not the same 访 each time. */

import type { JSX } from 'preact'

export function Avatar({ name }: { name: string }): JSX.Element {
  return <span class="avatar" aria-hidden="true">{initial(name)}</span>
}

function initial(name: string): string {
  const tail = /\s([0-9a-z]{2})[0-9a-z]*$/i.exec(name)?.[1]
  return (tail ?? [...name.trim()][0] ?? '?').toUpperCase()
}
