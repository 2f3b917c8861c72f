/** What an import did, in figures. */

import type { JSX } from 'preact'
import type { ImportRecord } from '../../../shared/import-wire'
import { figure } from '../../../shared/words'
import { t } from '../words'

const KINDS = ['new', 'changed', 'unchanged', 'conflicting'] as const

export function Counts({ of }: { of: ImportRecord }): JSX.Element {
  return (
    <ul class="import-counts">
      {KINDS.filter((kind) => of.counts[kind] > 0 || kind === 'new').map((kind) => (
        <li key={kind} class={`state-${kind}`}>
          {t(`count_${kind}`, { n: figure(of.counts[kind]) })}
        </li>
      ))}
    </ul>
  )
}
