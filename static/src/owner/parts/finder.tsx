/** Finding one entry by a few words, and taking it. */

import type { JSX, TargetedKeyboardEvent } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { findIn } from '../../shared/finding'
import { Icon } from '../../shared/icon'
import { search } from '../../shared/icons'
import { composing } from '../../shared/keys'
import { say } from '../../shared/words'
import type { Entry } from '../../shared/wire'
import { shelf } from '../state/shelf'

const OFFERED = 6

/** The best of those that are not among `without`. */
export function offersFor(text: string, without: readonly string[]): readonly Entry[] {
  if (!text.trim()) return []
  return findIn(shelf.value, text).filter(({ id }) => !without.includes(id)).slice(0, OFFERED)
}

export function Offers({ of, pick }: {
  of: readonly Entry[]
  pick: (id: string) => void
}): JSX.Element | null {
  if (of.length === 0) return null
  return (
    <ul class="offered">
      {of.map(({ id, question, category }) => (
        <li key={id}>
          <button type="button" class="menu-item" onClick={() => pick(id)}>
            {question}<span class="quiet">{category}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Enter takes the first one. */
export function takesFirst(
  event: TargetedKeyboardEvent<HTMLInputElement>, offered: readonly Entry[],
  pick: (id: string) => void,
): void {
  const first = offered[0]
  if (composing(event) || event.key !== 'Enter' || !first) return
  event.preventDefault()
  pick(first.id)
}

export function Finder({ label, without = [], pick, first = false }: {
  label: string
  without?: readonly string[]
  pick: (id: string) => void
  /** It has the focus when it appears. */
  first?: boolean
}): JSX.Element {
  const box = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const offered = offersFor(text, without)
  useLayoutEffect(() => { if (first) box.current?.focus() }, [])
  const take = (id: string): void => {
    setText('')
    pick(id)
  }
  return (
    <div class="finder">
      <label class="search">
        <span class="sr-only">{label}</span>
        <Icon of={search} small />
        <input ref={box} class="input" type="search" autocomplete="off" placeholder={label}
          value={text} onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => takesFirst(event, offered, take)} />
      </label>
      <Offers of={offered} pick={take} />
      {text.trim() && offered.length === 0 && (
        <p class="quiet" role="status">{say('nothingFound')}</p>
      )}
    </div>
  )
}
