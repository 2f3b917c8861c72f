/** Scripts that are written at the desk: phrases of one's own, proposals to the team, entries of
 * leads. Each deed says what was wrong by field, or nothing when it is done and can be undone. */

import type { Draft } from '../../shared/draft-wire'
import type { SavedEntry } from '../../shared/entry-wire'
import { HttpError, patch, post, remove } from '../../shared/http'
import { notify } from '../../shared/notices'
import type { Entry, Refusal } from '../../shared/wire'
import { refusal } from '../deeds'
import { dropEntry, putEntry } from '../state/entries'
import { me } from '../state/people'
import { FIELDS, type Field, type Script, type Source } from '../state/scripts'
import { t, type Phrase } from '../words'

/** `all` is about no field in particular. */
export type Problems = Partial<Record<Field | 'all', string>>

/** As long as the server takes them, in signs. */
const LONGEST: Readonly<Record<Field, number>> = {
  question: 500, answer: 8_000, shortcut: 32, category: 50,
}
const NEEDED: readonly Field[] = ['question', 'answer']
const PART = /`(\w+)`: ([^`]*)/g

export const leads = (): boolean => me.value.role !== 'agent'

/** What is wrong before the server is asked. */
export function wrongIn(script: Script, fields: readonly Field[]): Problems {
  const found: Problems = {}
  for (const field of fields) {
    const n = [...script[field].trim()].length
    if (n === 0 && NEEDED.includes(field)) found[field] = t('wrongMissing')
    else if (n > LONGEST[field]) found[field] = t('wrongLong', { n, most: LONGEST[field] })
  }
  return found
}

export function savePhrase(script: Script): Promise<Problems> {
  return done(async () => {
    const saved = taken(await post<SavedEntry>('/api/phrases', bodyOf(script)))
    undoable('phraseSaved', async () => {
      await remove(phrasePath(saved.id))
      dropEntry(saved.id)
    })
  })
}

export function saveForTeam(script: Script, from: Source): Promise<Problems> {
  return leads() ? addEntry(script) : propose({ fields: bodyOf(script), ...from })
}

/** Another answer for an entry of the team. */
export function proposeAnswer({ id, revision }: Entry, answer: string): Promise<Problems> {
  return propose({ entry: id, revision, fields: { answer } })
}

export function changePhrase(entry: Entry, script: Script): Promise<Problems> {
  const path = phrasePath(entry.id)
  return done(async () => {
    const { revision } = entry
    const saved = taken(await patch<SavedEntry>(path, bodyOf(script), { revision }))
    const { question, answer, shortcut, category } = entry
    undoable('phraseChanged', async () => {
      const before = { question, answer, shortcut, category }
      taken(await patch<SavedEntry>(path, before, { revision: saved.revision }))
    })
  })
}

export async function deletePhrase(entry: Entry): Promise<void> {
  const { all } = await done(async () => {
    await remove(phrasePath(entry.id), { revision: entry.revision })
    dropEntry(entry.id)
    undoable('phraseDeleted', async () => {
      const { revision: _, ...fields } = entry
      taken(await post<SavedEntry>('/api/phrases', fields))
    })
  })
  if (all) notify({ kind: 'failed', text: all })
}

function addEntry(script: Script): Promise<Problems> {
  return done(async () => {
    const saved = taken(await post<SavedEntry>('/api/entries', bodyOf(script)))
    undoable('entryAdded', async () => {
      await remove(`/api/entries/${encodeURIComponent(saved.id)}`, { revision: saved.revision })
      dropEntry(saved.id)
    })
  })
}

function propose(draft: object): Promise<Problems> {
  return done(async () => {
    const { id } = await post<Draft>('/api/drafts', draft)
    undoable('proposed', () => remove(`/api/drafts/${encodeURIComponent(id)}`))
  })
}

async function done(work: () => Promise<void>): Promise<Problems> {
  try {
    await work()
    return {}
  } catch (reason) {
    if (!(reason instanceof HttpError)) throw reason
    return problems(reason.refusal)
  }
}

function undoable(says: Phrase, back: () => Promise<void>): void {
  const run = async (): Promise<void> => {
    const { all } = await done(back)
    notify(all ? { kind: 'failed', text: all } : { kind: 'done', text: t('undone') })
  }
  notify({ kind: 'done', text: t(says), action: { label: t('undo'), run: () => void run() } })
}

function problems(no: Refusal): Problems {
  const found: Problems = {}
  for (const [, name, sentence = ''] of no.message.matchAll(PART)) {
    const field = FIELDS.find((one) => one === name)
    if (field) found[field] = said(no, sentence)
  }
  if (Object.keys(found).length > 0) return found
  return { all: no.code === 'unavailable' ? t('scriptKept') : refusal(no) }
}

function said(no: Refusal, sentence: string): string {
  if (no.code === 'conflict') return t('wrongTaken')
  return t(sentence.includes('is missing') ? 'wrongMissing' : 'refused_invalid')
}

function taken({ warnings: _, ...saved }: SavedEntry): Entry {
  putEntry(saved)
  return saved
}

function bodyOf({ question, answer, shortcut, category }: Script): object {
  return { question, answer, category, shortcut: shortcut.trim() || null }
}

function phrasePath(id: string): string {
  return `/api/phrases/${encodeURIComponent(id)}`
}
