/** Keys of the page: each section that is in sight lends its table. */

import { signal } from '@preact/signals'
import { composing, keyName, pressed, writing, type Key } from '../shared/keys'
import type { KeyRow } from '../shared/parts/key-list'
import { t } from './words'

export interface Shortcut {
  label: () => string
  key: Key
  run: () => void
}

export const keysShown = signal(false)

const lent = new Set<() => readonly Shortcut[]>()
/** Keys that mean something only where the focus is: told, not obeyed here. */
const told = new Set<() => readonly KeyRow[]>()

/** Until the function that comes back is called. */
export function lendKeys(
  shortcuts: () => readonly Shortcut[], more: () => readonly KeyRow[] = () => [],
): () => void {
  lent.add(shortcuts)
  told.add(more)
  return () => {
    lent.delete(shortcuts)
    told.delete(more)
  }
}

export function keyRows(): KeyRow[] {
  const obeyed = [...lent].flatMap((one) => one())
    .map(({ key, label }): KeyRow => [[keyName(key)], label()])
  return [...obeyed, ...[...told].flatMap((one) => one()), [['?'], t('cmdKeys')]]
}

export function startKeyboard(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || composing(event) || event.getModifierState('AltGraph')) return
    const found = [...lent].flatMap((one) => one()).find(({ key }) => pressed(event, key))
    // In a dialog our keys do nothing, and what the browser does by them would only startle.
    if (document.querySelector('dialog[open]')) {
      if (found) event.preventDefault()
      return
    }
    if (found) found.run()
    else if ((event.key === '?' || event.key === '？') && !writing(event.target)) {
      keysShown.value = true
    } else return
    event.preventDefault()
  })
}
