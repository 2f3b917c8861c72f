/** Upkeep: entries that need a hand, why, and the hand. */

import type { ComponentType, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { UpkeepLists } from '../../shared/entry-wire'
import { done, retry, tidy } from '../../shared/icons'
import { Icon } from '../../shared/icon'
import { Empty } from '../../shared/parts/empty'
import { Tabs } from '../../shared/parts/tabs'
import { clockTime, figure } from '../../shared/words'
import { go } from '../address'
import { Loaded, Pane } from '../parts/pane'
import type { Section } from '../sections'
import { Duplicates } from './duplicates'
import { OftenEdited } from './edited'
import { Broken, Expiring, FewPhrases, NeverShown, NeverTaken } from './items'
import { chosen, found, LISTS, SECTION, upkeep, type Item, type ListName } from './source'
import { t } from './words'

export const upkeepSection: Section = {
  id: SECTION, label: () => t('upkeep'), icon: tidy, role: 'supervisor', View: Upkeep, count: found,
}

const ITEMS: { readonly [N in ListName]: ComponentType<{ of: Item<N> }> } = {
  few_phrases: FewPhrases, never_shown: NeverShown, never_taken: NeverTaken,
  often_edited: OftenEdited, duplicates: Duplicates, broken: Broken, expiring: Expiring,
}
const PANEL = 'upkeep-list'

function Upkeep(): JSX.Element {
  useEffect(upkeep.follow, [])
  const now = upkeep.value.value
  return (
    <Pane title={t('upkeep')} help={t('upkeepHelp')} aside={now !== null && (
      <p class="quiet upkeep-at">
        {t('asOf', { at: clockTime(now.at) })}
        <button type="button" class="icon-button" aria-label={t('look')} title={t('look')}
          onClick={() => void upkeep.load()}>
          <Icon of={retry} small />
        </button>
      </p>
    )}>
      <Loaded of={upkeep} icon={tidy}>
        {({ counts, lists }) => (
          <>
            <Tabs label={t('upkeep')} panel={PANEL} chosen={chosen.value}
              choose={(name) => go(SECTION, name, { quiet: true })}
              tabs={LISTS.map((name) => ({ id: name, label: t(name), count: counts[name] }))} />
            <div id={PANEL} role="tabpanel" class="items" aria-labelledby={`${PANEL}-${chosen.value}`}>
              <List name={chosen.value} items={lists} total={counts[chosen.value]} />
            </div>
          </>
        )}
      </Loaded>
    </Pane>
  )
}

function List<N extends ListName>({ name, items, total }: {
  name: N
  items: UpkeepLists
  total: number
}): JSX.Element {
  const list = items[name] as Item<N>[]
  const One = ITEMS[name] as ComponentType<{ of: Item<N> }>
  if (list.length === 0) return <Empty icon={done} title={t('allWell')} text={t(`${name}_well`)} />
  return (
    <>
      <p class="pane-help">{t(`${name}_help`)}</p>
      <ul class="items">
        {list.map((of) => <li key={keyOf(of)} class="card item"><One of={of} /></li>)}
      </ul>
      {total > list.length && (
        <p class="quiet">{t('firstOf', { n: figure(list.length), total: figure(total) })}</p>
      )}
    </>
  )
}

/** A pair is known by both. */
function keyOf(of: Item<ListName>): string {
  return 'other' in of ? `${of.entry}+${of.other.entry}` : of.entry
}
