/** An earlier talk of the same customer, to read only. */

import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Message } from '../../shared/wire'
import { history, PAGE } from '../live/threads'
import { MessageRow } from '../panes/bubble'
import { Dialog } from '../../shared/parts/dialog'
import { fullTime } from '../../shared/words'
import { earlierId } from '../state/dialogs'
import { t } from '../words'

export function EarlierDialog({ id }: { id: string }): JSX.Element {
  const [messages, setMessages] = useState<readonly Message[] | null>(null)
  const [failed, setFailed] = useState(false)
  const load = async (before?: number): Promise<void> => {
    setFailed(false)
    try {
      const older = await history(id, before)
      setMessages((held) => [...older, ...(held ?? [])])
    } catch {
      setFailed(true)
    }
  }
  useEffect(() => void load(), [id])
  const first = messages?.[0]
  return (
    <Dialog title={t('earlierTalk')} class="dialog-earlier"
      leave={() => { earlierId.value = null }}>
      <div class="log earlier-log" tabIndex={0} role="region" aria-label={t('log')}>
        {failed && (
          <p class="alert" role="alert">
            {t('loadFailed')}{' '}
            <button type="button" class="button button-s" onClick={() => void load(first?.seq)}>
              {t('retry')}
            </button>
          </p>
        )}
        {!messages && !failed && <p class="log-start" role="status">{t('loading')}</p>}
        {first && first.seq > 1 && (messages?.length ?? 0) >= PAGE && (
          <button type="button" class="button button-s earlier-more"
            onClick={() => void load(first.seq)}>
            {t('loadOlder')}
          </button>
        )}
        {first && <p class="log-start">{fullTime(first.at)}</p>}
        <ol class="log-rows">
          {messages?.map((message) => (
            <MessageRow key={message.seq} message={message} talk={null} follows={false} frozen />
          ))}
        </ol>
      </div>
    </Dialog>
  )
}
