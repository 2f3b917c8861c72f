/** Everything that has a key or a line in the command palette, in one table. */

import { keyName, type Key } from '../shared/keys'
import {
  chooseFiles, editSuggestion, end, focusComposer, openAndWrite, reopen, sendSuggestion, setAvailability, take,
} from './deeds'
import { reject, teach } from './live/learning'
import { sections, unanswered } from './state/conversations'
import { dialog, type DialogName } from './state/dialogs'
import { changeDraft, type Mode } from './state/drafts'
import { me } from './state/people'
import { newestSavable, saveAsScript } from './state/scripts'
import {
  openConversation, openId, openTalk, section, showSide,
} from './state/selection'
import { firstOffered } from './state/suggestions'
import { lesson } from './state/teaching'
import { t, type Phrase } from './words'

export interface Command {
  label: Phrase
  keys: readonly Key[]
  can: () => boolean
  run: () => void
}

const always = (): boolean => true
const talking = (): boolean => openTalk.value !== null
const answering = (): boolean =>
  openTalk.value?.stage === 'open' && openTalk.value.agent?.id === me.value.id

export const commands = {
  next: {
    label: 'cmdNext', keys: [alt('KeyJ'), alt('ArrowDown')], can: always, run: () => step(1),
  },
  previous: {
    label: 'cmdPrevious', keys: [alt('KeyK'), alt('ArrowUp')], can: always, run: () => step(-1),
  },
  longest: { label: 'cmdLongest', keys: [alt('KeyU')], can: someoneWaits, run: openLongest },
  take: { label: 'takeNext', keys: [alt('KeyG')], can: always, run: () => void take() },
  reply: { label: 'cmdReply', keys: [alt('KeyL')], can: talking, run: () => write('reply') },
  attach: { label: 'cmdAttach', keys: [alt('KeyA')], can: talking, run: chooseFiles },
  note: { label: 'cmdNote', keys: [alt('KeyP')], can: talking, run: () => write('note') },
  first: { label: 'cmdFirst', keys: [alt('Enter')], can: answering, run: useFirst },
  editFirst: { label: 'cmdEditFirst', keys: [], can: answering, run: editFirst },
  reject: { label: 'cmdReject', keys: [alt('KeyN')], can: answering, run: rejectFirst },
  teach: {
    label: 'cmdTeach', keys: [alt('KeyS')], can: () => lesson.value !== null,
    run: () => { if (lesson.value) void teach(lesson.value) },
  },
  saveScript: {
    label: 'saveScript', keys: [alt('KeyD')], can: () => newestSavable() !== null,
    run: () => saveAsScript(newestSavable()),
  },
  handOver: { label: 'handOver', keys: [alt('KeyT')], can: answering, run: () => show('handOver') },
  end: { label: 'cmdEnd', keys: [alt('KeyE')], can: answering, run: () => show('end') },
  endNext: {
    label: 'cmdEndNext', keys: [{ code: 'KeyE', alt: true, ctrl: true }], can: answering,
    run: () => void endAndNext(),
  },
  reopen: {
    label: 'reopen', keys: [], can: () => openTalk.value?.stage === 'closed',
    run: () => { if (openId.value) void reopen(openId.value) },
  },
  phrases: {
    label: 'tabPhrases', keys: [alt('KeyQ')], can: talking, run: () => showSide('phrases'),
  },
  customer: {
    label: 'tabCustomer', keys: [alt('KeyC')], can: talking, run: () => showSide('customer'),
  },
  suggestions: {
    label: 'tabSuggestions', keys: [alt('KeyB')], can: talking,
    run: () => showSide('suggestions'),
  },
  palette: {
    label: 'cmdPalette', keys: [{ code: 'KeyK', ctrl: true }], can: always,
    run: () => show('palette'),
  },
  undelivered: {
    label: 'cmdUndelivered', keys: [alt('KeyX')], can: always, run: () => show('undelivered'),
  },
  knowledge: {
    label: 'cmdKnowledge', keys: [], can: always, run: () => location.assign('/knowledge'),
  },
  keys: { label: 'cmdKeys', keys: [], can: always, run: () => show('keys') },
  available: {
    label: 'cmdAvailable', keys: [], can: always, run: () => void setAvailability('available'),
  },
  busy: { label: 'cmdBusy', keys: [], can: always, run: () => void setAvailability('busy') },
  away: { label: 'cmdAway', keys: [], can: always, run: () => void setAvailability('away') },
} satisfies Record<string, Command>

export type CommandName = keyof typeof commands

/** A control's tooltip: what it does and the key that does it too. */
export function hint(name: CommandName, label: string = t(commands[name].label)): string {
  const key = keyOf(name)
  return key ? t('hint', { label, key }) : label
}

/** The key that does it, as keyboards name it; empty where there is none. */
export function keyOf(name: CommandName): string {
  const key = (commands[name] as Command).keys[0]
  return key ? keyName(key) : ''
}

export function openPlace(place: number): void {
  const talk = sections.peek()[section.peek()][place]
  if (talk) openAndWrite(talk.id)
}

export function openLongest(): void {
  const oldest = [...unanswered.peek()].sort((one, other) =>
    (one.waiting_since ?? '') < (other.waiting_since ?? '') ? -1 : 1)[0]
  if (!oldest) return
  section.value = oldest.stage === 'waiting' ? 'queue' : 'mine'
  openConversation(oldest.id)
  focusComposer()
}

function alt(code: string): Key {
  return { code, alt: true }
}

function someoneWaits(): boolean {
  return unanswered.value.length > 0
}

function step(by: number): void {
  const list = sections.peek()[section.peek()]
  const place = list.findIndex((talk) => talk.id === openId.peek())
  const next = place < 0 ? (by > 0 ? 0 : list.length - 1) : (place + by + list.length) % list.length
  openPlace(next)
}

function write(mode: Mode): void {
  const id = openId.peek()
  if (!id) return
  changeDraft(id, { mode })
  focusComposer()
}

function show(name: DialogName): void {
  dialog.value = name
}

function useFirst(): void {
  const id = openId.peek()
  const item = id && firstOffered(id)
  if (item) sendSuggestion(id, item)
}

function editFirst(): void {
  const id = openId.peek()
  const item = id && firstOffered(id)
  if (item) editSuggestion(id, item)
}

function rejectFirst(): void {
  const id = openId.peek()
  const item = id && firstOffered(id)
  if (item) void reject(id, item)
}

async function endAndNext(): Promise<void> {
  const id = openId.peek()
  if (!id) return
  const list = sections.peek().mine.filter((talk) => talk.id !== id)
  if (!(await end(id)) || !list[0]) return
  section.value = 'mine'
  openConversation(list[0].id)
  focusComposer()
}
