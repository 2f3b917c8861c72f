/** The form that rises from the bottom of the phone for what needs more than a tap. */

import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Ask, Deed } from './deeds'
import { samplePicture } from './sample'
import { t } from './words'
import { base64, type Act } from './wire'

export function Sheet({ deed, close, send }: {
  deed: Deed
  close: () => void
  send: (act: Act) => void
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const [chosen, setChosen] = useState<File | null>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const submit = (event: Event): void => {
    event.preventDefault()
    const given = new FormData(event.currentTarget as HTMLFormElement)
    void act(deed, given, chosen).then(send)
  }
  return (
    <dialog class="sheet" ref={dialog} onClose={close} aria-labelledby="sheet-title">
      <form onSubmit={submit}>
        <h3 id="sheet-title">{t(deed.label)}</h3>
        {deed.asks.map((one) => <Field key={one.field} of={one} />)}
        {deed.type === 'image' && (
          <label>
            {t('own_picture')}
            <input
              type="file" accept="image/png,image/jpeg,image/gif"
              onChange={(event) => setChosen(event.currentTarget.files?.[0] ?? null)}
            />
          </label>
        )}
        <p class="ends">
          <button type="button" onClick={close}>{t('cancel')}</button>
          <button class="send">{t(deed.type === 'image' && !chosen ? 'send_sample' : 'send')}</button>
        </p>
      </form>
    </dialog>
  )
}

function Field({ of: { field, label, value } }: { of: Ask }): JSX.Element {
  return (
    <label>
      {t(label)}
      {typeof value === 'number'
        ? <input name={field} type="number" min={1} max={60} defaultValue={String(value)} />
        : <input name={field} autocomplete="off" defaultValue={value && t(value)} />}
    </label>
  )
}

async function act(deed: Deed, given: FormData, chosen: File | null): Promise<Act> {
  const said: Act = { type: deed.type }
  for (const { field, value } of deed.asks) {
    const text = String(given.get(field) ?? '')
    said[field] = typeof value === 'number' ? Number(text) || value : text
  }
  if (deed.type === 'image') {
    said['data'] = await base64(chosen ?? await samplePicture())
    said['name'] = chosen?.name ?? 'cup.png'
  }
  return said
}
