/** An answer as it is said: the right wording, as plain text, its blanks filled (pure). The twin of
 * `knowledge/wording.py` and `knowledge/variables.py`: tests/knowledge/data/said.json holds both. */

import type { Entry } from './wire'

export type Values = Readonly<Record<string, string | null>>
type Worded = Pick<Entry, 'answer' | 'variants' | 'plain'>

/** What stands in an answer when the value is not known. */
const FALLBACKS: ReadonlyMap<string, string> = new Map([
  ['昵称', '亲'], ['订单号', '您的订单'], ['商品', '这款商品'], ['客服', '客服'], ['店名', '本店'],
])
const BLANK = /\{([^{}|\s]{1,20})(?:\|([^{}|\n]{0,50}))?\}/gu
/** Blanks that stand for what is one customer's alone. */
const OWN = ['订单号', '商品', '昵称']
/** A shorter value is part of too many other words. */
const SHORTEST = 2
const LATIN = /[A-Za-z0-9]/

/** One pass: braces inside a value are only text; an unknown name stays as it is written. */
export function fill(text: string, values: Values): string {
  return text.replace(BLANK, (whole, name: string, own?: string) => {
    const fallback = FALLBACKS.get(name)
    if (fallback === undefined) return whole
    return values[name]?.trim() || (own ?? fallback)
  })
}

/** What a chat says for a kind of inbox and a level of customers: the most exact wording. */
export function wording({ answer, variants, plain }: Worded, channel: string, level: string): string {
  const of = (to: string, at: string): number => variants.findIndex((one) =>
    one.channel === to && one.level === at && one.answer.trim() !== '')
  const exact = [[channel, level], [channel, ''], ['', level]] as const
  const found = exact.filter(([to, at]) => to || at).map(([to, at]) => of(to, at))
    .find((place) => place >= 0) ?? -1
  return plain?.[found + 1] ?? variants[found]?.answer ?? answer
}

/** Words said to one customer, for all: what is theirs alone turned back into blanks, and which. */
export function blanked(text: string, values: Values): { text: string; names: string[] } {
  const known = OWN.map((name) => ({ name, value: values[name]?.trim() ?? '' }))
    .filter(({ value }) => [...value].length >= SHORTEST)
    .sort((one, other) => other.value.length - one.value.length)
  const names = new Set<string>()
  let made = ''
  for (let at = 0; at < text.length;) {
    const found = known.find(({ value }) => standsAt(text, at, value))
    if (found) names.add(found.name)
    made += found ? `{${found.name}}` : text[at]
    at += found?.value.length ?? 1
  }
  return { text: made, names: [...names] }
}

/** As a word of its own: `Al` is no part of `Also`, 12 none of 2012. */
function standsAt(text: string, at: number, value: string): boolean {
  if (!text.startsWith(value, at)) return false
  const end = at + value.length
  return !joined(text[at - 1], value[0]) && !joined(value.at(-1), text[end])
}

function joined(one: string | undefined, other: string | undefined): boolean {
  return LATIN.test(one ?? '') && LATIN.test(other ?? '')
}
