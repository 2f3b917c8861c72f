/** Changing several entries at once, in parts that the server takes. */

import { post } from '../../../shared/http'
import type { EntriesChanged } from '../../../shared/entry-wire'
import { shelfChanged } from '../../state/shelf'
import { t } from '../words'
import { markedIds, markNone } from './marked'
import { failed, undoable, undoableTogether } from './undoing'

export interface Alike {
  category?: string
  enabled?: boolean
  add_tags?: string[]
  remove_tags?: string[]
}

/** The server takes no more at a time. */
const PART = 1_000

export async function changeMarked(change: Alike): Promise<void> {
  const ids = markedIds.peek()
  const done: EntriesChanged[] = []
  try {
    for (let from = 0; from < ids.length; from += PART) {
      const part = ids.slice(from, from + PART)
      done.push(await post<EntriesChanged>('/api/entries/bulk', { ids: part, change }))
    }
    markNone()
  } catch (reason) {
    failed(reason)
  }
  shelfChanged()
  tell(done)
}

/** Moves a category with all below it. */
export async function renameCategory(from: string, to: string): Promise<boolean> {
  try {
    const done = await post<EntriesChanged>('/api/categories/rename', { from, to })
    shelfChanged()
    undoableTogether(t('renamed', { from, to, n: done.changed }), done)
    return true
  } catch (reason) {
    failed(reason)
    return false
  }
}

function tell(all: readonly EntriesChanged[]): void {
  const tokens = all.flatMap(({ undo }) => undo ?? [])
  const changed = all.reduce((sum, one) => sum + one.changed, 0)
  const only = all[0]
  if (tokens.length < 2) {
    const done = only && { ...only, undo: tokens[0] ?? null }
    if (done) undoableTogether(t('changedTogether', { n: changed }), done)
    return
  }
  undoable(t('changedTogether', { n: changed }), async () => {
    for (const token of tokens) await post('/api/entries/undo', { token })
    shelfChanged()
  })
}
