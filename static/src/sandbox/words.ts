/** The page's phrases, and what the server wrote into it. */

import { language, speak } from '../shared/i18n'
import en from './phrases/en.json'
import zh from './phrases/zh-CN.json'

export type Name = 'official' | 'mini' | 'kf'
export interface Account { name: Name; title: string }
export interface Person { id: string; name: string; city: string; tone: number }
export interface Boot { lang: string; accounts: Account[]; people: Person[] }
export type Phrase = keyof typeof zh & keyof typeof en

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}') as Boot
export const lang = language(boot.lang)
export const t = speak<Phrase>({ 'zh-CN': zh, en }, lang)

const CLOCK = new Intl.DateTimeFormat(lang, {
  hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})

export const clockTime = (at: number): string => CLOCK.format(new Date(at))

/** 47:59 hours, or 0:58 minutes, as the two largest parts. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const pad = (part: number): string => String(part).padStart(2, '0')
  if (whole < 3600) return t('minutes', { text: `${Math.floor(whole / 60)}:${pad(whole % 60)}` })
  return t('hours', { text: `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}` })
}
