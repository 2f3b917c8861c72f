/** The list itself: the entries that were found. */

import type { JSX } from 'preact'
import { LongList, type Deeds } from '../../parts/long-list'
import { found } from '../state/filter'
import {
  cursor, markAll, marked, markNone, markRange, moveTo, toggle,
} from '../state/marked'
import { openEntry } from '../open'
import { t } from '../words'
import { Row } from './row'

const DEEDS: Deeds = { moveTo, open, toggle, markRange, markAll, pressed: leave }

export function List(): JSX.Element {
  const list = found.value
  return (
    <LongList name="entry" label={t('entries')} rows={list} cursor={cursor} deeds={DEEDS}
      marking={marked.value.size > 0} row={(entry, at) => (
        <Row key={entry.id} entry={entry} at={at} total={list.length} />
      )} />
  )
}

function open(at: number): void {
  const entry = found.peek()[at]
  if (entry) openEntry(entry.id)
}

function leave(event: KeyboardEvent): boolean {
  if (event.key !== 'Escape' || marked.peek().size === 0) return false
  markNone()
  return true
}
