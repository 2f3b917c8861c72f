/** Settings of the suggestions: their limits, and what use has taught. */

import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { sliders } from '../../shared/icons'
import { Loaded, Pane } from '../parts/pane'
import type { Section } from '../sections'
import { LearningPart } from './learning-part'
import { learning } from './learning'
import { gates } from './limits'
import { LimitsPart } from './limits-part'
import { t } from './words'

export const limitsSection: Section = {
  id: 'limits', label: () => t('settings'), icon: sliders, role: 'supervisor', View: Settings,
}

function Settings(): JSX.Element {
  useEffect(gates.follow, [])
  useEffect(learning.follow, [])
  return (
    <Pane title={t('settings')} help={t('settingsHelp')}>
      <Loaded of={gates} icon={sliders}>{(state) => <LimitsPart of={state} />}</Loaded>
      <Loaded of={learning} icon={sliders}>{(learnt) => <LearningPart of={learnt} />}</Loaded>
    </Pane>
  )
}
