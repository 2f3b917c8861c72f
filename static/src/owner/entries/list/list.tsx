/** The list itself: thousands of rows of which only those in sight are in the page. */

import type { JSX, TargetedKeyboardEvent, TargetedMouseEvent } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { composing } from '../../../shared/keys'
import { found } from '../state/filter'
import {
  cursor, markAll, marked, markNone, markRange, moveTo, toggle,
} from '../state/marked'
import { openEntry } from '../open'
import { t } from '../words'
import { Row } from './row'
import { inSight, ROW_PX, slice } from './rows'

export function List(): JSX.Element {
  const box = useRef<HTMLUListElement>(null)
  const [view, setView] = useState({ top: 0, height: 800 })
  const list = found.value
  const { from, to } = slice(list.length, view.top, view.height)
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
    if (cursor.peek() >= list.length) cursor.value = 0
    see()
  }, [list])
  useLayoutEffect(() => {
    const shown = box.current
    if (shown) shown.scrollTop = inSight(cursor.value, shown.scrollTop, shown.clientHeight)
  }, [cursor.value])
  return (
    <ul ref={box} id="entry-list" class="entry-list" role="listbox" tabIndex={0}
      aria-label={t('entries')} aria-multiselectable="true"
      aria-activedescendant={list.length > 0 ? `entry-${cursor.value}` : undefined}
      data-marking={marked.value.size > 0 ? '' : undefined}
      onScroll={see} onClick={clicked} onMouseDown={keepText}
      onKeyDown={(event) => onKey(event, view.height)}>
      <li class="entry-space" role="presentation" style={{ height: `${list.length * ROW_PX}px` }} />
      {list.slice(from, to).map((entry, place) => (
        <Row key={entry.id} entry={entry} at={from + place} total={list.length} />
      ))}
    </ul>
  )
}

/** Shift with the mouse chooses rows, not the words between them. */
function keepText(event: MouseEvent): void {
  if (event.shiftKey) event.preventDefault()
}

function clicked(event: TargetedMouseEvent<HTMLUListElement>): void {
  const target = event.target as HTMLElement
  const row = target.closest<HTMLElement>('[data-at]')
  if (!row) return
  const at = Number(row.dataset['at'])
  event.currentTarget.focus()
  if (event.shiftKey) markRange(at)
  else if (event.ctrlKey || event.metaKey || target.closest('[data-box]')) toggle(at)
  else {
    moveTo(at)
    open(at)
  }
}

function onKey(event: TargetedKeyboardEvent<HTMLUListElement>, height: number): void {
  if (composing(event) || event.altKey) return
  const ctrl = event.ctrlKey || event.metaKey
  const page = Math.max(1, Math.floor(height / ROW_PX) - 1)
  const at = cursor.peek()
  const to = {
    ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0,
    End: found.peek().length - 1,
  }[event.key]
  if (to !== undefined) moveTo(to, { extend: event.shiftKey })
  else if (event.key === 'Enter') open(at)
  else if (event.key === ' ') toggle(at)
  else if (event.code === 'KeyA' && ctrl) markAll()
  else if (event.key === 'Escape' && marked.peek().size > 0) markNone()
  else return
  event.preventDefault()
}

function open(at: number): void {
  const entry = found.peek()[at]
  if (entry) openEntry(entry.id)
}
