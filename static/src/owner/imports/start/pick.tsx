/** A button that lets one choose a file. */

import type { ComponentChildren, JSX } from 'preact'
import { take } from '../state/stage'

const KINDS = '.csv,.txt,.xlsx,.xls,.yaml,.yml'

export function Pick({ main = false, children }: {
  main?: boolean
  children: ComponentChildren
}): JSX.Element {
  return (
    <label class={`button pick ${main ? 'button-main' : ''}`}>
      {children}
      <input class="sr-only" type="file" accept={KINDS} onChange={(event) => {
        const { currentTarget } = event
        take([...currentTarget.files ?? []])
        // The same file may be chosen again once it is corrected.
        currentTarget.value = ''
      }} />
    </label>
  )
}
