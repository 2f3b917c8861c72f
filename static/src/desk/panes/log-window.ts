/** Which rows the log holds as it is scrolled, and the place that is kept while they change. */

import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { loadOlder } from '../live/threads'
import type { Thread } from '../state/threads'
import { earlier, grown, later, span, type Span } from './window'

interface Anchor { seq: string; top: number }
export interface LogWindow {
  box: RefObject<HTMLDivElement | null>
  shown: Span
  /** The newest rows are among those shown. */
  atNewest: boolean
  /** The end is in sight, and stays so as more comes. */
  following: boolean
  scrolled: () => void
  jump: () => void
}

const NEAR = 240
const AT_END = 48

/** `below` changes whenever something appears under the messages. */
export function useLogWindow(id: string, thread: Thread | undefined, below: string): LogWindow {
  const box = useRef<HTMLDivElement>(null)
  const anchor = useRef<Anchor | null>(null)
  const [end, setEnd] = useState<number | null>(null)
  const [following, setFollowing] = useState(true)
  const messages = thread?.messages.value ?? []
  const shown = span(messages.length, end)
  const atNewest = end === null

  const scrolled = (): void => {
    const log = box.current
    if (!log || !thread) return
    const bottom = log.scrollHeight - log.scrollTop - log.clientHeight
    anchor.current = firstInSight(log)
    setFollowing(atNewest && bottom < AT_END)
    if (log.scrollTop < NEAR && shown.from > 0) setEnd(earlier(shown))
    else if (log.scrollTop < NEAR && !thread.complete) void older(thread)
    else if (bottom < NEAR && !atNewest) setEnd(later(shown, messages.length))
  }
  const older = async (held: Thread): Promise<void> => {
    const before = held.messages.peek().length
    if (!(await loadOlder(id))) return
    setEnd((at) => grown(at, before, held.messages.peek().length))
  }
  const jump = (): void => {
    setEnd(null)
    setFollowing(true)
  }

  useLayoutEffect(() => {
    if (box.current && following && atNewest) box.current.scrollTop = box.current.scrollHeight
  }, [messages.at(-1)?.seq, below, following, atNewest, thread?.state.value])
  useLayoutEffect(() => {
    if (box.current && anchor.current && !following) restore(box.current, anchor.current)
  }, [shown.from, shown.to, messages[0]?.seq])
  useEffect(() => followSize(box.current), [])
  useEffect(scrolled, [thread?.state.value])
  return { box, shown, atNewest, following, scrolled, jump }
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
