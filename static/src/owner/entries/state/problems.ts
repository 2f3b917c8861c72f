/** What the server says is wrong, at its field and in the user's language (pure but for words). */

import type { Refusal } from '../../../shared/wire'
import { FIELDS, type Field } from '../fields'
import { t } from '../words'

const PART = /`([a-z_]+)(?:\[[^`]*\])?`: ([^`]*?)(?=; `|$)/g
const SENTENCES: readonly [RegExp, (facts: string[]) => string][] = [
  [/is missing$/, () => t('wrong_missing')],
  [/has (\d+) characters, more than (\d+)/, ([n = '', most = '']) => t('wrong_long', { n, most })],
  [/characters that cannot be stored|control character/, () => t('wrong_characters')],
  [/^the last day .* before the first day/, () => t('wrong_order')],
  [/no valid date/, () => t('wrong_date')],
  [/^(.*) is taken by entry/, ([name = '']) => t('wrong_taken', { name })],
]

export function problems({ message }: Refusal): Map<Field, string> {
  const found = new Map<Field, string>()
  for (const [, name, sentence = ''] of message.matchAll(PART)) {
    const field = FIELDS.find((one) => one === name)
    if (field && !found.has(field)) found.set(field, said(sentence))
  }
  return found
}

function said(sentence: string): string {
  for (const [pattern, words] of SENTENCES) {
    const match = pattern.exec(sentence)
    if (match) return words(match.slice(1))
  }
  return sentence
}
