/** What is attached to the words being written: small pictures and names, how far each is on its way
 * to the server, and what went wrong. */

import type { JSX, TargetedDragEvent } from 'preact'
import { Icon } from '../../shared/icon'
import { attach as attachIcon, close, file as fileIcon } from '../../shared/icons'
import type { Conversation } from '../../shared/wire'
import { hint } from '../commands'
import { chooseFiles, focusComposer } from '../deeds'
import { attach, detach, retryAttachment } from '../live/uploading'
import { attachedTo, type Attachment } from '../state/attachments'
import { draftOf } from '../state/drafts'
import { me } from '../state/people'
import { t } from '../words'

export function Attachments({ talk }: { talk: string }): JSX.Element | null {
  const attached = attachedTo(talk)
  if (attached.length === 0) return null
  return (
    <ul class="attachments" aria-label={t('attachments')}>
      {attached.map((one) => <Attached key={one.key} one={one} />)}
    </ul>
  )
}

function Attached({ one }: { one: Attachment }): JSX.Element {
  const { key, name, picture, file, percent, refused, leaving } = one
  const remove = (): void => {
    detach(key)
    focusComposer()
  }
  return (
    <li class={refused ? 'attached attached-refused' : 'attached'}>
      {picture ? <img src={picture} alt={name || t('kind_image')} />
        : <span class="attached-name"><Icon of={fileIcon} />{name}</span>}
      {!file && !refused && (
        <progress class="attached-progress" value={percent} max={100}
          aria-label={t('uploading', { name })} />
      )}
      {leaving && !refused && <span class="attached-leaving">{t('sending')}</span>}
      {refused && (
        <span class="attached-why" role="alert">
          {t(refused.code === 'too_large' ? 'fileTooLarge' : 'fileRefused')}
          <button type="button" class="button button-s" onClick={() => retryAttachment(key)}>
            {t('retry')}
          </button>
        </span>
      )}
      <button type="button" class="attached-remove" onClick={remove}
        title={t('removeAttached')} aria-label={t('removeNamed', { name: name || t('kind_image') })}>
        <Icon of={close} small />
      </button>
    </li>
  )
}

/** The button; the field behind it is what the key presses. */
export function AttachButton({ talk }: { talk: string }): JSX.Element {
  return (
    <>
      <input id="attach" type="file" multiple hidden onChange={({ currentTarget }) => {
        attach(talk, currentTarget.files ?? [])
        currentTarget.value = ''
        focusComposer()
      }} />
      <button type="button" class="icon-button" title={hint('attach')} aria-label={t('cmdAttach')}
        onClick={chooseFiles}>
        <Icon of={attachIcon} />
      </button>
    </>
  )
}

/** Pasting words stays what it is; only files without words are ours. */
export function pasted(talk: string, event: ClipboardEvent): void {
  const { files } = event.clipboardData ?? {}
  if (!files?.length || event.clipboardData?.types.includes('text/plain')) return
  event.preventDefault()
  attach(talk, files)
}

interface Dropping {
  onDragOver?: (event: TargetedDragEvent<HTMLElement>) => void
  onDrop?: (event: TargetedDragEvent<HTMLElement>) => void
}

/** Files may be dropped anywhere on a talk that this agent can write in. */
export function dropping(talk: Conversation | null): Dropping {
  if (!talk) return {}
  const replies = talk.stage === 'open' && talk.agent?.id === me.value.id
  if (!replies && draftOf(talk.id).mode === 'reply') return {}
  return {
    onDragOver: (event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    },
    onDrop: (event) => {
      if (!event.dataTransfer?.files.length) return
      event.preventDefault()
      attach(talk.id, event.dataTransfer.files)
      focusComposer()
    },
  }
}
