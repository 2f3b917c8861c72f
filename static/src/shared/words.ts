/** What every page of the console says alike, and how it writes times and figures. */

import { boot } from './boot'
import { language, speak, type Lang, type Say } from './i18n'
import en from './phrases/en.json'
import zh from './phrases/zh-CN.json'
import type { Refusal, Time } from './wire'

export const common = { 'zh-CN': zh, en } as const
export type CommonPhrase = keyof typeof zh & keyof typeof en

export const lang: Lang = language(boot.lang)
export const say = speak<CommonPhrase>(common, lang)

type Phrases = Readonly<Record<string, string>>

/** The words of a part of a page, with what all say alike. */
export function withCommon<Zh extends Phrases, En extends Phrases>(
  own: { zh: Zh; en: En },
): Say<(keyof Zh & keyof En & string) | CommonPhrase> {
  const all: Record<Lang, Phrases> = {
    'zh-CN': { ...common['zh-CN'], ...own.zh }, en: { ...common.en, ...own.en },
  }
  return speak<string>(all, lang)
}

const HOUR_MINUTE = new Intl.DateTimeFormat(lang, {
  hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})
const DAY = new Intl.DateTimeFormat(lang, { month: 'short', day: 'numeric', weekday: 'short' })
const DAY_OF_YEAR = new Intl.DateTimeFormat(lang, {
  year: 'numeric', month: 'short', day: 'numeric',
})
const FULL = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'medium' })
const PERCENT = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 0 })
const CORRECTION = new Intl.NumberFormat(lang, {
  style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero',
})
const NUMBER = new Intl.NumberFormat(lang)
const DAY_MS = 86_400_000

export const clockTime = (at: Time): string => HOUR_MINUTE.format(new Date(at))
export const fullTime = (at: Time): string => FULL.format(new Date(at))
export const percent = (share: number): string => PERCENT.format(share)
export const correction = (share: number): string => CORRECTION.format(share)
export const figure = (count: number): string => NUMBER.format(count)

/** Why the server said no, where it has nothing more exact to say. */
export function refused({ code }: Pick<Refusal, 'code'>): string {
  return say(`refused_${code}`)
}

/** "今天", "昨天", or the date; the year only where it is another one. */
export function dayName(at: Time, today: Date): string {
  const day = new Date(at)
  const apart = Math.round((midnight(today) - midnight(day)) / DAY_MS)
  if (apart === 0) return say('today')
  if (apart === 1) return say('yesterday')
  return (day.getFullYear() === today.getFullYear() ? DAY : DAY_OF_YEAR).format(day)
}

export function sameDay(one: Time, other: Time): boolean {
  return midnight(new Date(one)) === midnight(new Date(other))
}

/** The time of day for today, the date for earlier days. */
export function shortTime(at: Time, today: Date): string {
  return midnight(new Date(at)) === midnight(today) ? clockTime(at) : dayName(at, today)
}

function midnight(day: Date): number {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime()
}
