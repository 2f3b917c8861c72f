/** A file in a bubble: a picture in the place reserved for it, or a card to save the file by. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { file as fileIcon, save } from '../../shared/icons'
import type { Message, SentFile } from '../../shared/wire'
import { Text } from '../../shared/parts/text'
import { threadOf } from '../state/threads'
import { viewed } from '../state/dialogs'
import { t } from '../words'

const WIDEST = 280
const TALLEST = 260
/** Where nothing is known of a picture yet. */
const UNKNOWN = 160

export function FileBody({ message, file }: { message: Message; file: SentFile }): JSX.Element {
  return (
    <>
      {message.kind === 'image' ? <Picture message={message} file={file} /> : <Card file={file} />}
      {message.text && <p class="picture-words"><Text text={message.text} /></p>}
    </>
  )
}

function Picture({ message, file }: { message: Message; file: SentFile }): JSX.Element {
  const { name, width = UNKNOWN, height = UNKNOWN, url, small = url } = file
  const part = Math.min(1, WIDEST / width, TALLEST / height)
  const label = t('viewPicture', { name })
  return (
    <button type="button" class="picture" title={label} aria-label={label}
      onClick={() => view(message, file)}>
      <img src={small} alt="" loading="lazy" draggable={false}
        width={Math.max(1, Math.round(width * part))}
        height={Math.max(1, Math.round(height * part))} />
    </button>
  )
}

function Card({ file: { name, size, url } }: { file: SentFile }): JSX.Element {
  return (
    <a class="file-card" href={url} download={name}>
      <Icon of={fileIcon} />
      <span class="file-card-words"><b>{name}</b><span>{sizeWords(size)}</span></span>
      <Icon of={save} small />
      <span class="sr-only">{t('saveFile')}</span>
    </a>
  )
}

/** With the other pictures of the talk, where it is at hand. */
function view({ conversation, seq }: Message, file: SentFile): void {
  const held = threadOf(conversation ?? '')?.messages.peek() ?? []
  const pictures = held.flatMap((one) =>
    one.kind === 'image' && one.file && !one.recalled ? [one] : [])
  const at = pictures.findIndex((one) => one.seq === seq && one.file?.id === file.id)
  viewed.value = at < 0 ? { files: [file], at: 0 }
    : { files: pictures.map((one) => one.file as SentFile), at }
}

function sizeWords(size: number): string {
  if (size < 1024) return `${size} B`
  const kb = size / 1024
  return kb < 1000 ? `${Math.round(kb)} KB` : `${(kb / 1024).toFixed(1)} MB`
}
