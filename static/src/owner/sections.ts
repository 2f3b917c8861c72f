/** The sections of the page, in the order of their links. A section is a folder of its own, with
 * its words and styles, and one line here. */

import type { ReadonlySignal } from '@preact/signals'
import type { JSX } from 'preact'
import { boot } from '../shared/boot'
import type { Shapes } from '../shared/icons'
import type { Role } from '../shared/wire'
import { benchSection } from './bench/section'
import { entriesSection } from './entries/section'
import { importsSection } from './imports/section'
import { limitsSection } from './limits/section'
import { reviewSection } from './review/section'
import { unmatchedSection } from './unmatched/section'
import { upkeepSection } from './upkeep/section'

export interface Section {
  /** Also its part of the address: `#id`, or `#id/…` with what is open in it. */
  id: string
  label: () => string
  icon: Shapes
  /** The least role that sees it. */
  role: Role
  View: () => JSX.Element
  /** How much waits there. */
  count?: ReadonlySignal<number>
  /** Before it is looked at: what its count needs. */
  begin?: () => void
}

const SECTIONS: readonly Section[] = [
  entriesSection,
  benchSection,
  unmatchedSection,
  reviewSection,
  upkeepSection,
  importsSection,
  limitsSection,
]

const RANK: Readonly<Record<Role, number>> = { agent: 0, supervisor: 1, owner: 2 }

export const mySections = SECTIONS.filter(({ role }) => RANK[role] <= RANK[boot.agent.role])
