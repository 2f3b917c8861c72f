/** A phrasing that an agent proposes for an entry. */

import type { JSX } from 'preact'
import type { Proposal } from '../../shared/entry-wire'
import { EntryLink } from '../parts/entry-link'
import { byId } from '../state/shelf'
import { accept, decline } from './listed'
import { By } from './by'
import { t } from './words'

export function ProposalCard({ of }: { of: Proposal }): JSX.Element {
  const known = byId.value.get(of.entry)
  return (
    <li class="card item proposal">
      <div class="item-head">
        <p>{t('quoted', { text: of.text })}</p>
        <By of={of} />
      </div>
      <p class="item-why">
        {t('asPhraseOf')} <EntryLink id={of.entry} question={of.question} />
        {known && <> {t('hasPhrases', { n: known.similar.length + 1 })}</>}
      </p>
      <div class="item-foot">
        <button type="button" class="button button-s button-main" onClick={() => void accept(of)}
          aria-label={t('acceptNamed', { text: of.text })}>
          {t('accept')}
        </button>
        <button type="button" class="button button-s" onClick={() => void decline(of)}
          aria-label={t('declineNamed', { text: of.text })}>
          {t('decline')}
        </button>
      </div>
    </li>
  )
}
