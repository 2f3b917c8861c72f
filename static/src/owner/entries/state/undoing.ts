/** What can be taken back: each step as a notice with its way back, the last one by Ctrl+Z too. */

import { HttpError, post } from '../../../shared/http'
import { notify } from '../../../shared/notices'
import { refused } from '../../../shared/words'
import type { EntriesChanged } from '../../../shared/entry-wire'
import { shelfChanged } from '../../state/shelf'
import { t } from '../words'

type Back = () => Promise<void>

const MOST = 50
const steps: Back[] = []

/** Told as done, with the way back beside it. */
export function undoable(text: string, back: Back): void {
  steps.push(back)
  if (steps.length > MOST) steps.shift()
  notify({ kind: 'done', text, action: { label: t('undo'), run: () => void takeBack(back) } })
}

/** For what was changed together. */
export function undoableTogether(text: string, { undo }: EntriesChanged): void {
  if (!undo) {
    notify({ kind: 'done', text: t('nothingChanged') })
    return
  }
  undoable(text, async () => {
    await post<EntriesChanged>('/api/entries/undo', { token: undo })
    shelfChanged()
  })
}

export function undoLast(): void {
  const back = steps.at(-1)
  if (back) void takeBack(back)
  else notify({ kind: 'done', text: t('nothingToUndo') })
}

export function failed(reason: unknown): void {
  if (!(reason instanceof HttpError)) throw reason
  notify({ kind: 'failed', text: refused(reason.refusal) })
}

async function takeBack(back: Back): Promise<void> {
  const at = steps.indexOf(back)
  if (at < 0) return
  steps.splice(at, 1)
  try {
    await back()
    notify({ kind: 'done', text: t('undone') })
  } catch (reason) {
    if (reason instanceof HttpError && reason.refusal.code === 'conflict') {
      notify({ kind: 'failed', text: t('undoConflict') })
    } else failed(reason)
  }
}
