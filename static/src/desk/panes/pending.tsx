/** Words that the server has not taken yet: waiting, late, or refused with the reason. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { alert, clock } from '../../shared/icons'
import { isLate, type Letter } from '../../shared/outbox'
import type { SentFile } from '../../shared/wire'
import { focusComposer, refusal } from '../deeds'
import { connected } from '../../shared/socket'
import { outbox, type Words } from '../live/sending'
import { Text } from '../../shared/parts/text'
import { changeDraft, draftOf } from '../state/drafts'
import { t } from '../words'

export function PendingRow({ letter }: { letter: Letter<Words> }): JSX.Element {
  const failed = letter.refused !== undefined
  const late = !failed && isLate(letter, Date.now())
  const { file } = letter.body
  return (
    <li class={`bubble bubble-ours bubble-pending${letter.body.private ? ' bubble-note' : ''}`}>
      <div class="bubble-line">
        <div class={file ? 'bubble-body bubble-picture' : 'bubble-body'}>
          {file && <PendingFile file={file} />}<Text text={letter.body.text} />
        </div>
        <p class="bubble-meta">
          <span class={failed || late ? 'ticks ticks-failed' : 'ticks'}>
            <Icon of={failed || late ? alert : clock} small />
            {stateWords(letter, late)}
          </span>
        </p>
      </div>
      {(failed || late) && (
        <p class="bubble-reason">
          {letter.refused && <span>{refusal(letter.refused)}</span>}
          <button type="button" class="button button-s"
            onClick={() => void outbox.retry(letter.client_id)}>
            {t('retry')}
          </button>
          <button type="button" class="button button-s" onClick={() => takeBack(letter)}>
            {t(file ? 'removeAttached' : 'takeBack')}
          </button>
        </p>
      )}
    </li>
  )
}

function PendingFile({ file }: { file: SentFile }): JSX.Element {
  if (!file.width && !file.small) return <span class="pending-file">{file.name}</span>
  return <img class="pending-picture" src={file.small ?? file.url} alt={file.name} />
}

function stateWords(letter: Letter<Words>, late: boolean): string {
  if (letter.refused) return t('notSent')
  if (late) return t('notSentYet')
  return t(connected.value ? 'sending' : 'waitingForConnection')
}

/** The words go back to where they were written, in front of what stands there now. */
function takeBack(letter: Letter<Words>): void {
  const { conversation, body, client_id } = letter
  void outbox.discard(client_id)
  if (body.file) return focusComposer()
  const draft = draftOf(conversation)
  const join = (old: string): string => (old ? `${body.text}\n${old}` : body.text)
  changeDraft(conversation, body.private
    ? { mode: 'note', note: join(draft.note) } : { mode: 'reply', reply: join(draft.reply) })
  focusComposer()
}
