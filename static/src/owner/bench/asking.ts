/** What is tried out: the messages as they were written, what each finds now, and what it found when
 * they were last asked by hand. The messages are kept on this machine. */

import { computed, effect, signal, untracked } from '@preact/signals'
import { boot } from '../../shared/boot'
import type { TriedText, TriedTexts } from '../../shared/entry-wire'
import { HttpError, post } from '../../shared/http'
import { refused } from '../../shared/words'
import { shelf } from '../state/shelf'

/** The server takes no more at a time. */
export const MOST = 50

interface Kept { text: string; channel: string; group: string; right: Record<string, string> }
interface Asked { texts: string[]; channel?: string; group?: string }

const KEY = `knowledge.bench.${boot.agent.id}`
const stored = read()

export const text = signal(stored.text)
export const channel = signal(stored.channel)
export const group = signal(stored.group)
/** Of each message, the entry that its owner says is the right one. */
export const right = signal<Readonly<Record<string, string>>>(stored.right)

export const texts = computed(() => linesOf(text.value))
export const asking = signal(false)
/** Why the last asking brought nothing. */
export const problem = signal<string | null>(null)
export const tried = signal<TriedTexts | null>(null)

const before = signal<ReadonlyMap<string, TriedText>>(new Map())
let asked: Asked | null = null
let number = 0

/** How many messages have the right entry first. */
export const score = computed(() =>
  (tried.value?.items ?? []).filter(isRight).length)

export function isRight({ text: of, found }: TriedText): boolean {
  return found[0] !== undefined && right.value[of] === found[0].entry
}

/** What a message found before something was changed; null where that was the same. */
export function earlier(now: TriedText): TriedText | null {
  const was = before.value.get(now.text)
  if (!was) return null
  const [one, other] = [was.found[0], now.found[0]]
  const same = one?.entry === other?.entry && one?.gate === other?.gate
    && shown(one?.score) === shown(other?.score)
  return same ? null : was
}

/** Asks what is in the form. */
export async function run(): Promise<void> {
  const some = texts.peek().slice(0, MOST)
  if (some.length === 0 || asking.peek()) return
  const found = await ask({
    texts: some, ...(channel.peek() && { channel: channel.peek() }),
    ...(group.peek() && { group: group.peek() }),
  })
  if (found) before.value = new Map(found.items.map((item) => [item.text, item]))
}

/** Asks the same again whenever an entry changes, until the function that comes back is called. */
export function followShelf(): () => void {
  let known = shelf.peek()
  return effect(() => {
    const now = shelf.value
    if (now !== known && asked) void untracked(() => ask(asked as Asked))
    known = now
  })
}

export function setRight(of: string, entry: string | null): void {
  const { [of]: _, ...others } = right.peek()
  right.value = entry === null ? others : { ...others, [of]: entry }
}

async function ask(wanted: Asked): Promise<TriedTexts | null> {
  const mine = ++number
  asking.value = true
  try {
    const found = await post<TriedTexts>('/api/match', wanted)
    if (mine !== number) return null
    asked = wanted
    problem.value = null
    tried.value = found
    return found
  } catch (reason) {
    if (!(reason instanceof HttpError)) throw reason
    if (mine === number) problem.value = refused(reason.refusal)
    return null
  } finally {
    if (mine === number) asking.value = false
  }
}

/** Each message once: it is known by its words. */
function linesOf(all: string): string[] {
  return [...new Set(all.split(/\r?\n/).map((line) => line.trim()).filter(Boolean))]
}

/** As far as it can be seen. */
function shown(score: number | undefined): number {
  return Math.round((score ?? 0) * 100)
}

effect(() => {
  const now: Kept = {
    text: text.value, channel: channel.value, group: group.value, right: { ...right.value },
  }
  try {
    localStorage.setItem(KEY, JSON.stringify(now))
  } catch (reason) {
    console.warn('bench: this machine keeps no messages', reason)
  }
})

function read(): Kept {
  const nothing: Kept = { text: '', channel: '', group: '', right: {} }
  try {
    return { ...nothing, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept> }
  } catch (reason) {
    console.warn('bench: this machine kept no messages', reason)
    return nothing
  }
}
