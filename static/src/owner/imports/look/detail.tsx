/** One row whole: what it makes of the shop's entry, field by field, or why it cannot. */

import type { JSX } from 'preact'
import { where } from '../../address'
import { Icon } from '../../../shared/icon'
import { alert, back, open, warning } from '../../../shared/icons'
import type { LookRow } from '../../../shared/import-wire'
import { figure } from '../../../shared/words'
import { Compared } from '../../entries/editor/compared'
import { SECTION as ENTRIES } from '../../entries/open'
import { fieldName, valueText } from '../../entries/values'
import { byId } from '../../state/shelf'
import { canTick, current, opened, tick, ticked } from '../state/ticks'
import { t } from '../words'
import { said } from './said'
import { chooseSide, sideOf, SIDES, type Side } from './sides'

export function Detail(): JSX.Element | null {
  const one = current.value
  if (!one) return <section class="look-detail" aria-label={t('detail')} />
  const { row, state, question } = one
  return (
    <section class="look-detail" aria-label={t('detail')}>
      <header class="detail-head">
        <button type="button" class="icon-button detail-back" aria-label={t('back')}
          title={t('back')} onClick={() => { opened.value = false }}>
          <Icon of={back} />
        </button>
        <span class="quiet">{t('rowNumber', { n: figure(row) })}</span>
        <span class={`chip state-${state}`}>{t(`row_${state}`)}</span>
        <Tools one={one} />
      </header>
      <div class="detail-body" key={row}>
        {question && <h3>{question}</h3>}
        <Messages one={one} />
        <Body one={one} />
      </div>
    </section>
  )
}

function Tools({ one }: { one: LookRow }): JSX.Element {
  return (
    <span class="detail-tools">
      {one.state !== 'conflicting' && canTick(one) && (
        <label class="look-all">
          <input type="checkbox" checked={ticked.value.has(one.row)}
            onChange={(event) => tick([one], event.currentTarget.checked)} />
          {t('takeRow')}
        </label>
      )}
      {byId.value.has(one.id) && (
        <a class="button button-s" href={where(ENTRIES, one.id)}>
          <Icon of={open} small />{t('openEntry')}
        </a>
      )}
    </span>
  )
}

function Messages({ one }: { one: LookRow }): JSX.Element | null {
  const messages = said(one)
  if (messages.length === 0) return null
  return (
    <ul class="detail-messages">
      {messages.map(({ code, message, severity }) => (
        <li key={`${code}${message}`}
          class={severity === 'error' ? 'field-error' : 'field-warning'}>
          <Icon of={severity === 'error' ? alert : warning} small />{message}
        </li>
      ))}
    </ul>
  )
}

function Body({ one }: { one: LookRow }): JSX.Element {
  switch (one.state) {
    case 'faulty': return <p>{t('faultyHelp')}</p>
    case 'unchanged': return (
      <>
        <p class="quiet">{t('sameAsShop')}</p>
        <p class="compared">{byId.value.get(one.id)?.answer ?? ''}</p>
      </>
    )
    case 'conflicting': return <Sides one={one} />
    case 'new': case 'changed': return <Fields one={one} />
  }
}

function Fields({ one: { state, fields = {} } }: { one: LookRow }): JSX.Element {
  return (
    <dl class="changes">
      {Object.entries(fields).map(([field, { before, after }]) => (
        <div key={field}>
          <dt>{fieldName(field)}</dt>
          <dd>
            {state === 'new' ? <span class="compared">{valueText(field, after)}</span> : (
              <Compared before={valueText(field, before)} after={valueText(field, after)} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Sides({ one }: { one: LookRow }): JSX.Element {
  return (
    <fieldset class="merge-field detail-sides">
      <legend>{t('sides')}</legend>
      {SIDES.map((side) => (
        <label key={side} class="merge-side">
          <span class="merge-name">
            <input type="radio" name={`side-${one.row}`} checked={sideOf(one) === side}
              disabled={side === 'file' && !canTick(one)} onChange={() => chooseSide(one, side)} />
            {t(`side_${side}`)}
          </span>
          <SideFields one={one} side={side} />
        </label>
      ))}
    </fieldset>
  )
}

function SideFields({ one, side }: { one: LookRow; side: Side }): JSX.Element {
  const { fields = {}, shop } = one
  if (side === 'shop' && !shop) return <span class="quiet">{t('goneInShop')}</span>
  return (
    <>
      {Object.entries(fields).map(([field, { before, after }]) => (
        <span key={field} class="side-field">
          <span class="quiet">{fieldName(field)}</span>
          <Compared before={valueText(field, before)}
            after={valueText(field, side === 'file' ? after : before)} />
        </span>
      ))}
    </>
  )
}
