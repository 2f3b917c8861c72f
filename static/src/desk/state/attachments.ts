/** Pictures and files chosen and not yet said, per conversation. They live as long as the page does:
 * what was chosen is bytes, which belong to the machine until the server has them. */

import { signal } from '@preact/signals'
import { newId } from '../../shared/outbox'
import type { Refusal, SentFile } from '../../shared/wire'

export interface Attachment {
  key: string
  conversation: string
  name: string
  /** What to show; empty for what is no picture. */
  picture: string
  /** The bytes, until the server has them. */
  bytes?: File
  file?: SentFile
  percent: number
  refused?: Refusal
  /** Said as soon as it is there; as a note, where that was written. */
  leaving?: { note: boolean }
}

export const attachments = signal<readonly Attachment[]>([])

export function attachedTo(conversation: string): readonly Attachment[] {
  return attachments.value.filter((one) => one.conversation === conversation)
}

export function addAttachment(conversation: string, bytes: File): void {
  const picture = bytes.type.startsWith('image/') ? URL.createObjectURL(bytes) : ''
  put({ key: newId(), conversation, name: bytes.name, picture, bytes, percent: 0 })
}

/** A picture that the server has already, such as one of an answer. */
export function addKnownPicture(conversation: string, id: string): void {
  const file = { id, name: '', type: '', size: 0, url: `/files/${id}`, small: `/files/${id}/small` }
  put({ key: newId(), conversation, name: '', picture: file.small, file, percent: 100 })
}

export function changeAttachment(key: string, change: Partial<Attachment>): void {
  attachments.value = attachments.peek().map((one) => one.key === key ? { ...one, ...change } : one)
}

export function dropAttachment(key: string): void {
  const found = attachments.peek().find((one) => one.key === key)
  if (found?.picture.startsWith('blob:')) URL.revokeObjectURL(found.picture)
  attachments.value = attachments.peek().filter((one) => one.key !== key)
}

function put(one: Attachment): void {
  attachments.value = [...attachments.peek(), one]
}
