/** Keys of the whole page: the table of `commands`, and the few that depend on where one is. */

import { composing, pressed, writing } from '../shared/keys'
import { commands, openPlace, type Command } from './commands'
import { focusComposer, insertText } from './deeds'
import { dialog, earlierId, viewed } from './state/dialogs'
import { hideSide, openId, sideShown } from './state/selection'

export function startKeyboard(): void {
  addEventListener('keydown', onKey)
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || composing(event) || event.getModifierState('AltGraph')) return
  if (dialog.peek() || earlierId.peek() || viewed.peek()) return
  const found = Object.values<Command>(commands).find(({ keys }) =>
    keys.some((key) => pressed(event, key)))
  if (found) {
    event.preventDefault()
    if (found.can()) found.run()
  } else if (placePressed(event) || plainKey(event)) {
    event.preventDefault()
  }
}

function placePressed(event: KeyboardEvent): boolean {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]
  if (!digit || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false
  openPlace(Number(digit) - 1)
  return true
}

function plainKey(event: KeyboardEvent): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey) return false
  if (event.key === 'Escape') return escape()
  if (writing(event.target)) return false
  if (event.key === '?' || event.key === '？') {
    dialog.value = 'keys'
    return true
  }
  if (event.code !== 'Slash' || event.shiftKey || !openId.peek()) return false
  insertText('/')
  return true
}

/** A menu that is open closes by itself; otherwise the way leads back to the composer. */
function escape(): boolean {
  if (document.querySelector(':popover-open')) return false
  if (sideShown.peek()) hideSide()
  focusComposer()
  return true
}
