/** The words of the settings. Fields that are known have a label and a help text; others show their
 * name as it is. */

import { speak } from '../shared/i18n'
import { common, lang } from '../shared/words'
import en from './phrases/en.json'
import zh from './phrases/zh-CN.json'

const phrases = { 'zh-CN': { ...common['zh-CN'], ...zh }, en: { ...common.en, ...en } } as const
export type Phrase = keyof typeof phrases['zh-CN'] & keyof typeof phrases['en']

export const t = speak<Phrase>(phrases, lang)

export function labelOf(field: string): string {
  return known(`label_${field}`) ?? field
}

/** One kind may have its own. */
export function helpOf(kind: string, field: string): string | undefined {
  return known(`help_${kind}_${field}`) ?? known(`help_${field}`)
}

export function choiceOf(field: string, choice: string): string {
  return known(`choice_${field}_${choice}`) ?? choice
}

function known(key: string): string | undefined {
  return key in zh ? t(key as Phrase) : undefined
}
