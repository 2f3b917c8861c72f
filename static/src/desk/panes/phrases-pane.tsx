/** The shop's phrases by category; a click puts one, its names filled in, where the caret is. */

import type { JSX, TargetedEvent } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { book, more, search } from '../../shared/icons'
import type { Entry } from '../../shared/wire'
import { insertText } from '../deeds'
import { Empty } from '../../shared/parts/empty'
import { variablesOf } from '../state/cards'
import {
  categories, entries, entriesState, fill, findEntries, loadEntries, type Category,
} from '../state/entries'
import { me } from '../state/people'
import { openId, openTalk } from '../state/selection'
import { t } from '../words'

const SHOWN = 60

export function PhrasesPane(): JSX.Element {
  const [wanted, setWanted] = useState('')
  return (
    <>
      <label class="search side-search">
        <span class="sr-only">{t('searchPhrases')}</span>
        <Icon of={search} small />
        <input class="input" type="search" placeholder={t('searchPhrases')} value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)} />
      </label>
      <Phrases wanted={wanted.trim()} />
    </>
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
  if (entries.value.length === 0) {
    return <Empty icon={book} title={t('noPhrases')} text={t('noPhrasesHelp')} />
  }
  if (!wanted) {
    return <>{categories.value.map((one) => <Shelf key={one.name} shelf={one} />)}</>
  }
  const found = findEntries(wanted)
  if (found.length === 0) {
    return <Empty icon={search} title={t('nothingFound')} text={t('phrasesNothingHelp')} />
  }
  return <PhraseList of={found.slice(0, SHOWN)} />
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
  return <ul class="phrases">{of.map((entry) => <Phrase key={entry.id} entry={entry} />)}</ul>
}

function Phrase({ entry }: { entry: Entry }): JSX.Element {
  const words = fill(entry.answer, variablesOf(openId.value ?? ''))
  const talk = openTalk.value
  const answering = talk?.stage === 'open' && talk.agent?.id === me.value.id
  return (
    <li>
      <button type="button" class="phrase" disabled={!answering} onClick={() => insertText(words, entry.pictures)}
        title={t(answering ? 'insertHelp' : 'insertNeedsTalk')}>
        <span class="phrase-head">
          {entry.shortcut && <kbd class="key">{entry.shortcut}</kbd>}
          <b>{entry.question}</b>
        </span>
        <span class="phrase-answer">{words}</span>
      </button>
    </li>
  )
}
