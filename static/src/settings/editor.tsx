/** One channel account: how it is connected, its settings, and whether it works. */

import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { channelName, kindName } from '../shared/channel'
import { Icon } from '../shared/icon'
import { back } from '../shared/icons'
import type { InboxSettings } from '../shared/inbox-wire'
import { open } from './address'
import { Connect } from './connect'
import { changed, draftOf, drop, fieldsOf, save, saving, writeName } from './drafts'
import { FieldRow } from './field-row'
import { t } from './words'

interface EditorProps { draft: string; kind: string; saved: InboxSettings | undefined }

export function Editor({ draft, kind, saved }: EditorProps): JSX.Element {
  const box = useRef<HTMLFormElement>(null)
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (await save(draft, kind, saved)) return
    requestAnimationFrame(() => {
      box.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
    })
  }
  const fresh = saved === undefined
  return (
    <>
      <div class="settings-head">
        <button type="button" class="icon-button settings-back" aria-label={t('back')}
          onClick={() => open('')}>
          <Icon of={back} />
        </button>
        <h2>{saved ? channelName(saved) : t('newOf', { kind: kindName(kind) })}</h2>
        <span class="chip">{kindName(kind)}</span>
      </div>
      {saved && <Connect inbox={saved} dirty={changed(draft)} />}
      {fresh && kind !== 'widget' && <p class="quiet settings-note">{t('addressLater')}</p>}
      <form ref={box} class="card settings-fields" noValidate autocomplete="off"
        onSubmit={(event) => void submit(event)}>
        <NameRow draft={draft} saved={saved} />
        {fieldsOf(kind).map((field) => (
          <FieldRow key={field.name} draft={draft} kind={kind} field={field} saved={saved} />
        ))}
        <div class="settings-foot">
          {(fresh || changed(draft)) && (
            <button type="button" class="button"
              onClick={() => { drop(draft); if (fresh) open('') }}>
              {fresh ? t('cancel') : t('discard')}
            </button>
          )}
          <button type="submit" class="button button-main"
            disabled={saving.value || (!fresh && !changed(draft))}>
            {fresh ? t('addIt') : t('save')}
          </button>
        </div>
      </form>
    </>
  )
}

function NameRow({ draft, saved }: Omit<EditorProps, 'kind'>): JSX.Element {
  const { name, faults } = draftOf(draft)
  const fault = faults['name']
  return (
    <div class="field">
      <label class="field-label" for="setting-name">{t('name')}</label>
      <input id="setting-name" class="input" maxLength={100} value={name ?? saved?.name ?? ''}
        aria-invalid={fault !== undefined} aria-describedby="setting-name-help"
        onInput={(event) => writeName(draft, event.currentTarget.value, saved?.name)} />
      <p id="setting-name-help" class={fault ? 'settings-fault' : 'quiet'}>
        {fault ?? t('nameHelp')}
      </p>
    </div>
  )
}
