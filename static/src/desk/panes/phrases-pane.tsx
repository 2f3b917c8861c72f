/** Phrases, the team's by category and one's own: a click puts what one says where the caret is. */

import type { JSX, TargetedEvent } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { book, byUse, more, search } from '../../shared/icons'
import { kept } from '../../shared/kept'
import { Empty } from '../../shared/parts/empty'
import { Tabs } from '../../shared/parts/tabs'
import type { Entry } from '../../shared/wire'
import { keyOf } from '../commands'
import {
  categories, entriesState, findAmong, inOrder, loadEntries, mine, phraseOrder, team,
  type Category, type Whose,
} from '../state/entries'
import { t } from '../words'
import { PhraseRow } from './phrase-row'

const SHOWN = 60

const whose = kept<Whose>('phrase-tab', 'team', ['team', 'mine'])

export function PhrasesPane(): JSX.Element {
  const [wanted, setWanted] = useState('')
  return (
    <>
      <div class="phrases-head">
        <label class="search side-search">
          <span class="sr-only">{t('searchPhrases')}</span>
          <Icon of={search} small />
          <input class="input" type="search" placeholder={t('searchPhrases')} value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)} />
        </label>
        <OrderButton />
      </div>
      <Phrases wanted={wanted.trim()} />
    </>
  )
}

function OrderButton(): JSX.Element {
  const on = phraseOrder.value === 'use'
  return (
    <button type="button" class="icon-button" aria-pressed={on} aria-label={t('byUse')}
      title={t(on ? 'byShop' : 'byUse')}
      onClick={() => { phraseOrder.value = on ? 'shop' : 'use' }}>
      <Icon of={byUse} />
    </button>
  )
}

function Phrases({ wanted }: { wanted: string }): JSX.Element {
  if (entriesState.value === 'loading') return <p class="side-note">{t('loading')}</p>
  if (entriesState.value === 'failed') {
    return (
      <Empty icon={book} title={t('loadFailed')}>
        <button type="button" class="button" onClick={() => void loadEntries()}>
          {t('retry')}
        </button>
      </Empty>
    )
  }
  const all = { team: team.value, mine: mine.value }
  const found = {
    team: wanted ? findAmong(all.team, wanted) : all.team,
    mine: wanted ? findAmong(all.mine, wanted) : inOrder(all.mine),
  }
  const tab = whose.value
  return (
    <>
      <Tabs<Whose> label={t('whosePhrases')} panel="phrases-panel" chosen={tab}
        choose={(chosen) => { whose.value = chosen }}
        tabs={[
          { id: 'team', label: t('teamPhrases'), count: found.team.length },
          { id: 'mine', label: t('myPhrases'), count: found.mine.length },
        ]} />
      <div id="phrases-panel" role="tabpanel" aria-labelledby={`phrases-panel-${tab}`}>
        {found[tab].length === 0 && <Nothing tab={tab} wanted={wanted} />}
        {tab === 'team' && !wanted
          ? categories.value.map((one) => <Shelf key={one.name} shelf={one} />)
          : <PhraseList of={wanted ? found[tab].slice(0, SHOWN) : found[tab]} />}
      </div>
    </>
  )
}

function Nothing({ tab, wanted }: { tab: Whose; wanted: string }): JSX.Element {
  if (wanted) return <Empty icon={search} title={t('nothingFound')} text={t('phrasesNothingHelp')} />
  if (tab === 'team') return <Empty icon={book} title={t('noPhrases')} text={t('noPhrasesHelp')} />
  const key = keyOf('saveScript')
  return <Empty icon={book} title={t('noOwnPhrases')} text={t('noOwnPhrasesHelp', { key })} />
}

/** Rows are drawn when the shelf is opened: a shop may have thousands of phrases. */
function Shelf({ shelf }: { shelf: Category }): JSX.Element {
  const [open, setOpen] = useState(false)
  const toggled = (event: TargetedEvent<HTMLDetailsElement>): void => {
    if (event.target === event.currentTarget) setOpen(event.currentTarget.open)
  }
  return (
    <details class="shelf" onToggle={toggled}>
      <summary class="shelf-name">
        <Icon of={more} small />
        <span>{shelf.name || t('noCategory')}</span>
        <span class="badge badge-quiet">{shelf.count}</span>
      </summary>
      {open && shelf.under.map((one) => <Shelf key={one.name} shelf={one} />)}
      {open && shelf.entries.length > 0 && <PhraseList of={shelf.entries} />}
    </details>
  )
}

function PhraseList({ of }: { of: readonly Entry[] }): JSX.Element {
  return <ul class="phrases">{of.map((entry) => <PhraseRow key={entry.id} entry={entry} />)}</ul>
}
