/** Review: what agents propose, beside what is there, to be taken or declined. */

import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { done, review } from '../../shared/icons'
import { Empty } from '../../shared/parts/empty'
import { Tabs } from '../../shared/parts/tabs'
import { go, place } from '../address'
import { Loaded, Pane } from '../parts/pane'
import { mayWrite } from '../rights'
import type { Section } from '../sections'
import { DraftCard } from './draft-card'
import { decided, drafts, followAll, open, proposals, waiting } from './listed'
import { ProposalCard } from './proposal-card'
import { t } from './words'

const ID = 'review'
const PANEL = 'review-list'

export const reviewSection: Section = {
  id: ID, label: () => t(mayWrite ? 'review' : 'mine'), icon: review, role: 'agent', View: Review,
  count: waiting, begin: () => void followAll(),
}

function Review(): JSX.Element {
  useEffect(followAll, [])
  if (!mayWrite) {
    return <Pane title={t('mine')} help={t('mineHelp')}><DraftList /></Pane>
  }
  const tab = place.value.id === 'drafts' ? 'drafts' : 'phrasings'
  return (
    <Pane title={t('review')} help={t('reviewHelp')}>
      <Tabs label={t('review')} panel={PANEL} chosen={tab}
        choose={(id) => go(ID, id, { quiet: true })}
        tabs={[
          { id: 'phrasings', label: t('phrasings'), count: proposals.value.value?.total ?? 0 },
          { id: 'drafts', label: t('drafts'), count: open.value.length },
        ]} />
      <div id={PANEL} role="tabpanel" class="items" aria-labelledby={`${PANEL}-${tab}`}>
        {tab === 'drafts' ? <DraftList /> : <ProposalList />}
      </div>
    </Pane>
  )
}

function ProposalList(): JSX.Element {
  return (
    <Loaded of={proposals} icon={review}>
      {({ items, total }) => items.length === 0
        ? <Empty icon={done} title={t('allDecided')} text={t('noPhrasings')} />
        : (
          <>
            <ul class="items">
              {items.map((one) => <ProposalCard key={one.id} of={one} />)}
            </ul>
            {total > items.length && (
              <p class="quiet">{t('firstOf', { n: items.length, total })}</p>
            )}
          </>
        )}
    </Loaded>
  )
}

function DraftList(): JSX.Element {
  return (
    <Loaded of={drafts} icon={review}>
      {() => (
        <>
          {open.value.length === 0 && (
            <Empty icon={done} title={t(mayWrite ? 'allDecided' : 'noneWaiting')}
              text={t(mayWrite ? 'noDrafts' : 'noneMine')} />
          )}
          <ul class="items">{open.value.map((one) => <DraftCard key={one.id} of={one} />)}</ul>
          {decided.value.length > 0 && (
            <section class="items">
              <h3 class="review-earlier">{t('decided')}</h3>
              <ul class="items">{decided.value.map((one) => <DraftCard key={one.id} of={one} />)}</ul>
            </section>
          )}
        </>
      )}
    </Loaded>
  )
}
