/** Live proposals for the shopper's latest words, and a box to ask the knowledge by hand. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { book, search, suggest as suggestIcon } from '../../shared/icons'
import { refusal } from '../deeds'
import { ask } from '../../shared/socket'
import { Empty } from '../../shared/parts/empty'
import { Marked } from '../../shared/parts/text'
import { notify } from '../../shared/notices'
import { offered, proposals, type Found } from '../state/suggestions'
import { t } from '../words'
import { SuggestionCard } from './suggestion-card'

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
  const items = offered(found)
  if (items.length > 0) return <Results id={id} found={{ ...found, items }} live />
  const title = t(found.items.length > 0 ? 'noneLeft' : 'noSuggestion')
  return <Empty icon={book} title={title} text={t('noSuggestionHelp')} />
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
    if (answer.ok) show({ text: query, items: answer.items, limits: answer.limits })
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
  const [active, setActive] = useState('')
  const { items } = found
  const spans = (items.find(({ entry }) => entry === active) ?? items[0])?.why ?? []
  return (
    <>
      <p class="asked">
        <span class="asked-label">{t(live ? 'shopperAsked' : 'youAsked')}</span>
        <Marked text={found.text} spans={spans} />
      </p>
      <ol class="suggestions">
        {items.map((item, place) => (
          <SuggestionCard key={item.entry} id={id} item={item} place={place} found={found}
            live={live} look={() => setActive(item.entry)} />
        ))}
      </ol>
    </>
  )
}
