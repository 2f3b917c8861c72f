/** Words on their way out: the durable outbox of this agent, and what is shown of it (R2, R14). */

import { signal } from '@preact/signals'
import { Outbox, type Letter } from '../../shared/outbox'
import type { Said, SentFile } from '../../shared/wire'
import { boot } from '../../shared/boot'
import { me } from '../state/people'
import { threadOf } from '../state/threads'
import { countUse } from '../state/usage'
import { ask } from '../../shared/socket'

export interface Words {
  text: string
  private?: boolean
  suggestion?: { entry: string; edited: boolean }
  kind?: 'image' | 'file'
  /** Shown while it is on its way; sent as its id. */
  file?: SentFile
}

export const unsent = signal<readonly Letter<Words>[]>([])

export const outbox: Outbox<Words> = new Outbox<Words>({
  scope: `desk:${boot.agent.id}`,
  send: ({ conversation, client_id, body: { file, ...words } }) =>
    ask('say', { conversation, client_id, ...words, ...(file && { file: file.id }) }),
  sent: echo,
  changed: () => { unsent.value = outbox.list() },
})

export async function say(conversation: string, words: Words): Promise<void> {
  await outbox.put(conversation, words)
}

/** The acknowledgement places the words in the talk; the event, when it comes, replaces them. */
function echo({ conversation, client_id, body }: Letter<Words>, said: Said): void {
  if (body.suggestion && !said.duplicate) countUse(body.suggestion.entry)
  const { id, name } = me.peek()
  threadOf(conversation)?.echo({
    id: said.id, conversation, seq: said.seq, at: said.at, client_id,
    author: { kind: 'agent', id, name }, kind: body.kind ?? 'text', text: body.text,
    ...(body.file && { file: body.file }),
    ...(body.private && { private: true }),
  })
}
