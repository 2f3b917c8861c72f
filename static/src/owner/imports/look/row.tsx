/** One row of the file in the list: its number, its question, and the beginning of what it does. */

import type { JSX } from 'preact'
import { Icon } from '../../../shared/icon'
import { answered } from '../../../shared/icons'
import type { LookRow } from '../../../shared/import-wire'
import { figure } from '../../../shared/words'
import { Compared } from '../../entries/editor/compared'
import { fieldName, valueText } from '../../entries/values'
import { ROW_PX } from '../../parts/rows'
import { byId } from '../../state/shelf'
import { canTick, cursor, ticked } from '../state/ticks'
import { t } from '../words'
import { said } from './said'
import { SideSwitch } from './sides'

/** So much of a text is compared and shown, from a little before where the two part. */
const BEFORE = 8
const EXCERPT = 120

export function Row({ one, at, total }: { one: LookRow; at: number; total: number }): JSX.Element {
  const { row, state, question } = one
  const on = ticked.value.has(row)
  return (
    <li id={`import-${at}`} class="entry look-row" role="option" data-at={at}
      aria-selected={canTick(one) ? on : undefined} aria-setsize={total} aria-posinset={at + 1}
      data-cursor={at === cursor.value ? '' : undefined}
      data-open={at === cursor.value ? '' : undefined} style={{ top: `${at * ROW_PX}px` }}>
      <span class="entry-box" data-box aria-hidden="true"
        hidden={!canTick(one) || state === 'conflicting'}>
        {on && <Icon of={answered} small />}
      </span>
      <span class="look-number" title={t('rowNumber', { n: row })}>{figure(row)}</span>
      <span class="entry-line">
        <b class="entry-question">{question || t('rowNumber', { n: row })}</b>
        <span class={`chip state-${state}`}>{t(`row_${state}`)}</span>
      </span>
      <span class="entry-line">
        <span class="entry-answer"><Excerpt one={one} /></span>
        {state === 'conflicting' && canTick(one) && <SideSwitch one={one} />}
      </span>
    </li>
  )
}

function Excerpt({ one }: { one: LookRow }): JSX.Element | null {
  const { id, state, fields = {} } = one
  const wrong = said(one).find(({ severity }) => severity === 'error')
  if (wrong) return <span class="look-wrong">{wrong.message}</span>
  if (state === 'unchanged') return <>{byId.value.get(id)?.answer ?? ''}</>
  if (state === 'new') return <>{valueText('answer', fields['answer']?.after)}</>
  const names = Object.keys(fields)
  const name = names.find((field) => field === 'answer') ?? names[0]
  if (!name) return <>{said(one)[0]?.message ?? ''}</>
  const [before, after] = parting(
    valueText(name, fields[name]?.before), valueText(name, fields[name]?.after))
  return (
    <>
      <span class="look-field">
        {fieldName(name)}{names.length > 1 && ` +${names.length - 1}`}
      </span>
      {' '}<Compared before={before} after={after} />
    </>
  )
}

function parting(before: string, after: string): [string, string] {
  let same = 0
  while (same < before.length && same < after.length && before[same] === after[same]) same++
  const from = Math.max(0, same - BEFORE)
  const cut = (text: string): string =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + EXCERPT).replaceAll('\n', ' ')}`
  return [cut(before), cut(after)]
}
