/** The right column: suggestions, phrases, the customer. A drawer below 1280 px. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { back } from '../../shared/icons'
import { hint } from '../commands'
import { Tabs } from '../../shared/parts/tabs'
import { hideSide, openId, sideShown, sideTab, type SideTab } from '../state/selection'
import { t } from '../words'
import { CustomerPane } from './customer-pane'
import { PhrasesPane } from './phrases-pane'
import { SuggestionPane } from './suggestion-pane'
import { TeachOffer } from './teach-offer'

export function SidePane(): JSX.Element {
  const id = openId.value
  return (
    <section class="side" aria-label={t('side')} data-shown={sideShown.value ? '' : undefined}>
      <div class="side-head">
        <button type="button" class="icon-button side-back" aria-label={t('back')} title={t('back')}
          onClick={hideSide}>
          <Icon of={back} />
        </button>
        <Tabs<SideTab> label={t('side')} panel="side-panel" chosen={sideTab.value}
          choose={(tab) => { sideTab.value = tab }}
          tabs={[
            { id: 'suggestions', label: t('tabSuggestions'), title: hint('suggestions') },
            { id: 'phrases', label: t('tabPhrases'), title: hint('phrases') },
            { id: 'customer', label: t('tabCustomer'), title: hint('customer') },
          ]} />
      </div>
      <TeachOffer place="side" />
      <div id="side-panel" class="side-body" role="tabpanel" tabIndex={0}
        aria-labelledby={`side-panel-${sideTab.value}`}>
        {sideTab.value === 'suggestions' && <SuggestionPane key={id} id={id} />}
        {sideTab.value === 'phrases' && <PhrasesPane />}
        {sideTab.value === 'customer' && <CustomerPane key={id} id={id} />}
      </div>
    </section>
  )
}
