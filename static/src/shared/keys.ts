/** Keys as tables of commands name them. */

/** Letters go by their place on the keyboard (`code`): layouts and input methods change `key`. */
export interface Key { code: string; alt?: true; ctrl?: true }

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)
const NAMES: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', Enter: 'Enter' }

/** While an input method composes, every key belongs to it (229 is how older browsers say so). */
export function composing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}

export function pressed(event: KeyboardEvent, key: Key): boolean {
  return event.code === key.code && event.altKey === Boolean(key.alt) && !event.shiftKey
    && (event.ctrlKey || event.metaKey) === Boolean(key.ctrl)
}

export function keyName(key: Key): string {
  const letter = key.code.replace(/^Key|^Digit/, '')
  const shown = NAMES[letter] ?? letter
  if (MAC) return `${key.ctrl ? '⌘' : ''}${key.alt ? '⌥' : ''}${shown}`
  return [key.ctrl && 'Ctrl', key.alt && 'Alt', shown].filter(Boolean).join('+')
}

/** Whether what has the focus takes letters itself. */
export function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement
    && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
