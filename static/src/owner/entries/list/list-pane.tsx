/** The middle column: search, the state, the rows, and what is done to several at once. */

import type { JSX, TargetedKeyboardEvent } from 'preact'
import { Icon } from '../../../shared/icon'
import { book, menu, plus, search, sheet } from '../../../shared/icons'
import { composing } from '../../../shared/keys'
import { Empty } from '../../../shared/parts/empty'
import { figure } from '../../../shared/words'
import { where } from '../../address'
import { SECTION as IMPORTS } from '../../imports/open'
import { mayWrite } from '../../rights'
import { loadShelf, shelf, shelfState } from '../../state/shelf'
import { newEntry } from '../open'
import { treeShown } from '../state/columns'
import { hasDraft, NEW } from '../state/drafts'
import {
  category, filter, filterCounts, FILTERS, found, isFiltered, showAll, wanted, type Filter,
} from '../state/filter'
import { markedIds, moveTo } from '../state/marked'
import { t } from '../words'
import { BulkBar } from './bulk-bar'
import { List } from './list'

export function ListPane(): JSX.Element {
  return (
    <section class="list-pane" aria-label={t('entries')}>
      <div class="list-top">
        <button type="button" class="icon-button list-tree" aria-label={t('categories')}
          title={t('categories')} onClick={() => { treeShown.value = true }}>
          <Icon of={menu} />
        </button>
        <label class="search list-find">
          <span class="sr-only">{t('search')}</span>
          <Icon of={search} small />
          <input id="entry-search" class="input" type="search" placeholder={t('searchHint')}
            value={wanted.value} onKeyDown={intoList}
            onInput={(event) => find(event.currentTarget.value)} />
        </label>
        {mayWrite && (
          <button type="button" class="button button-main list-new" title={t('newHelp')}
            onClick={newEntry}>
            <Icon of={plus} small /><span>{t(hasDraft(NEW) ? 'goOnNew' : 'newEntry')}</span>
          </button>
        )}
      </div>
      <div class="list-bar">
        {markedIds.value.length > 0 ? <BulkBar /> : <Shown />}
      </div>
      <Rows />
    </section>
  )
}

function Shown(): JSX.Element {
  return (
    <>
      <select class="input list-state" aria-label={t('state')} value={filter.value}
        onChange={(event) => choose(event.currentTarget.value as Filter)}>
        {offered().map((one) => (
          <option key={one} value={one}>
            {t('filterCount', { name: t(`filter_${one}`), n: figure(numberOf(one)) })}
          </option>
        ))}
      </select>
      <p class="quiet list-count" role="status">
        {category.value !== null && (category.value || t('withoutCategory'))}
        {' '}{t('count', { n: found.value.length })}
      </p>
    </>
  )
}

function Rows(): JSX.Element {
  if (shelfState.value === 'loading' && shelf.value.length === 0) {
    return (
      <div class="list-loading" role="status">
        <span class="sr-only">{t('loading')}</span>
        {[0, 1, 2, 3, 4, 5].map((place) => <div key={place} class="skeleton" />)}
      </div>
    )
  }
  if (shelfState.value === 'failed') {
    return (
      <Empty icon={book} title={t('loadFailed')}>
        <button type="button" class="button" onClick={() => void loadShelf()}>{t('retry')}</button>
      </Empty>
    )
  }
  if (shelf.value.length === 0) return <NoEntries />
  if (found.value.length === 0) {
    return (
      <Empty icon={search} title={t('nothingFound')} text={t('nothingHelp')}>
        {isFiltered.value && (
          <button type="button" class="button" onClick={showAll}>{t('showAll')}</button>
        )}
      </Empty>
    )
  }
  return <List />
}

function NoEntries(): JSX.Element {
  return (
    <Empty icon={book} title={t('noEntries')} text={t(mayWrite ? 'noEntriesHelp' : 'noEntriesYet')}>
      {mayWrite && (
        <>
          <button type="button" class="button button-main" onClick={newEntry}>
            <Icon of={plus} small />{t('firstEntry')}
          </button>
          <a class="button" href={where(IMPORTS)}><Icon of={sheet} small />{t('bringFile')}</a>
        </>
      )}
    </Empty>
  )
}

/** States that no entry is in would only be in the way. */
function offered(): Filter[] {
  return FILTERS.filter((one) => one === 'all' || one === filter.value || numberOf(one) > 0)
}

function numberOf(one: Filter): number {
  return filterCounts.value.get(one) ?? 0
}

function find(words: string): void {
  wanted.value = words
  moveTo(0)
}

function choose(one: Filter): void {
  filter.value = one
  moveTo(0)
}

/** Down from the search, the keys walk what was found. */
function intoList(event: TargetedKeyboardEvent<HTMLInputElement>): void {
  if (composing(event) || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return
  event.preventDefault()
  document.getElementById('entry-list')?.focus()
}
