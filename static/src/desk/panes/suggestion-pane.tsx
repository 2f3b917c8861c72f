/** Live proposals for the shopper's latest words, and a box to ask the knowledge by hand. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { book, search, suggest as suggestIcon } from '../../shared/icons'
import type { Suggestion } from '../../shared/wire'
import { hint } from '../commands'
import { editSuggestion, refusal, sendSuggestion } from '../deeds'
import { ask } from '../live/ask'
import { Empty } from '../parts/empty'
import { Marked } from '../parts/text'
import { notify } from '../state/notices'
import { me } from '../state/people'
import { openTalk } from '../state/selection'
import { cut, proposals } from '../state/suggestions'
import { percent, t } from '../words'

interface Found { text: string; items: readonly Suggestion[] }

export function SuggestionPane({ id }: { id: string | null }): JSX.Element {
  const [asked, setAsked] = useState<Found | null>(null)
  if (!id) return <Empty icon={suggestIcon} title={t('noTalk')} text={t('noTalkHelp')} />
  return (
    <>
      <AskBox id={id} show={setAsked} asked={asked !== null} />
      {asked ? <Asked id={id} found={asked} /> : <Live id={id} />}
    </>
  )
}

function Asked({ id, found }: { id: string; found: Found }): JSX.Element {
  if (found.items.length > 0) return <Results id={id} found={found} />
  return <Empty icon={search} title={t('nothingFound')} text={t('askNothingHelp')} />
}

function Live({ id }: { id: string }): JSX.Element {
  const found = proposals.value.get(id)
  if (!found) {
    const [title, text] = [t('suggestionsIdle'), t('suggestionsIdleHelp')]
    return <Empty icon={suggestIcon} title={title} text={text} />
  }
  if (found.items.length > 0) return <Results id={id} found={found} live />
  return <Empty icon={book} title={t('noSuggestion')} text={t('noSuggestionHelp')} />
}

function AskBox({ id, show, asked }: {
  id: string
  show: (found: Found | null) => void
  asked: boolean
}): JSX.Element {
  const [text, setText] = useState('')
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const query = text.trim()
    if (!query) return show(null)
    const answer = await ask('suggest', { conversation: id, text: query })
    if (answer.ok) show({ text: query, items: answer.items })
    else notify({ kind: 'failed', text: refusal(answer.error) })
  }
  const written = (value: string): void => {
    setText(value)
    if (!value.trim()) show(null)
  }
  return (
    <form class="ask" onSubmit={(event) => void submit(event)}>
      <label class="search">
        <span class="sr-only">{t('askKnowledge')}</span>
        <Icon of={search} small />
        <input class="input" type="search" placeholder={t('askKnowledge')} value={text}
          onInput={(event) => written(event.currentTarget.value)} />
      </label>
      <button type="submit" class="button">{t('ask')}</button>
      {asked && (
        <button type="button" class="button" onClick={() => written('')}>{t('backToLive')}</button>
      )}
    </form>
  )
}

function Results({ id, found, live = false }: {
  id: string
  found: Found
  live?: boolean
}): JSX.Element {
  const [active, setActive] = useState(0)
  const spans = (found.items[active] ?? found.items[0])?.why ?? []
  return (
    <>
      <p class="asked">
        <span class="asked-label">{t(live ? 'shopperAsked' : 'youAsked')}</span>
        <Marked text={found.text} spans={spans} />
      </p>
      <ol class="suggestions">
        {found.items.map((item, place) => (
          <SuggestionCard key={item.entry} id={id} item={item} place={place} text={found.text}
            first={live && place === 0} look={() => setActive(place)} />
        ))}
      </ol>
    </>
  )
}

function SuggestionCard({ id, item, place, text, first, look }: {
  id: string
  item: Suggestion
  place: number
  text: string
  first: boolean
  look: () => void
}): JSX.Element {
  const talk = openTalk.value
  const answering = talk?.stage === 'open' && talk.agent?.id === me.value.id
  const words = [...new Set(cut(text, item.why).filter((_, at) => at % 2))]
  return (
    <li class="card suggestion" onMouseEnter={look} onFocusCapture={look}>
      <p class="suggestion-head">
        <span class="suggestion-place">{place + 1}</span>
        <b class="suggestion-question">{item.question}</b>
        <span class="suggestion-score">
          <span class="sr-only">{t('score')}</span>{percent(item.score)}
        </span>
      </p>
      <p class="suggestion-text">{item.text}</p>
      <div class="suggestion-foot">
        <p class="suggestion-why">
          {words.length > 0 && <span>{t('matched')}</span>}
          {words.map((word) => <mark key={word}>{word}</mark>)}
        </p>
        <button type="button" class="button button-s" disabled={!answering}
          title={first ? hint('editFirst', t('editHelp')) : t('editHelp')}
          aria-label={t('editSuggestion', { question: item.question })}
          onClick={() => editSuggestion(id, item)}>
          {t('edit')}
        </button>
        <button type="button" class="button button-s button-main" disabled={!answering}
          title={first ? hint('first', t('useHelp')) : t('useHelp')}
          aria-label={t('useSuggestion', { question: item.question })}
          onClick={() => sendSuggestion(id, item)}>
          {t('use')}
        </button>
      </div>
    </li>
  )
}
