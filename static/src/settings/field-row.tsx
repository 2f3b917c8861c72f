/** One setting as the server describes it: its label, its input, what it is for or what is wrong. */

import type { JSX } from 'preact'
import { Icon } from '../shared/icon'
import { retry } from '../shared/icons'
import type { InboxField, InboxSettings, SettingValue } from '../shared/inbox-wire'
import { CopyButton } from './copying'
import { draftOf, writeValue } from './drafts'
import { generate, lengthOf } from './secrets'
import { choiceOf, helpOf, labelOf, t } from './words'

interface RowProps {
  draft: string
  kind: string
  field: InboxField
  saved: InboxSettings | undefined
}

export function FieldRow({ draft, kind, field, saved }: RowProps): JSX.Element {
  const id = `setting-${field.name}`
  const { values, faults } = draftOf(draft)
  const before = field.secret ? undefined : saved?.config[field.name] ?? field.default ?? ''
  const value = values[field.name] ?? before ?? ''
  const fault = faults[field.name]
  const write = (next: SettingValue): void => writeValue(draft, field, next, before)
  const given = {
    id, 'aria-invalid': fault !== undefined, 'aria-describedby': `${id}-help`,
    'aria-required': field.required,
  }
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {labelOf(field.name)}{mayBeEmpty(field) && <span class="quiet"> {t('optional')}</span>}
      </label>
      <div class="settings-input">
        <Input field={field} value={value} write={write} given={given}
          isSet={saved?.secrets[field.name] === true} />
        <Maker kind={kind} field={field} write={write} made={String(value)} />
      </div>
      <p id={`${id}-help`} class={fault ? 'settings-fault' : 'quiet'}>
        {fault ?? helpOf(kind, field.name) ?? ''}
      </p>
    </div>
  )
}

function mayBeEmpty({ required, type, secret, default: without }: InboxField): boolean {
  return !required && type === 'text' && (secret || without === '')
}

interface InputProps {
  field: InboxField
  value: SettingValue
  write: (value: SettingValue) => void
  given: Record<string, string | boolean>
  isSet: boolean
}

function Input({ field, value, write, given, isSet }: InputProps): JSX.Element {
  switch (field.type) {
    case 'flag':
      return (
        <input {...given} type="checkbox" class="settings-check" checked={value === true}
          onChange={(event) => write(event.currentTarget.checked)} />
      )
    case 'choice':
      return (
        <select {...given} class="input" value={String(value)}
          onChange={(event) => write(event.currentTarget.value)}>
          {field.choices?.map((one) => (
            <option key={one} value={one}>{choiceOf(field.name, one)}</option>
          ))}
        </select>
      )
    case 'number':
      return (
        <input {...given} type="number" class="input" value={String(value)}
          min={field.min} max={field.max}
          onInput={({ currentTarget: { value: text } }) =>
            write(text !== '' && Number.isSafeInteger(Number(text)) ? Number(text) : text)} />
      )
    default:
      return field.secret ? (
        <input {...given} type="password" class="input" autocomplete="new-password"
          value={String(value)} maxLength={field.max_length}
          placeholder={isSet ? t('isSet') : undefined}
          onInput={(event) => write(event.currentTarget.value)} />
      ) : (
        <input {...given} type="text" class="input" spellcheck={false} autocomplete="off"
          value={String(value)} maxLength={field.max_length}
          onInput={(event) => write(event.currentTarget.value)} />
      )
  }
}

/** For what both sides must know: made here, copied from here while it can still be read. */
function Maker({ kind, field, write, made }: {
  kind: string
  field: InboxField
  write: (value: string) => void
  made: string
}): JSX.Element | null {
  const length = lengthOf(kind, field.name)
  if (!field.secret || length === undefined) return null
  const label = labelOf(field.name)
  return (
    <>
      <button type="button" class="button" aria-label={t('generateIt', { field: label })}
        onClick={() => write(generate(length))}>
        <Icon of={retry} small />{t('generate')}
      </button>
      {made !== '' && <CopyButton text={made} label={t('copyIt', { what: label })} />}
    </>
  )
}
