/** One suggestion: what it answers, why it is here and how sure that is, and what to do with it. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { done } from '../../shared/icons'
import { cut } from '../../shared/spans'
import type { Limits, Suggestion } from '../../shared/wire'
import { hint, type CommandName } from '../commands'
import { backToComposer, editSuggestion, sendSuggestion } from '../deeds'
import { reject, teach } from '../live/learning'
import { Marked } from '../../shared/parts/text'
import { correction, percent } from '../../shared/words'
import { me } from '../state/people'
import { openTalk } from '../state/selection'
import type { Found } from '../state/suggestions'
import { lessonFor } from '../state/teaching'
import { t, type Phrase } from '../words'

interface CardProps {
  id: string
  item: Suggestion
  place: number
  found: Found
  /** Offered for the shopper's words, not found by asking. */
  live: boolean
  look: () => void
}

/** A smaller correction would be told as 0 %. */
const TOLD = 0.0005

export function SuggestionCard(props: CardProps): JSX.Element {
  const { item, place, found, look } = props
  return (
    <li class="card suggestion" onMouseEnter={look} onFocusCapture={look}>
      <p class="suggestion-head">
        <span class="suggestion-place">{place + 1}</span>
        <b class="suggestion-question">
          {asItStands(item) ? <Marked text={item.question} spans={item.matched} /> : item.question}
        </b>
        {item.sure && (
          <span class="chip chip-accent suggestion-sure" title={t('sureHelp')}>
            <Icon of={done} small />{t('sure')}
          </span>
        )}
        <Score item={item} limits={found.limits} />
      </p>
      <Phrasing item={item} />
      <p class="suggestion-text">{item.text}</p>
      <SharedWords item={item} text={found.text} />
      <Deeds {...props} />
    </li>
  )
}

function asItStands({ phrase, question }: Suggestion): boolean {
  return phrase === question
}

/** Which of the entry's other phrasings the words are close to. */
function Phrasing({ item }: { item: Suggestion }): JSX.Element | null {
  if (!item.phrase || asItStands(item)) return null
  return (
    <p class="suggestion-phrase">
      <span>{t('phrasing')}</span> <Marked text={item.phrase} spans={item.matched} />
    </p>
  )
}

function Score({ item, limits }: { item: Suggestion; limits: Limits }): JSX.Element {
  const score = percent(item.score)
  const [show, sure, lead] = [limits.show, limits.sure, limits.lead].map(percent)
  const bare = t('scoreWhy', { score, show: show ?? '', sure: sure ?? '', lead: lead ?? '' })
  const lift = Math.abs(item.lift ?? 0) < TOLD ? 0 : item.lift
  const why = lift ? t('scoreLift', { why: bare, lift: correction(lift) }) : bare
  return (
    <span class="suggestion-score" title={why}>
      <span aria-hidden="true">{score}</span><span class="sr-only">{why}</span>
    </span>
  )
}

function SharedWords({ item, text }: { item: Suggestion; text: string }): JSX.Element | null {
  const words = [...new Set(cut(text, item.why).filter((_, at) => at % 2))]
  if (words.length === 0) return null
  return (
    <p class="suggestion-why">
      <span>{t('matched')}</span>
      {words.map((word) => <mark key={word}>{word}</mark>)}
    </p>
  )
}

function Deeds({ id, item, place, live }: CardProps): JSX.Element {
  const talk = openTalk.value
  const answering = talk?.stage === 'open' && talk.agent?.id === me.value.id
  const first = live && place === 0
  const tip = (name: CommandName, words: Phrase): string => first ? hint(name, t(words)) : t(words)
  const named = { question: item.question }
  const away = (): void => {
    void reject(id, item)
    backToComposer()
  }
  return (
    <div class="suggestion-foot">
      {live && (
        <button type="button" class="button button-s button-quiet" disabled={!answering}
          title={tip('reject', 'rejectHelp')} aria-label={t('rejectSuggestion', named)}
          onClick={away}>
          {t('reject')}
        </button>
      )}
      <TeachButton id={id} item={item} />
      <button type="button" class="button button-s suggestion-edit" disabled={!answering}
        title={tip('editFirst', 'editHelp')} aria-label={t('editSuggestion', named)}
        onClick={() => editSuggestion(id, item)}>
        {t('edit')}
      </button>
      <button type="button" class="button button-s button-main" disabled={!answering}
        title={tip('first', 'useHelp')} aria-label={t('useSuggestion', named)}
        onClick={() => sendSuggestion(id, item)}>
        {t('use')}
      </button>
    </div>
  )
}

/** For an entry that fits and was ranked low: the shopper's words become one of its phrasings. */
function TeachButton({ id, item }: { id: string; item: Suggestion }): JSX.Element | null {
  const lesson = lessonFor(id, item)
  if (!lesson) return null
  const says = t('teachThis', { text: lesson.text, question: lesson.question })
  const run = (): void => {
    void teach(lesson)
    backToComposer()
  }
  return (
    <button type="button" class="button button-s button-quiet" title={says}
      aria-label={`${t('teach')}: ${says}`} onClick={run}>
      {t('teach')}
    </button>
  )
}
