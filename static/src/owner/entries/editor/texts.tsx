/** A list of short texts: Enter adds one, several pasted lines add several, an emptied one goes. */

import type { JSX, TargetedClipboardEvent, TargetedKeyboardEvent } from 'preact'
import { useRef } from 'preact/hooks'
import { Icon } from '../../../shared/icon'
import { close, plus } from '../../../shared/icons'
import { composing } from '../../../shared/keys'
import { bound } from '../state/opened'
import { t } from '../words'
import { Frame } from './frame'

const BULLET = /^\s*(?:[-•·*]|\d+[.、)）])\s*/

export function Texts({ field, label, help, adds }: {
  field: 'similar' | 'negative'
  label: string
  help: string
  adds: string
}): JSX.Element {
  const of = bound(field)
  const box = useRef<HTMLUListElement>(null)
  const texts = of.value
  const focus = (at: number): void => {
    queueMicrotask(() => box.current?.querySelectorAll('input')[at]?.focus())
  }
  const put = (at: number, ...lines: string[]): void =>
    of.set([...texts.slice(0, at), ...lines, ...texts.slice(at + 1)])
  const add = (at: number): void => {
    of.set([...texts.slice(0, at), '', ...texts.slice(at)])
    focus(at)
  }
  const drop = (at: number): void => {
    of.set(texts.filter((_, place) => place !== at))
    focus(Math.max(0, at - 1))
  }
  const pressed = (event: TargetedKeyboardEvent<HTMLInputElement>, at: number): void => {
    if (composing(event) || of.readOnly) return
    const empty = event.currentTarget.value === ''
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) add(at + 1)
    else if (event.key === 'Backspace' && empty) drop(at)
    else if (event.key === 'ArrowDown' && at < texts.length - 1) focus(at + 1)
    else if (event.key === 'ArrowUp' && at > 0) focus(at - 1)
    else return
    event.preventDefault()
  }
  const pasted = (event: TargetedClipboardEvent<HTMLInputElement>, at: number): void => {
    const lines = linesOf(event.clipboardData?.getData('text') ?? '')
    if (lines.length < 2 || of.readOnly) return
    event.preventDefault()
    put(at, ...(texts[at] ? [texts[at]] : []), ...lines)
    focus(at + lines.length - (texts[at] ? 0 : 1))
  }
  return (
    <Frame of={of} label={label} help={help} group
      {...(texts.length > 0 && { count: String(texts.length) })}>
      <ul ref={box} class="texts">
        {texts.map((text, at) => (
          <li key={at} class="texts-line">
            <input class="input" type="text" value={text} readOnly={of.readOnly} autocomplete="off"
              id={at === 0 ? of.id : undefined}
              aria-label={t('lineOf', { label, n: at + 1 })}
              onInput={(event) => put(at, event.currentTarget.value)}
              onKeyDown={(event) => pressed(event, at)} onPaste={(event) => pasted(event, at)} />
            {!of.readOnly && (
              <button type="button" class="icon-button texts-drop" onClick={() => drop(at)}
                aria-label={t('dropLine', { text })} title={t('remove')}>
                <Icon of={close} small />
              </button>
            )}
          </li>
        ))}
      </ul>
      {!of.readOnly && (
        <button type="button" class="button button-s texts-add" onClick={() => add(texts.length)}>
          <Icon of={plus} small />{adds}
        </button>
      )}
    </Frame>
  )
}

/** Pasted from a sheet or a chat: one text a line, its number or dash left out. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n|\t/).map((line) => line.replace(BULLET, '').trim()).filter(Boolean)
}
