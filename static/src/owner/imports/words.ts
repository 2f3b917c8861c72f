/** The words of this section. */

import { speak } from '../../shared/i18n'
import { common, lang } from '../../shared/words'
import en from './phrases/en.json'
import zh from './phrases/zh-CN.json'

const phrases = { 'zh-CN': { ...common['zh-CN'], ...zh }, en: { ...common.en, ...en } } as const
export type Phrase = keyof typeof phrases['zh-CN'] & keyof typeof phrases['en']

export const t = speak<Phrase>(phrases, lang)
