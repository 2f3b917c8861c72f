/** What waits for a decision of those who lead: phrasings and drafts that agents propose. */

import { computed } from '@preact/signals'
import { boot } from '../../shared/boot'
import type { Draft, DraftList } from '../../shared/draft-wire'
import type { Proposal, Proposals, SavedEntry } from '../../shared/entry-wire'
import { post, remove } from '../../shared/http'
import { notify } from '../../shared/notices'
import type { Entry } from '../../shared/wire'
import { addSimilar, dropSimilar, joins, path, restoreTo } from '../entries/changing'
import type { Fields } from '../entries/fields'
import { failed, undoable } from '../entries/state/undoing'
import { mayWrite } from '../rights'
import { byId, dropEntry } from '../state/shelf'
import { source } from '../state/source'
import { t } from './words'

export const proposals = source<Proposals>(() => '/api/proposals')
export const drafts = source<DraftList>(() => '/api/drafts')

/** Agents only see what became of their own. */
export const open = computed(() =>
  (drafts.value.value?.items ?? []).filter(({ state }) => state === 'waiting'))
export const decided = computed(() =>
  (drafts.value.value?.items ?? []).filter(({ state }) => state !== 'waiting'))
export const waiting = computed(() =>
  mayWrite ? (proposals.value.value?.total ?? 0) + open.value.length : 0)

export function followAll(): () => void {
  const stops = [drafts.follow(), ...(mayWrite ? [proposals.follow()] : [])]
  return () => stops.forEach((stop) => stop())
}

/** The entry that would be changed, as it is. */
export function entryOf({ entry }: Draft): Entry | undefined {
  return entry === null ? undefined : byId.value.get(entry)
}

export function isMine({ by }: Draft): boolean {
  return by.id === boot.agent.id
}

export async function accept(of: Proposal): Promise<void> {
  const had = byId.peek().get(of.entry)?.similar ?? []
  const now = await decide(() => post<Entry>(`${proposalPath(of)}/accept`), proposals.load)
  if (!now) return
  joins(of.entry, now)
  const added = now.similar.filter((text) => !had.includes(text))
  undoable(t('accepted', { text: of.text, question: now.question }),
    () => dropSimilar(of.entry, added))
}

/** What was declined is gone; its words can still be added. */
export async function decline(of: Proposal): Promise<void> {
  const done = await decide(() => post<object>(`${proposalPath(of)}/decline`), proposals.load)
  if (!done) return
  notify({
    kind: 'done', text: t('declinedOne', { text: of.text }),
    action: { label: t('addAfterAll'), run: () => void addSimilar(of.entry, [of.text]) },
  })
}

/** With the fields as the lead left them, where they were changed, on the entry as it is seen. */
export async function publish(of: Draft, fields?: Fields): Promise<boolean> {
  const before = entryOf(of)?.revision
  const body = { ...(fields && { fields }), ...(before !== undefined && { revision: before }) }
  const saved = await decide(
    () => post<SavedEntry>(`${draftPath(of)}/publish`, body), drafts.load)
  if (!saved) return false
  joins(saved.id, saved)
  undoable(t('published', { question: saved.question }), async () => {
    if (before !== undefined) return restoreTo(saved.id, before)
    await remove(path(saved.id), { revision: saved.revision })
    dropEntry(saved.id)
  })
  return true
}

export async function declineDraft(of: Draft, reason: string): Promise<boolean> {
  const done = await decide(
    () => post<object>(`${draftPath(of)}/decline`, reason ? { reason } : {}), drafts.load)
  if (done) notify({ kind: 'done', text: t('declinedDraft') })
  return Boolean(done)
}

/** An agent takes back what nobody has decided yet; it can be proposed again. */
export async function withdraw(of: Draft): Promise<void> {
  const done = await decide(async () => {
    await remove(draftPath(of))
    return true
  }, drafts.load)
  if (!done) return
  undoable(t('withdrawn'), async () => {
    const { entry, revision, fields, note } = of
    await post('/api/drafts', {
      ...(entry && { entry }), ...(revision && { revision }), fields, ...(note && { note }),
    })
    void drafts.load()
  })
}

/** Somebody else may have been first: the list is looked at again either way. */
async function decide<T>(work: () => Promise<T>, again: () => Promise<void>): Promise<T | null> {
  try {
    return await work()
  } catch (reason) {
    failed(reason)
    return null
  } finally {
    void again()
  }
}

function proposalPath({ id }: Proposal): string {
  return `/api/proposals/${encodeURIComponent(id)}`
}

function draftPath({ id }: Draft): string {
  return `/api/drafts/${encodeURIComponent(id)}`
}
