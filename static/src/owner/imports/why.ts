/** Why a file could not be looked at, and what to do about it. */

import { refused } from '../../shared/words'
import type { Chosen, Unread } from './state/stage'
import { t, type Phrase } from './words'

export interface Told {
  /** What is wrong, a sentence each. */
  reasons: readonly string[]
  how: string
  /** It may go better the next time. */
  again: boolean
}

const MOST_REASONS = 5
/** Kinds that are not read at all: what is said of their content would only confuse. */
const STRANGE = /\.(?:docx?|pdf|pptx?|png|jpe?g|gif|zip|rar|7z|numbers|json|html?|exe)$/i
const HOW: Readonly<Record<string, Phrase>> = {
  not_xlsx: 'how_xls', encoding: 'how_encoding', encoding_table: 'how_encoding',
  header: 'how_header', columns: 'how_header', quoting: 'how_quoting', too_large: 'how_large',
  too_many_rows: 'how_large', unpacked: 'how_large',
}

export function told({ name }: Chosen, why: Unread): Told {
  if (why.kind === 'refused') {
    const { code } = why.refusal
    if (code === 'too_large') return one(t('why_large'), 'how_large')
    return { reasons: [refused({ code })], how: '', again: true }
  }
  if (why.kind !== 'wrong') {
    return one(t(`why_${why.kind}`), why.kind === 'large' ? 'how_large' : 'how_other')
  }
  if (STRANGE.test(name)) return { reasons: [], how: t('how_kind'), again: false }
  if (/\.(?:xls|et)$/i.test(name)) return { reasons: [], how: t('how_xls'), again: false }
  const wrong = why.look.findings.filter(({ severity }) => severity === 'error')
  const known = wrong.map(({ code }) => HOW[code]).find((how) => how !== undefined)
  const isTable = why.look.format !== 'faq'
  return {
    reasons: wrong.slice(0, MOST_REASONS).map(({ row, message }) =>
      row > 1 ? t('atRow', { n: row, message }) : message),
    how: t(known ?? (isTable ? 'how_other' : /\.ya?ml$/i.test(name) ? 'how_faq' : 'how_header')),
    again: false,
  }
}

function one(reason: string, how: Phrase): Told {
  return { reasons: [reason], how: t(how), again: false }
}
