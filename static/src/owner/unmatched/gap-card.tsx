/** One question that nothing answers: its wordings, what agents said, and what becomes of it. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { serverTime } from '../../shared/clock'
import type { Gap } from '../../shared/entry-wire'
import { Icon } from '../../shared/icon'
import { plus } from '../../shared/icons'
import { fullTime, shortTime } from '../../shared/words'
import { mayWrite } from '../rights'
import { Adding } from './adding'
import { dismiss, writeEntry } from './listed'
import { t } from './words'

export function GapCard({ of }: { of: Gap }): JSX.Element {
  const [without, setWithout] = useState<readonly string[]>([])
  const [adding, setAdding] = useState(false)
  const chosen = [of.text, ...of.examples].filter((one) => !without.includes(one))
  const turn = (text: string, on: boolean): void =>
    setWithout(on ? without.filter((one) => one !== text) : [...without, text])
  return (
    <li class="card item gap">
      <div class="item-head">
        <h3>{of.text}</h3>
        <span class="item-why">
          {t('asked', { askers: of.askers, n: of.count })}{' · '}
          <time dateTime={of.last_at} title={fullTime(of.last_at)}>
            {t('lastAsked', { at: shortTime(of.last_at, new Date(serverTime())) })}
          </time>
        </span>
      </div>
      <div class="gap-columns">
        <Wordings of={of} chosen={chosen} turn={turn} />
        <Answers of={of} take={(answer) => writeEntry(of, chosen, answer)} />
      </div>
      {mayWrite && (
        <div class="item-foot">
          <button type="button" class="button button-s button-main"
            onClick={() => writeEntry(of, chosen, of.answers[0]?.text ?? '')}>
            <Icon of={plus} small />{t('newEntry')}
          </button>
          <button type="button" class="button button-s" aria-expanded={adding}
            onClick={() => setAdding(!adding)}>
            {t('addToEntry')}
          </button>
          <button type="button" class="button button-s" title={t('dismissHelp')}
            aria-label={t('dismissNamed', { text: of.text })} onClick={() => void dismiss(of)}>
            {t('dismiss')}
          </button>
        </div>
      )}
      {adding && <Adding text={of.text} wordings={chosen} done={() => setAdding(false)} />}
    </li>
  )
}

function Wordings({ of, chosen, turn }: {
  of: Gap
  chosen: readonly string[]
  turn: (text: string, on: boolean) => void
}): JSX.Element {
  return (
    <div class="gap-part">
      <h4>{t('wordings')}</h4>
      <ul>
        {[of.text, ...of.examples].map((text) => (
          <li key={text}>
            {mayWrite ? (
              <label class="tick">
                <input type="checkbox" checked={chosen.includes(text)}
                  onChange={(event) => turn(text, event.currentTarget.checked)} />
                {text}
              </label>
            ) : text}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Answers({ of, take }: { of: Gap; take: (answer: string) => void }): JSX.Element {
  return (
    <div class="gap-part">
      <h4>{t('answers')}</h4>
      {of.answers.length === 0 && <p class="quiet">{t('noAnswers')}</p>}
      <ul class="gap-answers">
        {of.answers.map(({ text, count }) => (
          <li key={text} class="gap-answer">
            <p class="said">{text}</p>
            <span class="quiet">{t('times', { n: count })}</span>
            {mayWrite && (
              <button type="button" class="button button-s" onClick={() => take(text)}
                aria-label={t('newWithNamed', { text })}>
                {t('newWith')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
