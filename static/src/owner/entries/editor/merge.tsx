/** Somebody saved the same fields meanwhile: each is chosen, then all is saved. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from '../../../shared/parts/dialog'
import { formOf, type Field, type Fields } from '../fields'
import { conflict, disputed, settle, type Conflict } from '../saving'
import { drafts, type Draft } from '../state/drafts'
import { t } from '../words'
import { fieldName, valueText } from '../values'
import { Compared } from './compared'

type Side = 'base' | 'mine' | 'theirs'

const SIDES: readonly Side[] = ['base', 'mine', 'theirs']

export function Merge({ of }: { of: Conflict }): JSX.Element | null {
  const draft = drafts.value.get(of.id)
  const [chosen, setChosen] = useState<Partial<Record<Field, Side>>>({})
  if (!draft) return null
  const fields = disputed(draft, of.theirs)
  const leave = (): void => { conflict.value = null }
  const run = (event: Event): void => {
    event.preventDefault()
    settle(of, Object.fromEntries(fields.map((field) =>
      [field, valueOf(draft, of, field, chosen[field] ?? 'mine')])) as Fields)
  }
  return (
    <Dialog title={t('mergeTitle')} class="dialog-merge" leave={leave}>
      <form class="dialog-body" onSubmit={run}>
        <p>{t('mergeHelp')}</p>
        {fields.map((field) => (
          <FieldChoice key={field} field={field} draft={draft} of={of}
            side={chosen[field] ?? 'mine'}
            choose={(side) => setChosen({ ...chosen, [field]: side })} />
        ))}
        <div class="dialog-foot">
          <button type="button" class="button" onClick={leave}>{t('mergeLater')}</button>
          <button type="submit" class="button button-main">{t('mergeSave')}</button>
        </div>
      </form>
    </Dialog>
  )
}

function FieldChoice({ field, draft, of, side, choose }: {
  field: Field
  draft: Draft
  of: Conflict
  side: Side
  choose: (side: Side) => void
}): JSX.Element {
  const base = valueText(field, draft.base[field])
  return (
    <fieldset class="merge-field">
      <legend>{fieldName(field)}</legend>
      {SIDES.map((one) => (
        <label key={one} class="merge-side">
          <span class="merge-name">
            <input type="radio" name={`merge-${field}`} checked={side === one}
              onChange={() => choose(one)} />
            {t(`merge_${one}`)}
          </span>
          <Compared gone={false} before={base}
            after={valueText(field, valueOf(draft, of, field, one))} />
        </label>
      ))}
    </fieldset>
  )
}

function valueOf(draft: Draft, { theirs }: Conflict, field: Field, side: Side): unknown {
  if (side === 'theirs') return formOf(theirs)[field]
  return (side === 'base' ? draft.base : draft.mine)[field]
}
