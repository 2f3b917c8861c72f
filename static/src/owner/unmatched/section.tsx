/** What no entry answers: what was asked, how often and how, and the ways to an answer. */

import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Signal } from '@preact/signals'
import { done, help } from '../../shared/icons'
import { Empty } from '../../shared/parts/empty'
import { figure } from '../../shared/words'
import { Loaded, Pane } from '../parts/pane'
import { mayWrite } from '../rights'
import type { Section } from '../sections'
import { GapCard } from './gap-card'
import { askers, ASKERS, days, DAYS, unmatched, waiting } from './listed'
import { t } from './words'

export const unmatchedSection: Section = {
  id: 'unmatched', label: () => t('unmatched'), icon: help, role: 'agent', View: UnmatchedPane,
  count: waiting, begin: () => void unmatched.follow(),
}

function UnmatchedPane(): JSX.Element {
  useEffect(unmatched.follow, [])
  return (
    <Pane title={t('unmatched')} help={t(mayWrite ? 'unmatchedHelp' : 'unmatchedRead')}
      aside={<Filter />}>
      <Loaded of={unmatched} icon={help}>
        {({ items, total }) => items.length === 0
          ? <Empty icon={done} title={t('none')} text={t('noneHelp')} />
          : (
            <>
              <ul class="items">
                {items.map((gap) => <GapCard key={gap.id} of={gap} />)}
              </ul>
              {total > items.length && (
                <p class="quiet">{t('firstOf', { n: items.length, total: figure(total) })}</p>
              )}
            </>
          )}
      </Loaded>
    </Pane>
  )
}

function Filter(): JSX.Element {
  return (
    <div class="pane-filter" role="group" aria-label={t('filter')}>
      <Choice of={askers} options={ASKERS} label={t('askersLabel')}
        words={(n) => t('askersAtLeast', { n })} />
      <Choice of={days} options={DAYS} label={t('daysLabel')} words={(n) => t('daysWithin', { n })} />
    </div>
  )
}

function Choice({ of, options, label, words }: {
  of: Signal<number>
  options: readonly number[]
  label: string
  words: (n: number) => string
}): JSX.Element {
  return (
    <select class="input" aria-label={label} value={of.value}
      onChange={(event) => { of.value = Number(event.currentTarget.value) }}>
      {options.map((n) => <option key={n} value={n}>{words(n)}</option>)}
    </select>
  )
}
