/** The desk's phrases, with what all pages say alike, and how it writes durations. */

import { speak } from '../shared/i18n'
import type { Kind } from '../shared/wire'
import { common, lang } from '../shared/words'
import en from './phrases/en.json'
import zh from './phrases/zh-CN.json'

const phrases = { 'zh-CN': { ...common['zh-CN'], ...zh }, en: { ...common.en, ...en } } as const
export type Phrase = keyof typeof phrases['zh-CN'] & keyof typeof phrases['en']

export const t = speak<Phrase>(phrases, lang)

/** A message in a line of words: what has none is named by its kind. */
export function inWords({ text, kind }: { text: string; kind: Kind }): string {
  return text || kind === 'text' || kind === 'event' ? text : t(`kind_${kind}`)
}

/** 1:42, or 2:05:09 from an hour on. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const pad = (part: number): string => String(part).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${pad(whole % 60)}`
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`
}
