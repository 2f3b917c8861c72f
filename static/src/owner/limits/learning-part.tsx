/** What use has taught of each entry, as figures, and forgetting all of it. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { boot } from '../../shared/boot'
import { kindName } from '../../shared/channel'
import type { Learnt, LearntEntry, LearntPart, Outcomes } from '../../shared/entry-wire'
import { suggest } from '../../shared/icons'
import { Empty } from '../../shared/parts/empty'
import { figure, fullTime, percent } from '../../shared/words'
import { failed } from '../entries/state/undoing'
import { EntryLink } from '../parts/entry-link'
import { liftText } from '../parts/lift'
import { forget, order, ORDERS, ranked, remember, type Order } from './learning'
import { t } from './words'

const PAGE = 50
const COUNTS = ['shown', 'taken', 'edited', 'rejected'] as const

export function LearningPart({ of }: { of: Learnt }): JSX.Element {
  return (
    <section class="card settings" aria-labelledby="learning-title">
      <div class="settings-head">
        <h3 id="learning-title">{t('learning')}</h3>
        {boot.agent.role === 'owner' && <Forget of={of} />}
      </div>
      <p class="pane-help">{t('learningHelp')}</p>
      {of.since && <p class="quiet">{t('sinceWhen', { at: fullTime(of.since) })}</p>}
      {of.items.length === 0
        ? <Empty icon={suggest} title={t('nothingLearnt')} text={t('nothingLearntHelp')} />
        : <Table of={of} />}
    </section>
  )
}

function Forget({ of }: { of: Learnt }): JSX.Element {
  return (
    <span class="item-foot">
      {of.since && (
        <button type="button" class="button button-s" onClick={() => void remember().catch(failed)}>
          {t('remember')}
        </button>
      )}
      {of.items.length > 0 && (
        <button type="button" class="button button-s" onClick={() => void forget()}>
          {t('forget')}
        </button>
      )}
    </span>
  )
}

function Table({ of }: { of: Learnt }): JSX.Element {
  const [shown, setShown] = useState(PAGE)
  const items = ranked.value
  return (
    <>
      <label class="learnt-order">
        <span class="field-label">{t('order')}</span>
        <select class="input" value={order.value}
          onChange={(event) => { order.value = event.currentTarget.value as Order }}>
          {ORDERS.map((one) => <option key={one} value={one}>{t(`by_${one}`)}</option>)}
        </select>
      </label>
      <div class="learnt-scroll" tabIndex={0} role="group" aria-label={t('learning')}>
        <table class="learnt">
          <thead>
            <tr>
              <th scope="col">{t('entry')}</th>
              {COUNTS.map((name) => <th key={name} scope="col">{t(name)}</th>)}
              <th scope="col" title={t('rateHelp')}>{t('rate')}</th>
              <th scope="col" title={t('liftHelp')}>{t('lift')}</th>
            </tr>
          </thead>
          <tbody>
            {items.slice(0, shown).map((one) => <Row key={one.entry} of={one} />)}
          </tbody>
          <tfoot>
            <tr><th scope="row">{t('all')}</th><Figures of={of.total} /><td /></tr>
          </tfoot>
        </table>
      </div>
      {items.length > shown && (
        <button type="button" class="button more-rows" onClick={() => setShown(shown + PAGE)}>
          {t('moreRows', { n: Math.min(PAGE, items.length - shown) })}
        </button>
      )}
    </>
  )
}

function Row({ of }: { of: LearntEntry }): JSX.Element {
  const parts = [
    ...of.groups.map((part) => [part.name || part.id, part] as const),
    ...of.channels.map((part) => [kindName(part.kind), part] as const),
  ].flatMap(([name, { lift }]) => {
    const told = liftText(lift)
    return told === null ? [] : [t('partly', { name, lift: told })]
  })
  return (
    <tr>
      <th scope="row">
        <EntryLink id={of.entry} question={of.question} />
        {parts.length > 0 && (
          <p class="quiet">{parts.join(t('comma'))}</p>
        )}
      </th>
      <Figures of={of} />
      <td><Lift of={of} /></td>
    </tr>
  )
}

function Figures({ of }: { of: Outcomes }): JSX.Element {
  return (
    <>
      {COUNTS.map((name) => <td key={name}>{figure(of[name])}</td>)}
      <td>{percent(of.rate)}</td>
    </>
  )
}

function Lift({ of }: { of: LearntPart }): JSX.Element {
  const told = liftText(of.lift)
  if (told === null) return <span class="quiet">0</span>
  return <span class={of.lift > 0 ? 'lift-up' : 'lift-down'}>{told}</span>
}
