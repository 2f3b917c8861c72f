/** A text beside what it became: what went is struck out, what came is marked. */

import type { JSX } from 'preact'
import { diff } from '../diff'
import { t } from '../words'

export function Compared({ before, after }: { before: string; after: string }): JSX.Element {
  if (!before && !after) return <span class="quiet">{t('nothing')}</span>
  return (
    <span class="compared">
      {diff(before, after).map(([kind, text], at) => {
        if (kind === 'gone') return <del key={at}>{text}</del>
        return kind === 'new' ? <ins key={at}>{text}</ins> : text
      })}
    </span>
  )
}
