/** An entry's question, as the way to it. */

import type { JSX } from 'preact'
import { where } from '../address'
import { byId } from '../state/shelf'

/** `question`: as it was told, where the entry itself is not here. */
export function EntryLink({ id, question }: { id: string; question: string }): JSX.Element {
  const there = byId.value.get(id)
  return (
    <a class="entry-link" href={where('entries', id)}>{there?.question ?? (question || id)}</a>
  )
}
