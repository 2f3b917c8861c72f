/** Changing an entry beside the editor, each change with its way back. */

import type { SavedEntry } from '../../shared/entry-wire'
import { get, patch, post } from '../../shared/http'
import { notify } from '../../shared/notices'
import type { Entry } from '../../shared/wire'
import { byId, putEntry, shelfChanged } from '../state/shelf'
import { formOf, type Field, type Fields } from './fields'
import { drafts, rebase } from './state/drafts'
import { warn } from './state/opened'
import { failed, undoable } from './state/undoing'
import { t } from './words'

export function path(id: string): string {
  return `/api/entries/${encodeURIComponent(id)}`
}

/** Fields of an entry as it is here; an entry that changed meanwhile is left alone. */
export async function changeEntry(id: string, fields: Fields, told: string): Promise<boolean> {
  const was = await present(id)
  if (!was) return false
  const there = formOf(was)
  const before = Object.fromEntries(
    (Object.keys(fields) as Field[]).map((field) => [field, there[field]])) as Fields
  const done = await written(() => patch<SavedEntry>(path(id), fields, { revision: was.revision }))
  if (!done) return false
  undoable(told, async () => {
    joins(id, await patch<SavedEntry>(path(id), before, { revision: done.revision }))
  })
  return true
}

/** More phrasings for an entry; those it has already change nothing. */
export async function addSimilar(id: string, texts: readonly string[]): Promise<boolean> {
  const had = (await present(id))?.similar
  if (!had) return false
  let now: Entry | null = null
  try {
    for (const text of texts) now = await post<Entry>(`${path(id)}/similar`, { text })
  } catch (reason) {
    failed(reason)
  }
  if (!now) return false
  const { question, similar } = now
  joins(id, now)
  const added = texts.map(inOneLine).filter((text) => similar.includes(text) && !had.includes(text))
  if (added.length === 0) notify({ kind: 'done', text: t('phrasesKnown', { question }) })
  else undoable(t('phrasesAdded', { n: added.length, question }), () => dropSimilar(id, added))
  return true
}

/** The way back of `addSimilar`: others' phrasings stay. */
export async function dropSimilar(id: string, texts: readonly string[]): Promise<void> {
  const { similar, revision } = await get<Entry>(path(id))
  const left = similar.filter((text) => !texts.includes(text))
  joins(id, await patch<SavedEntry>(path(id), { similar: left }, { revision }))
}

/** The entry as it was in a revision, in a new one. */
export async function restoreTo(id: string, revision: number): Promise<void> {
  joins(id, await post<SavedEntry>(`${path(id)}/restore`, { revision }))
}

export async function written(work: () => Promise<SavedEntry>): Promise<SavedEntry | null> {
  try {
    const saved = await work()
    joins(saved.id, saved)
    return saved
  } catch (reason) {
    failed(reason)
    shelfChanged()
    return null
  }
}

/** Written beside the form: a draft goes on from the new revision. */
export function joins(
  id: string, { warnings, ...saved }: Entry & Partial<Pick<SavedEntry, 'warnings'>>,
): void {
  putEntry(saved)
  if (warnings) warn(id, warnings)
  const draft = drafts.peek().get(id)
  if (draft) rebase(id, saved, draft.mine)
}

/** As it is here, or where it has not come yet, on the server. */
async function present(id: string): Promise<Entry | null> {
  try {
    return byId.peek().get(id) ?? await get<Entry>(path(id))
  } catch (reason) {
    failed(reason)
    return null
  }
}

/** As the server writes a phrasing down. */
function inOneLine(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(' ')
}
