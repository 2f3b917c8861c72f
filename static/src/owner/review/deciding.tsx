/** Before a draft is decided: its words changed, or the reason why not. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Draft } from '../../shared/draft-wire'
import { Dialog } from '../../shared/parts/dialog'
import { EMPTY, type Field, type Fields } from '../entries/fields'
import { linesOf } from '../entries/editor/texts'
import { fieldName } from '../entries/values'
import { declineDraft, publish } from './listed'
import { t } from './words'

interface Asked { of: Draft; leave: () => void }

/** What is words, and what is a word a line; the rest is published as it was proposed. */
const TEXTS = ['question', 'answer', 'category', 'shortcut', 'note'] as const
const LISTS = ['similar', 'negative', 'tags'] as const
const LONG: ReadonlySet<Field> = new Set<Field>(['answer', ...LISTS])

export function Edit({ of, leave }: Asked): JSX.Element {
  const edited = [...TEXTS, ...LISTS].filter((field) => field in of.fields)
  const [texts, setTexts] = useState<Readonly<Partial<Record<Field, string>>>>(
    Object.fromEntries(edited.map((field) => [field, asText(of.fields[field])])))
  const run = async (event: Event): Promise<void> => {
    event.preventDefault()
    const changed = Object.fromEntries(
      edited.map((field) => [field, asValue(field, texts[field] ?? '')])) as Fields
    if (await publish(of, { ...of.fields, ...changed })) leave()
  }
  return (
    <Dialog title={t('editFirst')} class="dialog-draft" leave={leave}>
      <form class="dialog-body" onSubmit={(event) => void run(event)}>
        {edited.map((field) => (
          <label key={field} class="field">
            <span class="field-label">{fieldName(field)}</span>
            <textarea class="input area" rows={LONG.has(field) ? 3 : 1} value={texts[field]}
              required={field === 'question' || field === 'answer'}
              onInput={(event) => setTexts({ ...texts, [field]: event.currentTarget.value })} />
          </label>
        ))}
        <div class="dialog-foot">
          <button type="button" class="button" onClick={leave}>{t('cancel')}</button>
          <button type="submit" class="button button-main">{t('publish')}</button>
        </div>
      </form>
    </Dialog>
  )
}

export function Decline({ of, leave }: Asked): JSX.Element {
  const [reason, setReason] = useState('')
  const run = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (await declineDraft(of, reason.trim())) leave()
  }
  return (
    <Dialog title={t('declineTitle')} leave={leave}>
      <form class="dialog-body" onSubmit={(event) => void run(event)}>
        <label class="field">
          <span class="field-label">{t('reason')}</span>
          <textarea class="input area" rows={2} autoFocus value={reason}
            onInput={(event) => setReason(event.currentTarget.value)} />
        </label>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={leave}>{t('cancel')}</button>
          <button type="submit" class="button button-main">{t('decline')}</button>
        </div>
      </form>
    </Dialog>
  )
}

function asText(value: unknown): string {
  return Array.isArray(value) ? value.join('\n') : String(value ?? '')
}

function asValue(field: Field, text: string): unknown {
  if (Array.isArray(EMPTY[field])) return linesOf(text)
  return EMPTY[field] === null ? text.trim() || null : text.trim()
}
