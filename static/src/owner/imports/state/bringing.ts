/** The import itself: goes on while other things are looked at; the server finishes it even when
 * nobody listens any more, and then the list of imports says how it ended. */

import { effect, untracked } from '@preact/signals'
import { boot } from '../../../shared/boot'
import { HttpError, uploadForLines } from '../../../shared/http'
import type {
  ImportDone, ImportProgress, ImportRecord, LookRow,
} from '../../../shared/import-wire'
import { notify } from '../../../shared/notices'
import { connected } from '../../../shared/socket'
import type { HttpRefused, Refusal } from '../../../shared/wire'
import { go, place } from '../../address'
import { shelf, shelfChanged } from '../../state/shelf'
import { SECTION } from '../open'
import { listed } from '../rows'
import { t } from '../words'
import { loadRecords, records } from './records'
import { stage, trouble, type Stage } from './stage'
import { rows, ticked } from './ticks'

type Line = ImportProgress | ImportDone | HttpRefused
type Importing = Extract<Stage, { at: 'importing' }>

export async function bring(): Promise<void> {
  const seen = stage.peek()
  if (seen.at !== 'look') return
  const address = asked(seen.look.file)
  const { file, look } = seen
  stage.value = {
    at: 'importing', file, look, rows: ticked.peek().size, progress: { done: 0, total: 0 },
  }
  await loadRecords()
  const known = new Set(records.peek().map(({ id }) => id))
  const end = await ended(address, file.data)
  const now = stage.peek() as Importing
  if (end === 'lost') stage.value = { at: 'lost', name: look.file, progress: now.progress, known }
  else if ('id' in end) finish(end)
  else stage.value = { at: 'look', file, look, trouble: trouble(end) }
  tell()
}

/** Looks whether an import that nobody heard the end of is done. */
export async function find(): Promise<void> {
  await loadRecords()
  const now = stage.peek()
  if (now.at !== 'lost') return
  const found = records.peek().find(({ id, file, by }) =>
    file === now.name && by?.id === boot.agent.id && !now.known.has(id))
  if (found) finish(found)
}

async function ended(address: string, data: Blob): Promise<ImportRecord | Refusal | 'lost'> {
  let end: ImportRecord | Refusal | 'lost' = 'lost'
  const hear = (line: Line): void => {
    if ('import' in line) end = line.import
    else if (!('error' in line)) progress(line)
    else if (line.error.code !== 'unavailable') end = line.error as Refusal
  }
  try {
    await uploadForLines<Line>(address, data, hear)
  } catch (reason) {
    if (!(reason instanceof HttpError)) throw reason
    if (reason.status !== 0) return reason.refusal
  }
  return end
}

function progress(heard: ImportProgress): void {
  const now = stage.peek()
  if (now.at === 'importing') stage.value = { ...now, progress: heard }
}

function finish(record: ImportRecord): void {
  stage.value = { at: 'done', record }
  shelfChanged()
  void loadRecords()
}

/** Who looks at something else meanwhile hears of it there. */
function tell(): void {
  const { at } = stage.peek()
  if (place.peek().section === SECTION) return
  notify({
    kind: at === 'done' ? 'done' : 'failed', text: t(at === 'done' ? 'importDone' : 'importNot'),
    action: { label: t('seeIt'), run: () => go(SECTION) },
  })
}

/** The rows that were ticked; with those that stay as they are, whichever way, so that the record
 * counts them too. */
function asked(file: string): string {
  const all = rows.peek()
  const chosen = ticked.peek()
  const isTaken = ({ row, state }: LookRow): boolean =>
    chosen.has(row) || state === 'unchanged' || state === 'conflicting'
  const taken = new Set(all.filter(isTaken).map(({ row }) => row))
  const numbers = all.map(({ row }) => row)
  const fromFile = new Set(all.filter(({ row, state }) =>
    state === 'conflicting' && chosen.has(row)).map(({ row }) => row))
  return `/api/imports?${new URLSearchParams({
    name: file,
    take: taken.size === all.length ? 'all' : listed(numbers, (row) => taken.has(row)),
    ...(fromFile.size > 0 && { conflicts: listed(numbers, (row) => fromFile.has(row)) }),
  })}`
}

/** The shelf changes when an import is done, and a connection that is back may have missed that. */
effect(() => {
  void connected.value
  void shelf.value
  untracked(() => { if (stage.peek().at === 'lost') void find() })
})
