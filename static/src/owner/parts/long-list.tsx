/** A list of thousands of rows of which only those in sight are in the page; walked, opened and
 * marked by keys and clicks alike. */

import type { Signal } from '@preact/signals'
import type { JSX, TargetedKeyboardEvent, TargetedMouseEvent } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { composing } from '../../shared/keys'
import { inSight, ROW_PX, slice } from './rows'

/** What is done at a place of the list. */
export interface Deeds {
  moveTo: (at: number, how?: { extend?: boolean }) => void
  open: (at: number) => void
  toggle: (at: number) => void
  markRange: (at: number) => void
  markAll: () => void
  /** Further keys and clicks; false leaves them to the list. */
  pressed?: (event: KeyboardEvent, at: number) => boolean
  clicked?: (target: HTMLElement, at: number) => boolean
}

interface LongListProps<T> {
  /** `NAME-list` is the list's id, and `NAME-PLACE` that of a row. */
  name: string
  label: string
  rows: readonly T[]
  /** The place that keys move from. */
  cursor: Signal<number>
  marking?: boolean
  deeds: Deeds
  /** An option at `ROW_PX` times its place, with `data-at`; on `data-box` a click marks. */
  row: (one: T, at: number) => JSX.Element
}

export function LongList<T>(props: LongListProps<T>): JSX.Element {
  const { name, label, rows, cursor, marking = false, deeds, row } = props
  const box = useRef<HTMLUListElement>(null)
  const [view, setView] = useState({ top: 0, height: 800 })
  const { from, to } = slice(rows.length, view.top, view.height)
  const see = (): void => {
    const shown = box.current
    if (shown) setView({ top: shown.scrollTop, height: shown.clientHeight })
  }
  useLayoutEffect(() => {
    const observer = new ResizeObserver(see)
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  useLayoutEffect(() => {
    if (cursor.peek() >= rows.length) cursor.value = 0
    see()
  }, [rows])
  useLayoutEffect(() => {
    const shown = box.current
    if (shown) shown.scrollTop = inSight(cursor.value, shown.scrollTop, shown.clientHeight)
  }, [cursor.value])
  return (
    <ul ref={box} id={`${name}-list`} class="entry-list" role="listbox" tabIndex={0}
      aria-label={label} aria-multiselectable="true"
      aria-activedescendant={rows.length > 0 ? `${name}-${cursor.value}` : undefined}
      data-marking={marking ? '' : undefined}
      onScroll={see} onMouseDown={keepText} onClick={(event) => onClick(event, deeds)}
      onKeyDown={(event) => onKey(event, props, view.height)}>
      <li class="entry-space" role="presentation" style={{ height: `${rows.length * ROW_PX}px` }} />
      {rows.slice(from, to).map((one, place) => row(one, from + place))}
    </ul>
  )
}

/** Shift with the mouse chooses rows, not the words between them. */
function keepText(event: MouseEvent): void {
  if (event.shiftKey) event.preventDefault()
}

function onClick(event: TargetedMouseEvent<HTMLUListElement>, deeds: Deeds): void {
  const target = event.target as HTMLElement
  const row = target.closest<HTMLElement>('[data-at]')
  if (!row) return
  const at = Number(row.dataset['at'])
  event.currentTarget.focus()
  if (deeds.clicked?.(target, at)) return
  if (event.shiftKey) deeds.markRange(at)
  else if (event.ctrlKey || event.metaKey || target.closest('[data-box]')) deeds.toggle(at)
  else {
    deeds.moveTo(at)
    deeds.open(at)
  }
}

function onKey<T>(
  event: TargetedKeyboardEvent<HTMLUListElement>, { rows, cursor, deeds }: LongListProps<T>,
  height: number,
): void {
  if (composing(event) || event.altKey) return
  const ctrl = event.ctrlKey || event.metaKey
  const page = Math.max(1, Math.floor(height / ROW_PX) - 1)
  const at = cursor.peek()
  const to = {
    ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0,
    End: rows.length - 1,
  }[event.key]
  if (to !== undefined) deeds.moveTo(to, { extend: event.shiftKey })
  else if (event.key === 'Enter' && !ctrl) deeds.open(at)
  else if (event.key === ' ') deeds.toggle(at)
  else if (event.code === 'KeyA' && ctrl) deeds.markAll()
  else if (!deeds.pressed?.(event, at)) return
  event.preventDefault()
}
