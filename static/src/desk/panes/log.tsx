/** The messages of a talk: the newest in sight, older ones on scrolling up, the place kept. */

import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { down } from '../../shared/icons'
import type { Conversation } from '../../shared/wire'
import { unsent } from '../live/sending'
import { openThread } from '../live/threads'
import { serverTime } from '../../shared/clock'
import { dayName, sameDay } from '../../shared/words'
import { dropThread, type Held, type Thread } from '../state/threads'
import { typing } from '../state/typing'
import { t } from '../words'
import { MessageRow } from './bubble'
import { useLogWindow } from './log-window'
import { PendingRow } from './pending'

interface LogProps { id: string; thread: Thread | undefined; talk: Conversation | null }

export function Log({ id, thread, talk }: LogProps): JSX.Element {
  const messages = thread?.messages.value ?? []
  const pending = unsent.value.filter((letter) => letter.conversation === id)
  const written = pending.at(-1)?.client_id ?? ''
  const below = `${pending.length} ${typing.value.get(id)?.text ?? ''}`
  const { box, shown, atNewest, following, scrolled, jump } = useLogWindow(id, thread, below)
  useEffect(() => { if (written) jump() }, [written])
  return (
    <div class="log-frame">
      <div ref={box} class="log" role="log" aria-label={t('log')} tabIndex={0} onScroll={scrolled}
        aria-busy={isLoading(thread) || thread?.olderLoading.value}>
        <Beginning thread={thread} id={id} />
        <ol class="log-rows">
          {rows(messages.slice(shown.from, shown.to), talk)}
          {atNewest && pending.map((one) => <PendingRow key={one.client_id} letter={one} />)}
        </ol>
        {atNewest && <TypingLine id={id} name={talk?.contact.name ?? ''} />}
      </div>
      {(!atNewest || !following) && messages.length > 0 && (
        <button type="button" class="button log-jump" onClick={jump}>
          <Icon of={down} small />{t('toNewest')}
        </button>
      )}
    </div>
  )
}

function rows(messages: readonly Held[], talk: Conversation | null): JSX.Element[] {
  const today = new Date(serverTime())
  return messages.flatMap((message, place) => {
    const { at, author, seq } = message
    const before = messages[place - 1]
    const newDay = !before || !sameDay(before.at, at)
    const follows = !newDay && before.private === message.private
      && before.author.kind === author.kind && before.author.id === author.id
    const row = <MessageRow key={seq} message={message} talk={talk} follows={follows} />
    if (!newDay) return [row]
    return [<li key={`day-${seq}`} class="log-day"><span>{dayName(at, today)}</span></li>, row]
  })
}

function isLoading(thread: Thread | undefined): boolean {
  return !thread || thread.state.value === 'loading'
}

function Beginning({ thread, id }: { thread: Thread | undefined; id: string }): JSX.Element {
  if (thread?.state.value === 'failed') {
    const again = (): void => {
      dropThread(id)
      void openThread(id)
    }
    return (
      <div class="log-start alert" role="alert">
        {t('loadFailed')}{' '}
        <button type="button" class="button button-s" onClick={again}>{t('retry')}</button>
      </div>
    )
  }
  if (isLoading(thread) || thread?.olderLoading.value) {
    return <p class="log-start">{t('loading')}</p>
  }
  return <p class="log-start">{thread?.first === 1 ? t('logStart') : ''}</p>
}

function TypingLine({ id, name }: { id: string; name: string }): JSX.Element {
  const sign = typing.value.get(id)
  return (
    <p class="typing" hidden={!sign}>
      <span class="typing-dots" aria-hidden="true"><span /><span /><span /></span>
      {sign?.agent ? t('typingAgent', { name: sign.agent }) : t('typingShopper', { name })}
      {sign?.text && <span class="typing-text">{sign.text}</span>}
    </p>
  )
}
