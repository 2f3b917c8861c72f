/** What is said of a row: the server's sentences, but where both sides changed in the words of the
 * choice that is offered here (pure but for words). And what is said of the whole file. */

import type { FileFinding, LookRow, RowMessage } from '../../../shared/import-wire'
import { t, type Phrase } from '../words'

const OURS: Readonly<Record<string, Phrase>> = {
  changed_here: 'changedHere', deleted_here: 'deletedHere',
}

const BRINGS = 'brings_words'

export function said({ messages = [] }: LookRow): RowMessage[] {
  return messages.map((one) => {
    const ours = OURS[one.code]
    return ours ? { ...one, message: t(ours) } : one
  })
}

const WORDS = ['name', 'dictionary', 'synonyms'] as const

/** Words of the shop come along without any row. */
export function bringsWords(findings: readonly FileFinding[]): boolean {
  return findings.some(({ code }) => code === BRINGS)
}

export function saidOfFile(findings: readonly FileFinding[]): string[] {
  const others = findings.filter(({ code }) => code !== BRINGS).map(({ message }) => message)
  const brought = WORDS.filter((word) =>
    findings.some(({ code, field }) => code === BRINGS && field === word))
  if (brought.length === 0) return others
  const what = brought.map((word) => t(`words_${word}`)).join(t('comma'))
  return [...others, t('bringsWords', { what, n: brought.length })]
}
