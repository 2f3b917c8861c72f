/** A picture as large as the window allows; arrows lead to the talk's other pictures. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { back, forward, save } from '../../shared/icons'
import { Dialog } from '../../shared/parts/dialog'
import { viewed, type Viewed } from '../state/dialogs'
import { t } from '../words'

export function ViewerDialog({ files, at }: Viewed): JSX.Element | null {
  const file = files[at]
  if (!file) return null
  const go = (by: number): void => {
    const to = at + by
    if (files[to]) viewed.value = { files, at: to }
  }
  const pressed = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by) go(by)
  }
  const title = files.length > 1 ? t('pictureOf', { at: at + 1, n: files.length }) : t('picture')
  return (
    <Dialog title={title} class="dialog-viewer" leave={() => { viewed.value = null }}>
      <div class="viewer" onKeyDown={pressed}>
        <img key={file.id} src={file.url} alt={file.name} width={file.width} height={file.height} />
        <p class="viewer-foot">
          <button type="button" class="icon-button" aria-label={t('previousPicture')}
            title={t('previousPicture')} aria-disabled={at === 0} onClick={() => go(-1)}>
            <Icon of={back} />
          </button>
          <span class="viewer-name">{file.name}</span>
          <a class="button" href={file.url} download={file.name}>
            <Icon of={save} small />{t('saveFile')}
          </a>
          <button type="button" class="icon-button" aria-label={t('nextPicture')}
            title={t('nextPicture')} aria-disabled={at === files.length - 1} autofocus
            onClick={() => go(1)}>
            <Icon of={forward} />
          </button>
        </p>
      </div>
    </Dialog>
  )
}
