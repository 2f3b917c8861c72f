/** Entries that need a hand: why in words, and the hand in place. */

import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { serverTime } from '../../shared/clock'
import { dayOf } from '../../shared/finding'
import { Icon } from '../../shared/icon'
import { alert, plus } from '../../shared/icons'
import { dayName } from '../../shared/words'
import { addSimilar, changeEntry } from '../entries/changing'
import { linesOf } from '../entries/editor/texts'
import { openEntry } from '../entries/open'
import { fieldName } from '../entries/values'
import { EntryLink } from '../parts/entry-link'
import { byId } from '../state/shelf'
import type { Item, ListName } from './source'
import { t } from './words'

const LONGER_DAYS = 30
const DAY_MS = 86_400_000

/** The entry and what is the matter with it. */
export function Head({ of, children }: {
  of: Item<ListName>
  children?: ComponentChildren
}): JSX.Element {
  return (
    <div class="item-head">
      <EntryLink id={of.entry} question={of.question} />
      <span class="item-why">{children}</span>
    </div>
  )
}

export function Open({ id }: { id: string }): JSX.Element {
  const question = byId.value.get(id)?.question ?? id
  return (
    <button type="button" class="button button-s" aria-label={t('openNamed', { question })}
      onClick={() => openEntry(id)}>
      {t('open')}
    </button>
  )
}

export function FewPhrases({ of }: { of: Item<'few_phrases'> }): JSX.Element {
  const [text, setText] = useState('')
  const lines = linesOf(text)
  const add = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (await addSimilar(of.entry, lines)) setText('')
  }
  return (
    <>
      <Head of={of}>{t('phrases', { n: of.phrases })}</Head>
      <form class="more-phrases" onSubmit={(event) => void add(event)}>
        <textarea class="input area" rows={1} value={text} placeholder={t('phrasesHint')}
          aria-label={t('phrasesFor', { question: of.question })}
          onInput={(event) => setText(event.currentTarget.value)} />
        <button type="submit" class="button" disabled={lines.length === 0}>
          <Icon of={plus} small />{lines.length > 0 ? t('addPhrases', { n: lines.length }) : t('add')}
        </button>
        <Open id={of.entry} />
      </form>
    </>
  )
}

export function NeverShown({ of }: { of: Item<'never_shown'> }): JSX.Element {
  return (
    <>
      <Head of={of}>{t('since', { day: dayName(of.since, new Date(serverTime())) })}</Head>
      <Answer id={of.entry} />
      <div class="item-foot"><Open id={of.entry} /><TurnOff of={of} /></div>
    </>
  )
}

export function NeverTaken({ of }: { of: Item<'never_taken'> }): JSX.Element {
  return (
    <>
      <Head of={of}>{t('shown', { n: of.shown })}</Head>
      <Answer id={of.entry} />
      <div class="item-foot"><Open id={of.entry} /><TurnOff of={of} /></div>
    </>
  )
}

export function Broken({ of }: { of: Item<'broken'> }): JSX.Element {
  return (
    <>
      <Head of={of} />
      <ul class="findings">
        {of.findings.map(({ field, code, message }) => (
          <li key={`${field}${code}${message}`} class="field-warning">
            <Icon of={alert} small /><b>{fieldName(field.replace(/\[.*/, ''))}</b>{message}
          </li>
        ))}
      </ul>
      <div class="item-foot"><Open id={of.entry} /></div>
    </>
  )
}

export function Expiring({ of }: { of: Item<'expiring'> }): JSX.Element {
  const named = { question: of.question }
  const later = laterThan(of.valid_to)
  return (
    <>
      <Head of={of}>{left(of)}</Head>
      <div class="item-foot">
        <button type="button" class="button button-s" title={t('until', { day: later })}
          onClick={() => void changeEntry(of.entry, { valid_to: later }, t('longer', { ...named, day: later }))}>
          {t('later', { days: LONGER_DAYS })}
        </button>
        <button type="button" class="button button-s"
          onClick={() => void changeEntry(of.entry, { valid_to: null }, t('forever', named))}>
          {t('noEnd')}
        </button>
        <TurnOff of={of} />
        <Open id={of.entry} />
      </div>
    </>
  )
}

function TurnOff({ of }: { of: Item<ListName> }): JSX.Element {
  const run = (): Promise<boolean> =>
    changeEntry(of.entry, { enabled: false }, t('turnedOff', { question: of.question }))
  return (
    <button type="button" class="button button-s" aria-label={t('turnOffNamed', { question: of.question })}
      onClick={() => void run()}>
      {t('turnOff')}
    </button>
  )
}

export function Answer({ id }: { id: string }): JSX.Element | null {
  const there = byId.value.get(id)
  return there ? <p class="answer-cut">{there.answer}</p> : null
}

function left({ valid_to, days }: Item<'expiring'>): string {
  if (days < 0) return t('ended', { day: valid_to, n: -days })
  return days === 0 ? t('lastDay') : t('daysLeft', { day: valid_to, n: days })
}

/** From its last day on, or from today where that is over. */
function laterThan(last: string): string {
  const today = dayOf(new Date(serverTime()))
  const from = last > today ? last : today
  return new Date(Date.parse(from) + LONGER_DAYS * DAY_MS).toISOString().slice(0, 10)
}
