/** What shoppers asked and no entry answers, as it is filtered, and what is done about one. */

import { computed, signal } from '@preact/signals'
import type { Gap, Unmatched } from '../../shared/entry-wire'
import { post } from '../../shared/http'
import { newEntryFrom } from '../entries/open'
import { failed, undoable } from '../entries/state/undoing'
import { source } from '../state/source'
import { t } from './words'

export const ASKERS = [1, 2, 3, 5, 10] as const
export const DAYS = [7, 30, 90] as const
const MOST = 100

/** By so many at least, within so many days. */
export const askers = signal(3)
export const days = signal(30)

export const unmatched = source<Unmatched>(
  () => `/api/unmatched?askers=${askers.value}&days=${days.value}&limit=${MOST}`)
export const waiting = computed(() => unmatched.value.value?.total ?? 0)

/** In the editor, with what is known of it; `answer` is what an agent said. */
export function writeEntry({ text }: Gap, wordings: readonly string[], answer: string): void {
  newEntryFrom({ question: text, similar: wordings.filter((one) => one !== text), answer })
}

export async function dismiss({ id, text }: Gap): Promise<void> {
  const on = (deed: 'dismiss' | 'restore'): Promise<unknown> =>
    post(`/api/unmatched/${encodeURIComponent(id)}/${deed}`)
  try {
    await on('dismiss')
  } catch (reason) {
    failed(reason)
    return
  } finally {
    void unmatched.load()
  }
  undoable(t('dismissed', { text }), async () => {
    await on('restore')
    void unmatched.load()
  })
}
