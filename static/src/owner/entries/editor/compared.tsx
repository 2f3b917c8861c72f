/** A text beside what it became: what came is marked, and what went, if `gone`, struck out. */

import type { JSX } from 'preact'
import { diff } from '../diff'
import { t } from '../words'

export function Compared({ before, after, gone = true }: {
  before: string
  after: string
  gone?: boolean
}): JSX.Element {
  if (!after && (!before || !gone)) return <span class="quiet">{t('nothing')}</span>
  return (
    <span class="compared">
      {diff(before, after).map(([kind, text], at) => {
        if (kind === 'gone') return gone && <del key={at}>{text}</del>
        return kind === 'new' ? <ins key={at}>{text}</ins> : text
      })}
    </span>
  )
}
