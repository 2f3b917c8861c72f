/** The entries: categories, list, editor. */

import { effect } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { book } from '../../shared/icons'
import type { KeyRow } from '../../shared/parts/key-list'
import { lendKeys, type Shortcut } from '../keyboard'
import { mayWrite } from '../rights'
import type { Section } from '../sections'
import { shelfState } from '../state/shelf'
import { EditorPane } from './editor/editor-pane'
import { SAVE_KEY } from './editor/head'
import { ListPane } from './list/list-pane'
import { newEntry, SECTION } from './open'
import { save } from './saving'
import { column } from './state/columns'
import { found } from './state/filter'
import { cursor } from './state/marked'
import { openId } from './state/opened'
import { undoLast } from './state/undoing'
import { TreePane } from './tree-pane'
import { t } from './words'

export const entriesSection: Section = {
  id: SECTION, label: () => t('entries'), icon: book, role: 'agent', View: Entries,
}

function Entries(): JSX.Element {
  useEffect(() => lendKeys(() => mayWrite ? LEAD : READ, () => [
    [['↑', '↓'], t('keyWalk')], [['Enter'], t('keyOpen')], [['Space'], t('keyMark')],
    [['Shift+↑', 'Shift+↓'], t('keyRange')], [['Ctrl+A'], t('keyAll')],
    ...(mayWrite ? leadRows() : []),
  ]), [])
  useEffect(followOpen, [])
  return (
    <div class="columns" data-column={column.value} onKeyDown={undoInList}>
      <TreePane />
      <ListPane />
      <EditorPane />
    </div>
  )
}

function leadRows(): KeyRow[] {
  return [[['Ctrl+Z'], t('keyUndo')], [['F2'], t('keyRename')]]
}

const READ: readonly Shortcut[] = [
  { label: () => t('search'), key: { code: 'KeyK', ctrl: true }, run: search },
]
const LEAD: readonly Shortcut[] = [
  ...READ,
  { label: () => t('save'), key: SAVE_KEY, run: () => void save() },
  { label: () => t('newEntry'), key: { code: 'KeyN', ctrl: true, alt: true }, run: newEntry },
]

function search(): void {
  const field = document.querySelector<HTMLInputElement>('#entry-search')
  field?.focus()
  field?.select()
}

/** In a text Ctrl+Z belongs to the text. */
function undoInList(event: KeyboardEvent): void {
  const at = event.target as HTMLElement
  if (event.code !== 'KeyZ' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return
  if (!at.closest('#entry-list, .tree')) return
  event.preventDefault()
  if (mayWrite) undoLast()
}

/** The keys go on from the entry that was opened. */
function followOpen(): () => void {
  return effect(() => {
    const open = openId.value
    if (shelfState.value !== 'ready') return
    const at = found.peek().findIndex(({ id }) => id === open)
    if (at >= 0) cursor.value = at
  })
}
