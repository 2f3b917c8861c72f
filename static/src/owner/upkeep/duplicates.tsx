/** Two entries that answer the same, side by side: their phrasings that are most alike. */

import type { JSX } from 'preact'
import { percent } from '../../shared/words'
import { changeEntry } from '../entries/changing'
import { diff } from '../entries/diff'
import { EntryLink } from '../parts/entry-link'
import { byId } from '../state/shelf'
import { Answer, Open } from './items'
import type { Item } from './source'
import { t } from './words'

export function Duplicates({ of }: { of: Item<'duplicates'> }): JSX.Element {
  const [mine = '', theirs = ''] = of.phrases
  return (
    <>
      <p class="item-why">
        {of.same ? t('sameWords') : t('alike', { share: percent(of.likeness) })}
      </p>
      <div class="pair">
        <Side id={of.entry} question={of.question} phrase={mine} other={theirs} />
        <Side id={of.other.entry} question={of.other.question} phrase={theirs} other={mine} />
      </div>
    </>
  )
}

/** What `phrase` has in common with the `other` is marked. */
function Side({ id, question, phrase, other }: {
  id: string
  question: string
  phrase: string
  other: string
}): JSX.Element {
  const similar = byId.value.get(id)?.similar ?? []
  const isOne = similar.includes(phrase)
  const drop = (): Promise<boolean> => changeEntry(
    id, { similar: similar.filter((one) => one !== phrase) }, t('phraseDropped', { phrase, question }))
  return (
    <div class="pair-side">
      <p class="pair-question"><EntryLink id={id} question={question} /></p>
      <p class="pair-phrase">
        <span class="quiet">{t(isOne ? 'itsPhrase' : 'itsQuestion')}</span>
        <span>
          {diff(other, phrase).map(([kind, text], at) => {
            if (kind === 'gone') return null
            return kind === 'same' ? <mark key={at}>{text}</mark> : text
          })}
        </span>
      </p>
      <Answer id={id} />
      <div class="item-foot">
        <Open id={id} />
        {isOne && (
          <button type="button" class="button button-s" onClick={() => void drop()}
            aria-label={t('dropFrom', { phrase, question })}>
            {t('drop')}
          </button>
        )}
      </div>
    </div>
  )
}
