/** Writing entries: saving what was changed, and the deeds of the editor's head. */

import { signal } from '@preact/signals'
import type { SavedEntry } from '../../shared/entry-wire'
import { HttpError, patch, post, remove } from '../../shared/http'
import { notify } from '../../shared/notices'
import type { Entry } from '../../shared/wire'
import { go } from '../address'
import { mayWrite } from '../rights'
import { dropEntry, gone, putEntry, shelfChanged } from '../state/shelf'
import { FIELDS, formOf, same, type Field, type Fields } from './fields'
import { closeEntry, SECTION } from './open'
import { discard, drafts, keep, NEW, rebase, startNew, type Draft } from './state/drafts'
import { entry, errors, form, openId, warn } from './state/opened'
import { problems } from './state/problems'
import { failed, undoable } from './state/undoing'
import { joins, path, restoreTo, written } from './changing'
import { t } from './words'

/** An entry that somebody else changed in the same fields. */
export interface Conflict { id: string; theirs: Entry }

export const saving = signal(false)
export const conflict = signal<Conflict | null>(null)

const NEEDED: readonly Field[] = ['question', 'answer']

/** Saves what is in the editor. */
export async function save(): Promise<void> {
  const id = openId.peek()
  const draft = drafts.peek().get(id)
  if (!mayWrite || saving.peek()) return
  if (!draft) {
    notify({ kind: 'done', text: t('nothingToSave') })
    return
  }
  const missing = NEEDED.filter((field) => !String(form.peek()[field]).trim())
  if (missing.length > 0) {
    show(new Map(missing.map((field) => [field, t('wrong_missing')])))
    return
  }
  saving.value = true
  try {
    took(id, draft, await send(id, draft))
  } catch (reason) {
    refusedToSave(id, reason)
  } finally {
    saving.value = false
  }
}

function send(id: string, { mine, revision }: Draft): Promise<SavedEntry> {
  if (id === NEW) return post<SavedEntry>('/api/entries', mine)
  return patch<SavedEntry>(path(id), mine, { revision })
}

function took(id: string, sent: Draft, { warnings, ...saved }: SavedEntry): void {
  putEntry(saved)
  warn(saved.id, warnings)
  errors.value = new Map()
  const now = drafts.peek().get(id)
  discard(id)
  // What was typed while the answer was on its way is still to be saved.
  if (now && now !== sent) rebase(saved.id, saved, now.mine)
  if (id === NEW && openId.peek() === NEW) go(SECTION, saved.id, { quiet: true })
  notify({ kind: 'done', text: t(warnings.length > 0 ? 'savedWithHints' : 'saved') })
}

function refusedToSave(id: string, reason: unknown): void {
  if (!(reason instanceof HttpError)) throw reason
  const { code, data } = reason.refusal
  const named = problems(reason.refusal)
  if (code === 'conflict' && data && named.size === 0) {
    if (join(id, data.entry) && drafts.peek().has(id)) queueMicrotask(() => void save())
  }
  else if (named.size > 0) show(named)
  else if (code === 'unavailable') notify({ kind: 'failed', text: t('keptHere') })
  else if (code === 'not_found' || code === 'conflict') notify({
    kind: 'failed', text: t('goneMeanwhile'),
    action: { label: t('saveAsNew'), run: () => saveAsNew(id) },
  })
  else failed(reason)
}

/** Others' changes of other fields join by themselves; the same fields are asked about. Whether
 * nothing is left to ask. */
export function join(id: string, theirs: Entry): boolean {
  const draft = drafts.peek().get(id)
  putEntry(theirs)
  if (!draft) return true
  if (disputed(draft, theirs).length > 0) {
    conflict.value = { id, theirs }
    return false
  }
  rebase(id, theirs, draft.mine)
  notify({ kind: 'done', text: t('joined') })
  return true
}

/** Fields that both changed, to different ends. */
export function disputed({ base, mine }: Draft, theirs: Entry): Field[] {
  const there = formOf(theirs)
  return FIELDS.filter((field) =>
    field in mine && !same(there[field], base[field]) && !same(there[field], mine[field]))
}

/** The merge was decided. */
export function settle({ id, theirs }: Conflict, decided: Fields): void {
  conflict.value = null
  const draft = drafts.peek().get(id)
  rebase(id, theirs, { ...draft?.mine, ...decided })
  if (drafts.peek().has(id)) void save()
  else notify({ kind: 'done', text: t('theirsTaken') })
}

export async function setEnabled(enabled: boolean): Promise<void> {
  const was = entry.peek()
  if (!was) return
  const done = await written(() => patch<SavedEntry>(path(was.id), { enabled }, {
    revision: was.revision,
  }))
  if (!done) return
  undoable(t(enabled ? 'enabled' : 'disabled'), async () => {
    joins(was.id, await patch<SavedEntry>(path(was.id), { enabled: !enabled }))
  })
}

export async function deleteEntry(): Promise<void> {
  const was = entry.peek()
  if (!was) return
  try {
    await remove(path(was.id), { revision: was.revision })
  } catch (reason) {
    failed(reason)
    shelfChanged()
    return
  }
  const left = discard(was.id)
  dropEntry(was.id)
  closeEntry()
  undoable(t('deleted', { question: was.question }), async () => {
    await restoreTo(was.id, was.revision)
    if (left) keep(was.id, left)
    shelfChanged()
    go(SECTION, was.id)
  })
}

/** Makes the entry what it was, with a way back. */
export async function restore(id: string, revision: number): Promise<boolean> {
  const before = entry.peek()?.revision
  const done = await written(() => post<SavedEntry>(`${path(id)}/restore`, { revision }))
  if (done && before) undoable(t('restored'), () => restoreTo(id, before))
  return Boolean(done)
}

function saveAsNew(id: string): void {
  const was = gone.peek().get(id)
  const mine = { ...(was && formOf(was)), ...drafts.peek().get(id)?.mine }
  discard(id)
  startNew(mine, { anew: true })
  go(SECTION, NEW)
}

function show(found: ReadonlyMap<Field, string>): void {
  errors.value = found
  const first = FIELDS.find((field) => found.has(field))
  requestAnimationFrame(() => document.getElementById(`field-${first}`)?.focus())
}
