/** A script in the making: its fields with what is wrong at each, saved by Enter or Ctrl+Enter. */

import type { JSX, TargetedEvent } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { composing } from '../../shared/keys'
import { wrongIn, type Problems } from '../live/scripts'
import { categoryNames } from '../state/entries'
import { FIELDS, type Field, type Script } from '../state/scripts'
import { t } from '../words'

interface Deed { label: string; run: (script: Script) => Promise<Problems> }

interface ScriptFormProps {
  first: Script
  fields?: readonly Field[]
  /** Where the focus begins. */
  focus: Field
  hint?: string
  /** What Enter does; the other way is a button beside it. */
  save: Deed
  other?: Deed
  done: () => void
  leave: () => void
  /** Told of what was refused, so that it can be kept. */
  refused?: (script: Script) => void
}

export function ScriptForm(props: ScriptFormProps): JSX.Element {
  const { first, fields = FIELDS, focus, hint, save, other, done, leave, refused } = props
  const [script, setScript] = useState(first)
  const [problems, setProblems] = useState<Problems>({})
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  // Inside a dialog that is not shown yet this does nothing: there `autoFocus` does it.
  useLayoutEffect(() => {
    const field = form.current?.querySelector<HTMLInputElement>(`[name=${focus}]`)
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  }, [focus])
  const show = (found: Problems): void => {
    setProblems(found)
    const wrong = fields.find((field) => found[field])
    if (wrong) form.current?.querySelector<HTMLElement>(`[name=${wrong}]`)?.focus()
  }
  const run = async (deed: Deed): Promise<void> => {
    if (busy) return
    const wrong = wrongIn(script, fields)
    if (some(wrong)) return show(wrong)
    setBusy(true)
    const found = await deed.run(script)
    setBusy(false)
    if (!some(found)) return done()
    refused?.(script)
    show(found)
  }
  const pressed = (event: KeyboardEvent): void => {
    if (composing(event)) return
    if (event.key === 'Escape') leave()
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run(save)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <form ref={form} class="script" noValidate onKeyDown={pressed}
      onSubmit={(event) => { event.preventDefault(); void run(save) }}>
      {fields.map((field) => (
        <FieldRow key={field} field={field} value={script[field]} wrong={problems[field]}
          focus={field === focus} write={(value) => setScript({ ...script, [field]: value })} />
      ))}
      {hint && <p class="quiet script-hint">{hint}</p>}
      {problems.all && <p class="alert" role="alert">{problems.all}</p>}
      <div class="dialog-foot script-foot">
        <button type="button" class="button" onClick={leave}>{t('cancel')}</button>
        {other && (
          <button type="button" class="button" disabled={busy} onClick={() => void run(other)}>
            {other.label}
          </button>
        )}
        <button type="submit" class="button button-main" disabled={busy}
          title={t('hint', { label: save.label, key: 'Ctrl+Enter' })}>
          {save.label}
        </button>
      </div>
    </form>
  )
}

interface FieldRowProps {
  field: Field
  value: string
  wrong: string | undefined
  focus: boolean
  write: (value: string) => void
}

function FieldRow({ field, value, wrong, focus, write }: FieldRowProps): JSX.Element {
  const id = useId()
  const written = (
    event: TargetedEvent<HTMLInputElement> | TargetedEvent<HTMLTextAreaElement>,
  ): void => write(event.currentTarget.value)
  const common = {
    id, name: field, class: 'input', value, autoFocus: focus, autocomplete: 'off',
    onInput: written, 'aria-invalid': wrong ? true : undefined,
    'aria-describedby': wrong ? `${id}-wrong` : undefined,
  }
  return (
    <div class={`field script-${field}`}>
      <label class="field-label" for={id}>{t(`field_${field}`)}</label>
      {field === 'answer' && <textarea rows={4} {...common} />}
      {field === 'category' && (
        <>
          <input type="text" list={`${id}-all`} {...common} />
          <datalist id={`${id}-all`}>
            {categoryNames.value.map((name) => <option key={name} value={name} />)}
          </datalist>
        </>
      )}
      {(field === 'question' || field === 'shortcut') && <input type="text" {...common} />}
      {wrong && <p id={`${id}-wrong`} class="script-wrong">{wrong}</p>}
    </div>
  )
}

function some(found: Problems): boolean {
  return Object.keys(found).length > 0
}
