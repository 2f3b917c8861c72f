/** The messages of a talk: the newest in sight, older ones on scrolling up, the place kept. */

import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { down } from '../../shared/icons'
import type { Conversation } from '../../shared/wire'
import { unsent } from '../live/sending'
import { loadOlder, openThread } from '../live/threads'
import { serverTime } from '../state/clock'
import { dropThread, type Held, type Thread } from '../state/threads'
import { typing } from '../state/typing'
import { dayName, sameDay, t } from '../words'
import { MessageRow } from './bubble'
import { PendingRow } from './pending'
import { earlier, grown, later, span } from './window'

interface LogProps { id: string; thread: Thread | undefined; talk: Conversation | null }
interface Anchor { seq: string; top: number }

const NEAR = 240
const AT_END = 48

export function Log({ id, thread, talk }: LogProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const anchor = useRef<Anchor | null>(null)
  const [end, setEnd] = useState<number | null>(null)
  const [following, setFollowing] = useState(true)
  const messages = thread?.messages.value ?? []
  const pending = unsent.value.filter((letter) => letter.conversation === id)
  const shown = span(messages.length, end)
  const first = messages[0]?.seq ?? 0
  const newest = messages.at(-1)?.seq ?? 0
  const atNewest = end === null

  useLayoutEffect(() => {
    if (box.current && following && atNewest) box.current.scrollTop = box.current.scrollHeight
  }, [newest, pending.length, following, atNewest, thread?.state.value, typing.value.get(id)?.text])
  useLayoutEffect(() => {
    if (box.current && anchor.current && !following) restore(box.current, anchor.current)
  }, [shown.from, shown.to, first])
  useEffect(() => followSize(box.current), [])
  useEffect(() => scrolled(), [thread?.state.value])
  useEffect(() => { if (pending.length > 0) jump() }, [pending.at(-1)?.client_id])

  function scrolled(): void {
    const log = box.current
    if (!log || !thread) return
    const bottom = log.scrollHeight - log.scrollTop - log.clientHeight
    anchor.current = firstInSight(log)
    setFollowing(atNewest && bottom < AT_END)
    if (log.scrollTop < NEAR && shown.from > 0) setEnd(earlier(shown))
    else if (log.scrollTop < NEAR && !thread.complete) void older(thread)
    else if (bottom < NEAR && !atNewest) setEnd(later(shown, messages.length))
  }

  async function older(held: Thread): Promise<void> {
    const before = held.messages.peek().length
    if (!(await loadOlder(id))) return
    setEnd((at) => grown(at, before, held.messages.peek().length))
  }

  function jump(): void {
    setEnd(null)
    setFollowing(true)
  }

  return (
    <div class="log-frame">
      <div ref={box} class="log" role="log" aria-label={t('log')} tabIndex={0} onScroll={scrolled}
        aria-busy={thread?.olderLoading.value || !thread || thread.state.value === 'loading'}>
        <Beginning thread={thread} id={id} />
        <ol class="log-rows">
          {rows(messages.slice(shown.from, shown.to), talk)}
          {atNewest && pending.map((letter) => <PendingRow key={letter.client_id} letter={letter} />)}
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
    const before = messages[place - 1]
    const day = !before || !sameDay(before.at, message.at)
    const row = (
      <MessageRow key={message.seq} message={message} talk={talk}
        follows={!day && before?.author.kind === message.author.kind
          && before.author.id === message.author.id && before.private === message.private} />
    )
    if (!day) return [row]
    return [<li key={`day-${message.seq}`} class="log-day"><span>{dayName(message.at, today)}</span></li>, row]
  })
}

function Beginning({ thread, id }: { thread: Thread | undefined; id: string }): JSX.Element {
  if (thread?.state.value === 'failed') {
    return (
      <div class="log-start alert" role="alert">
        {t('loadFailed')}{' '}
        <button type="button" class="button button-s"
          onClick={() => { dropThread(id); void openThread(id) }}>
          {t('retry')}
        </button>
      </div>
    )
  }
  if (!thread || thread.state.value === 'loading' || thread.olderLoading.value) {
    return <p class="log-start">{t('loading')}</p>
  }
  return <p class="log-start">{thread.messages.value.length && thread.complete ? t('logStart') : ''}</p>
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

function firstInSight(log: HTMLElement): Anchor | null {
  const edge = log.getBoundingClientRect().top
  for (const row of log.querySelectorAll<HTMLElement>('[data-seq]')) {
    const { top, bottom } = row.getBoundingClientRect()
    if (bottom > edge) return { seq: row.dataset['seq'] ?? '', top: top - edge }
  }
  return null
}

function restore(log: HTMLElement, { seq, top }: Anchor): void {
  const row = log.querySelector(`[data-seq="${seq}"]`)
  if (!row) return
  const edge = log.getBoundingClientRect().top
  log.scrollTop += row.getBoundingClientRect().top - edge - top
}

/** A log that shows its end keeps showing it when the composer below grows. */
function followSize(log: HTMLElement | null): (() => void) | undefined {
  if (!log) return undefined
  let height = log.clientHeight
  const observer = new ResizeObserver(() => {
    log.scrollTop += height - log.clientHeight
    height = log.clientHeight
  })
  observer.observe(log)
  return () => observer.disconnect()
}
