/** The screen of undelivered messages: fetched when it is looked at, sent again, taken off. */

import { effect, untracked } from '@preact/signals'
import type { Letter, Letters, Refusal } from '../../shared/wire'
import { refusal } from '../deeds'
import { get, HttpError, post } from '../../shared/http'
import { dialog } from '../state/dialogs'
import { dismiss, notify } from '../../shared/notices'
import { leaving, letters, undelivered } from '../state/undelivered'
import { t } from '../words'
import { connected } from '../../shared/socket'

const LIMIT = 200
/** As long as the notice with its "undo" is shown. */
const UNDO_MS = 6_000

const pending = new Map<string, { timer: ReturnType<typeof setTimeout>; notice: number }>()

/** While the list is in sight, it follows what the server counts. */
export function followLetters(): void {
  effect(() => {
    if (dialog.value !== 'undelivered' || undelivered.value < 0 || !connected.value) return
    untracked(() => void loadLetters())
  })
  addEventListener('pagehide', () => {
    for (const id of pending.keys()) void takeOff(id, true)
  })
}

export async function loadLetters(): Promise<void> {
  try {
    letters.value = (await get<Letters>(`/api/outbox?limit=${LIMIT}`)).items
  } catch {
    if (typeof letters.peek() === 'string') letters.value = 'failed'
  }
}

/** From the bubble, which knows the message's place and not its letter. */
export async function resendMessage(conversation: string, seq: number): Promise<void> {
  await loadLetters()
  const all = letters.peek()
  const found = typeof all !== 'string'
    && all.find((one) => one.conversation === conversation && one.seq === seq)
  if (found) await resend(found.id)
  else notify({ kind: 'failed', text: t(all === 'failed' ? 'loadFailed' : 'refused_conflict') })
}

export async function resend(id: string): Promise<void> {
  try {
    await post(`/api/outbox/${encodeURIComponent(id)}/resend`)
    notify({ kind: 'done', text: t('resent') })
  } catch (reason) {
    refused(reason)
  }
  await loadLetters()
}

/** Off the list at once; the server is told when "undo" is over. */
export function dismissLetter({ id, contact }: Letter): void {
  leaving.value = new Set(leaving.peek()).add(id)
  const notice = notify({
    kind: 'done', text: t('letterDismissed', { name: contact.name }),
    action: { label: t('undo'), run: () => takeBack(id) },
  })
  pending.set(id, { timer: setTimeout(() => void takeOff(id), UNDO_MS), notice })
}

function takeBack(id: string): void {
  const waits = pending.get(id)
  if (!waits) return
  clearTimeout(waits.timer)
  pending.delete(id)
  stay(id)
}

async function takeOff(id: string, closing = false): Promise<void> {
  const waits = pending.get(id)
  pending.delete(id)
  if (waits) {
    clearTimeout(waits.timer)
    dismiss(waits.notice)
  }
  try {
    await post(`/api/outbox/${encodeURIComponent(id)}/dismiss`, {}, { keepalive: closing })
  } catch (reason) {
    refused(reason)
  }
  await loadLetters()
  stay(id)
}

function stay(id: string): void {
  const left = new Set(leaving.peek())
  if (left.delete(id)) leaving.value = left
}

function refused(reason: unknown): void {
  const error: Refusal = reason instanceof HttpError
    ? reason.refusal : { code: 'unavailable', message: String(reason) }
  notify({ kind: 'failed', text: refusal(error) })
}
