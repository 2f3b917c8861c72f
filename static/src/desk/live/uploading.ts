/** Brings attachments to the server, one after the other, and says them when they are to leave. One
 * that gets no answer is tried again by itself: after a pause, and when the connection is back. */

import { effect } from '@preact/signals'
import { backoff } from '../../shared/backoff'
import { isRefusal, passes, upload, type Uploading } from '../../shared/upload'
import { boot } from '../../shared/boot'
import {
  addAttachment, addKnownPicture, attachments, changeAttachment, dropAttachment, type Attachment,
} from '../state/attachments'
import { connected } from '../../shared/socket'
import { say } from './sending'

let running: { key: string; uploading: Uploading } | null = null
let tries = 0
let pause: ReturnType<typeof setTimeout> | undefined

export function startUploading(): void {
  effect(() => { if (connected.value) void next() })
  addEventListener('beforeunload', (event) => {
    if (attachments.peek().some(({ bytes, refused }) => bytes && !refused)) event.preventDefault()
  })
}

export function attach(conversation: string, files: Iterable<File>): void {
  for (const one of files) addAttachment(conversation, one)
  void next()
}

export function attachKnown(conversation: string, pictures: readonly string[] | undefined): void {
  for (const id of pictures ?? []) addKnownPicture(conversation, id)
}

export function detach(key: string): void {
  dropAttachment(key)
  if (running?.key === key) running.uploading.stop()
}

export function retryAttachment(key: string): void {
  changeAttachment(key, { refused: undefined, percent: 0 })
  void next()
}

/** What is attached goes out, at once or as soon as the server has it; whether there is any. */
export function sendAttached(conversation: string, note: boolean): boolean {
  const mine = attachments.peek().filter((one) => one.conversation === conversation)
  for (const { key } of mine) changeAttachment(key, { leaving: { note } })
  release(conversation)
  return mine.length > 0
}

/** In the order of attaching: one that is not there yet holds up those behind it. */
function release(conversation: string): void {
  for (const one of attachments.peek()) {
    if (one.conversation !== conversation || !one.leaving || one.refused) continue
    if (!one.file) return
    const kind = one.picture ? 'image' : 'file'
    void say(conversation, {
      text: '', kind, file: one.file, ...(one.leaving.note && { private: true }),
    })
    dropAttachment(one.key)
  }
}

async function next(): Promise<void> {
  const one = attachments.peek().find(({ bytes, refused }) => bytes && !refused)
  if (running || !one?.bytes) return
  clearTimeout(pause)
  const address = `/api/files?${new URLSearchParams({ name: one.bytes.name })}`
  const uploading = upload(one.bytes, address, { 'X-CSRF-Token': boot.csrf }, (percent) =>
    changeAttachment(one.key, { percent }))
  running = { key: one.key, uploading }
  const answer = await uploading.done
  running = null
  const wanted = attachments.peek().some(({ key }) => key === one.key)
  if (wanted && isRefusal(answer) && passes(answer)) {
    tries += 1
    pause = setTimeout(() => void next(), backoff(tries))
    return
  }
  tries = 0
  if (wanted) settle(one, answer)
  void next()
}

function settle(one: Attachment, answer: Awaited<Uploading['done']>): void {
  if (isRefusal(answer)) changeAttachment(one.key, { refused: answer })
  else changeAttachment(one.key, { file: answer, bytes: undefined, percent: 100 })
  release(one.conversation)
}
