/** The answer, with the blanks that are filled when it is sent, and its other wordings. */

import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { KINDS, kindName } from '../../../shared/channel'
import { Icon } from '../../../shared/icon'
import { close, plus } from '../../../shared/icons'
import { bound } from '../state/opened'
import type { Variant } from '../fields'
import { t } from '../words'
import { described, Frame } from './frame'

/** The blanks that the server fills; their names are part of the answer in every language. */
const BLANKS = ['昵称', '订单号', '商品', '客服', '店名'] as const

export function Answer(): JSX.Element {
  const of = bound('answer')
  return (
    <Frame of={of} label={t('field_answer')} help={t('answerHelp')}
      count={t('characters', { n: [...of.value].length })}>
      <Writing id={of.id} value={of.value} readOnly={of.readOnly} invalid={Boolean(of.error)}
        described={described(of, t('answerHelp'))} write={of.set} />
    </Frame>
  )
}

function Writing({ id, value, readOnly, invalid, described: by, write }: {
  id: string
  value: string
  readOnly: boolean
  invalid?: boolean
  described?: string | undefined
  write: (text: string) => void
}): JSX.Element {
  const box = useRef<HTMLTextAreaElement>(null)
  const insert = (blank: string): void => {
    const field = box.current
    if (!field) return
    const { selectionStart: start, selectionEnd: end } = field
    write(value.slice(0, start) + blank + value.slice(end))
    queueMicrotask(() => {
      field.focus()
      field.setSelectionRange(start + blank.length, start + blank.length)
    })
  }
  return (
    <>
      <textarea ref={box} id={id} class="input area area-answer" rows={4} readOnly={readOnly}
        value={value} aria-invalid={invalid} aria-describedby={by}
        onInput={(event) => write(event.currentTarget.value)} />
      {!readOnly && (
        <div class="blanks" role="group" aria-label={t('blanks')}>
          <span class="quiet">{t('blanks')}</span>
          {BLANKS.map((name) => (
            <button key={name} type="button" class="blank" lang="zh-CN"
              title={t('blankHelp', { name: t(`blank_${name}`) })}
              onClick={() => insert(`{${name}}`)}>
              {`{${name}}`}
            </button>
          ))}
        </div>
      )}
    </>
  )
}

/** Other wordings for a channel, a level of customers, or both. */
export function Variants(): JSX.Element {
  const of = bound('variants')
  const drop = (at: number): void => of.set(of.value.filter((_, place) => place !== at))
  const put = (at: number, change: Partial<Variant>): void =>
    of.set(of.value.map((one, place) => place === at ? { ...one, ...change } : one))
  return (
    <Frame of={of} label={t('field_variants')} help={t('variantsHelp')} group>
      {of.value.map((one, at) => (
        <div key={at} class="variant">
          <div class="variant-for">
            <select class="input" aria-label={t('variantChannel', { n: at + 1 })} value={one.channel}
              disabled={of.readOnly}
              onChange={(event) => put(at, { channel: event.currentTarget.value })}>
              <option value="">{t('everyChannel')}</option>
              {KINDS.map((kind) => <option key={kind} value={kind}>{kindName(kind)}</option>)}
            </select>
            <input class="input" aria-label={t('variantLevel', { n: at + 1 })} value={one.level}
              placeholder={t('everyLevel')} readOnly={of.readOnly} autocomplete="off"
              onInput={(event) => put(at, { level: event.currentTarget.value })} />
            {!of.readOnly && (
              <button type="button" class="icon-button" title={t('remove')}
                aria-label={t('dropVariant', { n: at + 1 })}
                onClick={() => drop(at)}>
                <Icon of={close} small />
              </button>
            )}
          </div>
          <textarea class="input area" rows={2} value={one.answer} readOnly={of.readOnly}
            aria-label={t('variantAnswer', { n: at + 1 })}
            onInput={(event) => put(at, { answer: event.currentTarget.value })} />
        </div>
      ))}
      {!of.readOnly && (
        <button type="button" class="button button-s texts-add"
          onClick={() => of.set([...of.value, { channel: '', level: '', answer: '' }])}>
          <Icon of={plus} small />{t('addVariant')}
        </button>
      )}
    </Frame>
  )
}
