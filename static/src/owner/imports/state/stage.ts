/** How far one is with a file: none, being looked at, seen, on its way in, there. Kept while the
 * page is open, whatever else is looked at meanwhile. */

import { signal } from '@preact/signals'
import { HttpError, upload } from '../../../shared/http'
import type { ImportLook, ImportProgress, ImportRecord } from '../../../shared/import-wire'
import { notify } from '../../../shared/notices'
import { refused } from '../../../shared/words'
import type { Refusal } from '../../../shared/wire'
import { t } from '../words'

/** As it was when it was chosen: what has been seen is what is imported. */
export interface Chosen { name: string; data: Blob }

/** Why a file could not be looked at: something of the file itself, or of the server. */
export type Unread =
  | { kind: 'empty' | 'large' | 'unreadable' }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'wrong'; look: ImportLook }

export type Stage =
  | { at: 'start' }
  | { at: 'reading'; file: Chosen }
  | { at: 'unread'; file: Chosen; why: Unread }
  /** `trouble`: why it was not imported. */
  | { at: 'look'; file: Chosen; look: ImportLook; trouble?: string }
  | { at: 'importing'; file: Chosen; look: ImportLook; rows: number; progress: ImportProgress }
  | { at: 'done'; record: ImportRecord }
  /** `known`: imports that were there before. */
  | { at: 'lost'; name: string; progress: ImportProgress; known: ReadonlySet<string> }

const LARGEST = 20 * 1024 * 1024

export const stage = signal<Stage>({ at: 'start' })

/** The first of the files that were chosen, dropped or pasted. */
export function take(files: FileList | readonly File[] | null | undefined): void {
  const file = files?.[0]
  if (!file) return
  if (stage.peek().at === 'importing') {
    notify({ kind: 'failed', text: t('oneAfterTheOther') })
    return
  }
  if ((files?.length ?? 0) > 1) notify({ kind: 'done', text: t('onlyFirst', { name: file.name }) })
  void choose(file)
}

/** Looks again at a file, with the shop as it is now. */
export async function look(file: Chosen): Promise<void> {
  const reading: Stage = { at: 'reading', file }
  stage.value = reading
  const next = await seen(file)
  // Meanwhile another one may have been chosen, or none.
  if (stage.peek() === reading) stage.value = next
}

export function leave(): void {
  stage.value = { at: 'start' }
}

async function choose(file: File): Promise<void> {
  const empty: Chosen = { name: file.name, data: new Blob() }
  const cannot = (kind: 'empty' | 'large' | 'unreadable'): void => {
    stage.value = { at: 'unread', file: empty, why: { kind } }
  }
  if (file.size > LARGEST) return cannot('large')
  // A folder can be dropped like a file, and says what it is only when it is read.
  const data = await file.arrayBuffer().catch(() => null)
  if (!data) return cannot('unreadable')
  if (data.byteLength === 0) return cannot('empty')
  await look({ name: file.name, data: new Blob([data]) })
}

async function seen(file: Chosen): Promise<Stage> {
  try {
    const found = await upload<ImportLook>(
      `/api/imports?dry_run=1&name=${encodeURIComponent(file.name)}`, file.data)
    const wrong = found.findings.some(({ severity }) => severity === 'error')
    if (!wrong) return { at: 'look', file, look: found }
    return { at: 'unread', file, why: { kind: 'wrong', look: found } }
  } catch (reason) {
    if (!(reason instanceof HttpError)) throw reason
    return { at: 'unread', file, why: { kind: 'refused', refusal: reason.refusal } }
  }
}

/** Why an import was refused, to be read beside the file. */
export function trouble({ code }: Refusal): string {
  if (code === 'conflict') return t('busy')
  return code === 'invalid' ? t('lookAgain') : refused({ code })
}
