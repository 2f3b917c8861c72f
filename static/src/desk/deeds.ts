/** What an agent does to a talk: asked of the server, and told when it was refused. */

import type {
  Ack, Availability, Entry, HandOver, Refusal, Suggestion,
} from '../shared/wire'
import { HttpError, post } from '../shared/http'
import { ask } from '../shared/socket'
import { sayOrHold } from './live/holding'
import { say } from './live/sending'
import { attachKnown, sendAttached } from './live/uploading'
import { loadCard } from './state/cards'
import { putConversation } from './state/conversations'
import { changeDraft, draftOf, draftText, takeWords, writeDraft } from './state/drafts'
import { notify } from '../shared/notices'
import { me } from './state/people'
import { openConversation, openId, section, sideShown } from './state/selection'
import { forgetProposal } from './state/suggestions'
import { lessonFor, offerLesson } from './state/teaching'
import { saidIn } from './state/wording'
import { t, type Phrase } from './words'

export async function take(conversation?: string): Promise<void> {
  const answer = await ask('take', conversation ? { conversation } : {})
  if (!answer.ok) {
    const empty = !conversation && answer.error.code === 'not_found'
    const text = empty ? t('queueEmpty') : refusal(answer.error, 'takeConflict')
    notify({ kind: 'failed', text })
    return
  }
  putConversation(answer.conversation)
  section.value = 'mine'
  openConversation(answer.conversation.id)
  focusComposer()
}

export async function handOver(order: HandOver): Promise<boolean> {
  return told(await ask('hand_over', order), { done: 'handedOver' })
}

export async function end(conversation: string, summary = ''): Promise<boolean> {
  const words = summary.trim()
  const answer = await ask('close', { conversation, ...(words && { summary: words }) })
  if (!answer.ok) return told(answer, {})
  notify({
    kind: 'done', text: t('ended'),
    action: { label: t('reopen'), run: () => void reopen(conversation) },
  })
  return true
}

export async function reopen(conversation: string): Promise<void> {
  if (!told(await ask('reopen', { conversation }), {})) return
  openConversation(conversation)
}

export async function recall(conversation: string, seq: number): Promise<void> {
  told(await ask('recall', { conversation, seq }), { conflict: 'recallConflict' })
}

/** An identity that was joined with this customer's is somebody else's after all. */
export async function separate(identity: string, conversation: string): Promise<void> {
  try {
    await post(`/api/identities/${encodeURIComponent(identity)}/separate`, {})
    notify({ kind: 'done', text: t('separated') })
  } catch (reason) {
    if (!(reason instanceof HttpError)) throw reason
    notify({ kind: 'failed', text: refusal(reason.refusal) })
  }
  await loadCard(conversation)
}

export async function setAvailability(state: Availability): Promise<void> {
  const before = me.peek()
  me.value = { ...before, state }
  if (!told(await ask('available', { state }), {})) {
    me.value = { ...me.peek(), state: before.state }
  }
}

/** Sends what stands in the composer, as a reply or as a note. */
export function sendDraft(conversation: string): void {
  const draft = draftOf(conversation)
  const text = draftText(draft).trim()
  if (!text) return void sendAttached(conversation, draft.mode === 'note')
  if (draft.mode === 'note') {
    void say(conversation, { text, private: true })
    sendAttached(conversation, true)
    changeDraft(conversation, { note: '' })
    return
  }
  const { taken } = draft
  const suggestion = taken && { entry: taken.entry, edited: text !== taken.original.trim() }
  sayOrHold(conversation, { text, ...(suggestion && { suggestion }) })
  sendAttached(conversation, false)
  changeDraft(conversation, { reply: '', taken: undefined })
  if (!suggestion) return
  forgetProposal(conversation)
  if (taken.lesson !== undefined) offerLesson(taken.lesson)
}

export function sendSuggestion(conversation: string, item: Suggestion): void {
  const lesson = lessonFor(conversation, item)
  const suggestion = { entry: item.entry, edited: false }
  sayOrHold(conversation, { text: item.text, suggestion })
  attachKnown(conversation, item.pictures)
  sendAttached(conversation, false)
  forgetProposal(conversation)
  offerLesson(lesson)
  sideShown.value = false
  focusComposer()
}

export function editSuggestion(conversation: string, item: Suggestion): void {
  changeDraft(conversation, {
    mode: 'reply', reply: item.text,
    taken: { entry: item.entry, original: item.text, lesson: lessonFor(conversation, item) },
  })
  attachKnown(conversation, item.pictures)
  sideShown.value = false
  focusComposer()
}

/** Puts words where the caret is, or at the end. */
export function insertText(text: string): void {
  const id = openId.peek()
  if (id) putWords(id, text, caret(id), (whole) => writeDraft(id, whole))
}

/** Puts what an entry says in the open talk where the caret is, or in the place of other words, and
 * its pictures beside. */
export function insertEntry(entry: Entry, place?: Place): void {
  const id = openId.peek()
  if (!id) return
  const words = saidIn(id, entry)
  attachKnown(id, entry.pictures)
  putWords(id, words, place ?? caret(id), (whole) => takeWords(id, whole, entry, words))
}

/** Opening by hand means wanting to write. */
export function openAndWrite(conversation: string): void {
  openConversation(conversation)
  backToComposer()
}

/** From wherever a click has led; on a phone the keyboard would cover the talk. */
export function backToComposer(): void {
  if (!matchMedia('(pointer: coarse)').matches) focusComposer()
}

/** After the next drawing, when the field exists and holds its words; with a caret the words are
 * new ones, and the field takes them like typed ones. */
export function focusComposer(caret?: number): void {
  requestAnimationFrame(() => {
    const field = composer()
    if (!field || (caret === undefined && document.activeElement === field)) return
    field.focus()
    const place = caret ?? field.value.length
    field.setSelectionRange(place, place)
    if (caret !== undefined) field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

export function refusal(error: Refusal, conflict?: Phrase): string {
  return t(conflict && error.code === 'conflict' ? conflict : `refused_${error.code}`)
}

function told(answer: Ack, says: { done?: Phrase; conflict?: Phrase }): boolean {
  if (!answer.ok) notify({ kind: 'failed', text: refusal(answer.error, says.conflict) })
  else if (says.done) notify({ kind: 'done', text: t(says.done) })
  return answer.ok
}

/** As if the button had been pressed; there is none where this agent cannot write. */
export function chooseFiles(): void {
  document.querySelector<HTMLInputElement>('#attach')?.click()
}

interface Place { start: number; end: number }

function caret(id: string): Place {
  const field = composer()
  const length = draftText(draftOf(id)).length
  return { start: field?.selectionStart ?? length, end: field?.selectionEnd ?? length }
}

function putWords(
  id: string, words: string, { start, end }: Place, write: (whole: string) => void,
): void {
  const old = draftText(draftOf(id))
  write(old.slice(0, start) + words + old.slice(end))
  sideShown.value = false
  focusComposer(start + words.length)
}

function composer(): HTMLTextAreaElement | null {
  return document.querySelector<HTMLTextAreaElement>('#composer')
}
