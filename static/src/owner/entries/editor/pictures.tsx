/** Pictures that go with the answer: picked, dropped or pasted, uploaded at once. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { HttpError, upload } from '../../../shared/http'
import { Icon } from '../../../shared/icon'
import { close, picture } from '../../../shared/icons'
import { notify } from '../../../shared/notices'
import { refused } from '../../../shared/words'
import { bound, form, set } from '../state/opened'
import { t } from '../words'
import { Frame } from './frame'

interface Uploaded { file: { id: string } }

const MOST = 9

export function Pictures(): JSX.Element {
  const of = bound('pictures')
  const [busy, setBusy] = useState(0)
  const add = async (files: Iterable<File>): Promise<void> => {
    const pictures = [...files].filter(({ type }) => type.startsWith('image/'))
    setBusy((n) => n + pictures.length)
    for (const one of pictures) {
      const id = await uploaded(one)
      if (id && form.peek().pictures.length < MOST) set('pictures', [...form.peek().pictures, id])
      setBusy((n) => n - 1)
    }
  }
  return (
    <Frame of={of} label={t('field_pictures')} help={t('picturesHelp')} group>
      <ul class="pictures" onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          if (!of.readOnly) void add(event.dataTransfer?.files ?? [])
        }}>
        {of.value.map((id, at) => (
          <li key={id} class="picture">
            <img src={`/files/${encodeURIComponent(id)}`} alt={t('pictureNumber', { n: at + 1 })} />
            {!of.readOnly && (
              <button type="button" class="icon-button picture-drop" title={t('remove')}
                aria-label={t('dropPicture', { n: at + 1 })}
                onClick={() => of.set(of.value.filter((one) => one !== id))}>
                <Icon of={close} small />
              </button>
            )}
          </li>
        ))}
      </ul>
      {!of.readOnly && of.value.length < MOST && (
        <label class="button button-s texts-add">
          <Icon of={picture} small />{t(busy > 0 ? 'uploading' : 'addPicture')}
          <input class="sr-only" type="file" accept="image/*" multiple
            onChange={(event) => {
              void add([...event.currentTarget.files ?? []])
              event.currentTarget.value = ''
            }} />
        </label>
      )}
    </Frame>
  )
}

async function uploaded(file: File): Promise<string | null> {
  try {
    const name = encodeURIComponent(file.name)
    return (await upload<Uploaded>(`/api/files?name=${name}`, file)).file.id
  } catch (reason) {
    if (!(reason instanceof HttpError)) throw reason
    const failed = t('pictureFailed', { name: file.name })
    notify({ kind: 'failed', text: `${failed}${t('sentence')}${refused(reason.refusal)}` })
    return null
  }
}
