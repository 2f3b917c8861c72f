/** A new entry or a change that an agent proposes: each field beside what is there now. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Draft } from '../../shared/draft-wire'
import { Icon } from '../../shared/icon'
import { note, warning } from '../../shared/icons'
import { Compared } from '../entries/editor/compared'
import { FIELDS, formOf, type Field } from '../entries/fields'
import { fieldName, valueText } from '../entries/values'
import { EntryLink } from '../parts/entry-link'
import { mayWrite } from '../rights'
import { By } from './by'
import { Decline, Edit } from './deciding'
import { entryOf, isMine, publish, withdraw } from './listed'
import { t } from './words'

const LOOKS = { waiting: 'chip-warn', published: 'chip-accent', declined: 'chip-late' } as const

export function DraftCard({ of }: { of: Draft }): JSX.Element {
  const there = entryOf(of)
  const stale = of.state === 'waiting' && there !== undefined && there.revision !== of.revision
  return (
    <li class="card item draft">
      <div class="item-head">
        <p>
          {of.entry === null
            ? of.question || t('aNew') : <EntryLink id={of.entry} question={of.question} />}
        </p>
        <span class="chip">{t(of.entry === null ? 'aNew' : 'aChange')}</span>
        {(of.state !== 'waiting' || !mayWrite) && (
          <span class={`chip ${LOOKS[of.state]}`}>{t(`state_${of.state}`)}</span>
        )}
        <By of={of} />
      </div>
      {of.note && <p class="draft-note"><Icon of={note} small />{of.note}</p>}
      {of.reason && <p class="draft-reason">{t('because', { reason: of.reason })}</p>}
      {stale && (
        <p class="field-warning"><Icon of={warning} small />{t('changedSince')}</p>
      )}
      {of.state === 'waiting' && <Changes of={of} />}
      {of.state === 'waiting' && <Deeds of={of} />}
    </li>
  )
}

function Changes({ of }: { of: Draft }): JSX.Element {
  const before = formOf(entryOf(of) ?? {})
  return (
    <dl class="changes">
      {FIELDS.filter((field) => field in of.fields).map((field) => (
        <div key={field}>
          <dt>{fieldName(field)}</dt>
          <dd>
            {of.entry === null
              ? <span class="compared">{valueText(field, of.fields[field])}</span>
              : <Change field={field} before={before[field]} after={of.fields[field]} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Of a list whole items come and go. */
function Change({ field, before, after }: {
  field: Field
  before: unknown
  after: unknown
}): JSX.Element {
  const [was, is] = [valueText(field, before), valueText(field, after)]
  if (!Array.isArray(before)) return <Compared before={was} after={is} />
  const [gone, now] = [was.split('\n').filter(Boolean), is.split('\n').filter(Boolean)]
  return (
    <ul class="compared">
      {now.map((one) => <li key={one}>{gone.includes(one) ? one : <ins>{one}</ins>}</li>)}
      {gone.filter((one) => !now.includes(one)).map((one) => <li key={one}><del>{one}</del></li>)}
    </ul>
  )
}

function Deeds({ of }: { of: Draft }): JSX.Element | null {
  const [asking, ask] = useState<'edit' | 'decline' | null>(null)
  if (!mayWrite && !isMine(of)) return null
  return (
    <div class="item-foot">
      {mayWrite && (
        <>
          <button type="button" class="button button-s button-main" onClick={() => void publish(of)}>
            {t('publish')}
          </button>
          <button type="button" class="button button-s" onClick={() => ask('edit')}>
            {t('editFirst')}
          </button>
          <button type="button" class="button button-s" onClick={() => ask('decline')}>
            {t('decline')}
          </button>
        </>
      )}
      {isMine(of) && (
        <button type="button" class="button button-s" onClick={() => void withdraw(of)}>
          {t('withdraw')}
        </button>
      )}
      {asking === 'edit' && <Edit of={of} leave={() => ask(null)} />}
      {asking === 'decline' && <Decline of={of} leave={() => ask(null)} />}
    </div>
  )
}
