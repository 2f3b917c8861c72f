/** What was imported before, and taking it back. */

import { signal } from '@preact/signals'
import { get, HttpError, post } from '../../../shared/http'
import type {
  ChangedSince, ImportList, ImportRecord, ImportUndone,
} from '../../../shared/import-wire'
import { notify } from '../../../shared/notices'
import { figure, refused } from '../../../shared/words'
import { shelfChanged } from '../../state/shelf'
import { t } from '../words'

/** The newest first. */
export const records = signal<readonly ImportRecord[]>([])
export const recordsState = signal<'loading' | 'ready' | 'failed'>('loading')

export async function loadRecords(): Promise<void> {
  try {
    records.value = (await get<ImportList>('/api/imports')).items
    recordsState.value = 'ready'
  } catch (reason) {
    if (!(reason instanceof HttpError)) throw reason
    if (recordsState.peek() !== 'ready') recordsState.value = 'failed'
  }
}

/** Those that have changed since, when they are in the way; why it cannot be; null when done. */
export async function takeBack(
  { id, file }: ImportRecord, keepChanged: boolean,
): Promise<ChangedSince | string | null> {
  try {
    const body = keepChanged ? { keep_changed: true } : {}
    const { deleted, restored, kept } = await post<ImportUndone>(`/api/imports/${id}/undo`, body)
    const facts = { file, deleted: figure(deleted), restored: figure(restored) }
    notify({
      kind: 'done',
      text: kept.length > 0 ? t('undoneBut', { ...facts, n: kept.length }) : t('undone', facts),
    })
    return null
  } catch (reason) {
    if (!(reason instanceof HttpError)) throw reason
    const { code, data } = reason.refusal
    if (code !== 'conflict') return refused({ code })
    const since = data as Partial<ChangedSince> | undefined
    return since?.entries ? { entries: since.entries } : t('undoBusy')
  } finally {
    shelfChanged()
    await loadRecords()
  }
}
