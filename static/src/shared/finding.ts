/** Finding entries among all that are loaded, while somebody types (pure). */

import type { Entry } from './wire'

/** An entry's words in small letters, made once: ten thousand are searched with each key. */
interface Words {
  shortcut: string
  initials: string
  question: string
  /** The other phrasings. */
  more: string
  answer: string
}

/** So many are spelled in one go. */
const PART = 500

const spelled = new WeakMap<Entry, Words>()

/** The best first: shortcut, then initials, then the words of question and answer. */
export function findIn(entries: readonly Entry[], wanted: string): Entry[] {
  const query = wanted.trim().toLowerCase()
  const ranks: Entry[][] = []
  for (const entry of entries) {
    const found = rank(words(entry), query)
    if (found > 0) (ranks[found] ??= []).push(entry)
  }
  return ranks.reverse().flat()
}

/** Ahead of the first search, in moments when nothing else is to be done. */
export function warm(entries: readonly Entry[], from = 0): void {
  const idle = globalThis.requestIdleCallback ?? setTimeout
  idle(() => {
    for (const entry of entries.slice(from, from + PART)) words(entry)
    if (from + PART < entries.length) warm(entries, from + PART)
  })
}

/** Both days belong to the time in which an entry holds. */
export function isValid(
  { valid_from, valid_to }: Pick<Entry, 'valid_from' | 'valid_to'>, day: string,
): boolean {
  return (!valid_from || valid_from <= day) && (!valid_to || day <= valid_to)
}

/** As entries write a day: 2026-11-11. */
export function dayOf(day: Date): string {
  return day.toLocaleDateString('sv')
}

function rank({ shortcut, initials, question, more, answer }: Words, query: string): number {
  if (shortcut === query) return 7
  if (shortcut.startsWith(query)) return 6
  if (initials.startsWith(query)) return 5
  if (question.includes(query)) return 4
  if (initials.includes(query)) return 3
  if (more.includes(query)) return 2
  return answer.includes(query) ? 1 : 0
}

function words(entry: Entry): Words {
  const known = spelled.get(entry)
  if (known) return known
  const made: Words = {
    shortcut: entry.shortcut?.toLowerCase() ?? '', initials: entry.initials,
    question: entry.question.toLowerCase(), more: entry.similar.join('\n').toLowerCase(),
    answer: entry.answer.toLowerCase(),
  }
  spelled.set(entry, made)
  return made
}
