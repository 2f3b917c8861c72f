/** The left column: the categories as a tree that is walked with the arrow keys. */

import { signal } from '@preact/signals'
import type { JSX, TargetedKeyboardEvent } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { back, more, pencil } from '../../shared/icons'
import { Dialog } from '../../shared/parts/dialog'
import { figure } from '../../shared/words'
import { mayWrite } from '../rights'
import { shelf } from '../state/shelf'
import { treeShown } from './state/columns'
import { category } from './state/filter'
import { moveTo } from './state/marked'
import { renameCategory } from './state/together'
import { fold, folded, shownBranches, without, type Branch } from './state/tree'
import { t } from './words'

const renaming = signal<string | null>(null)

export function TreePane(): JSX.Element {
  return (
    <nav class="tree-pane" aria-label={t('categories')}>
      <div class="tree-head">
        <button type="button" class="icon-button tree-back" aria-label={t('back')}
          title={t('back')} onClick={() => { treeShown.value = false }}>
          <Icon of={back} />
        </button>
        <h2>{t('categories')}</h2>
      </div>
      <ul class="tree" role="tree" aria-label={t('categories')} onKeyDown={walk}>
        <Leaf path={null} name={t('filter_all')} count={shelf.value.length} />
        {shownBranches.value.map((branch) => (
          <Leaf key={branch.path} {...branch} branch={branch} />
        ))}
        {without.value > 0 && (
          <Leaf path="" name={t('withoutCategory')} count={without.value} />
        )}
      </ul>
      {renaming.value && <Rename key={renaming.value} path={renaming.value} />}
    </nav>
  )
}

function Leaf({ path, name, count, branch }: {
  path: string | null
  name: string
  count: number
  branch?: Branch
}): JSX.Element {
  const chosen = category.value === path
  const parent = branch !== undefined && branch.under.length > 0
  const open = parent && !folded.value.has(branch.path)
  return (
    <li class="leaf" role="treeitem" aria-selected={chosen} tabIndex={tabStop() === path ? 0 : -1}
      aria-level={(branch?.depth ?? 0) + 1} aria-expanded={parent ? open : undefined}
      aria-label={t('leaf', { name, n: count })} data-path={path ?? undefined}
      style={{ paddingLeft: `${8 + (branch?.depth ?? 0) * 16}px` }}
      onClick={() => choose(path)}>
      {parent ? (
        <span class="leaf-fold" data-open={open ? '' : undefined} aria-hidden="true"
          onClick={(event) => { event.stopPropagation(); fold(branch.path, open) }}>
          <Icon of={more} small />
        </span>
      ) : <span class="leaf-fold" aria-hidden="true" />}
      <span class="leaf-name">{name}</span>
      {branch && mayWrite && (
        <button type="button" class="leaf-rename" tabIndex={-1} title={t('rename')}
          aria-label={t('renameCategory', { name })}
          onClick={(event) => { event.stopPropagation(); renaming.value = branch.path }}>
          <Icon of={pencil} small />
        </button>
      )}
      <span class="leaf-count">{figure(count)}</span>
    </li>
  )
}

function Rename({ path }: { path: string }): JSX.Element {
  const [name, setName] = useState(path)
  const leave = (): void => { renaming.value = null }
  const run = async (event: Event): Promise<void> => {
    event.preventDefault()
    const to = name.trim()
    leave()
    if (!to || to === path || !(await renameCategory(path, to))) return
    const was = category.peek()
    if (was === path || was?.startsWith(`${path}/`)) category.value = to + was.slice(path.length)
  }
  return (
    <Dialog title={t('renameCategory', { name: path })} leave={leave}>
      <form class="dialog-body" onSubmit={(event) => void run(event)}>
        <label class="field">
          <span class="field-label">{t('newName')}</span>
          <input class="input" autoFocus required value={name} maxLength={50}
            onInput={(event) => setName(event.currentTarget.value)} />
          <span class="quiet">{t('renameHelp')}</span>
        </label>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={leave}>{t('cancel')}</button>
          <button type="submit" class="button button-main">{t('rename')}</button>
        </div>
      </form>
    </Dialog>
  )
}

/** The chosen one; all, while that is folded away. */
function tabStop(): string | null {
  const path = category.value
  const shown = path === '' || shownBranches.value.some((branch) => branch.path === path)
  return shown ? path : null
}

function choose(path: string | null): void {
  category.value = path
  treeShown.value = false
  moveTo(0)
}

/** As a tree: right opens and goes in, left closes and goes out, F2 renames. */
function walk(event: TargetedKeyboardEvent<HTMLUListElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.leaf')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const row = rows[at]
  if (!row) return
  const path = row.dataset['path']
  const open = row.ariaExpanded
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key]
  if (to !== undefined) rows[Math.max(0, Math.min(to, rows.length - 1))]?.focus()
  else if (event.key === 'ArrowRight') {
    if (open === 'false' && path) fold(path, false)
    else if (open === 'true') rows[at + 1]?.focus()
  } else if (event.key === 'ArrowLeft') {
    if (open === 'true' && path) fold(path, true)
    else outOf(rows, at)?.focus()
  } else if (event.key === 'Enter' || event.key === ' ') choose(path ?? null)
  else if (event.key === 'F2' && path && mayWrite) renaming.value = path
  else return
  event.preventDefault()
}

function outOf(rows: readonly HTMLElement[], at: number): HTMLElement | undefined {
  const level = Number(rows[at]?.ariaLevel)
  return rows.slice(0, at).reverse().find((row) => Number(row.ariaLevel) < level)
}
