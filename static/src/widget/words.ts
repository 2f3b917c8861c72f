/** The panel's phrases and its ways to write times. The panel is built once per language and
 * carries only that one. */

import { speakOne, type Say } from '../shared/i18n'
import en from './i18n/en.json'
import zh from './i18n/zh-CN.json'

export type Phrase = keyof typeof zh

export interface Words {
  say: Say<Phrase>
  clock: (at: Date) => string
  day: (at: Date, now: Date) => string
}

export function words(): Words {
  const say = speakOne<Phrase>(LANG === 'en' ? en : zh, LANG)
  const clock = new Intl.DateTimeFormat(LANG, { hour: '2-digit', minute: '2-digit', hour12: false })
  const date = new Intl.DateTimeFormat(LANG, { month: 'long', day: 'numeric', weekday: 'short' })
  return {
    say,
    clock: (at) => clock.format(at),
    day: (at, now) => {
      const days = Math.round((midnight(now) - midnight(at)) / 86_400_000)
      return days === 0 ? say('today') : days === 1 ? say('yesterday') : date.format(at)
    },
  }
}

function midnight(at: Date): number {
  return new Date(at).setHours(0, 0, 0, 0)
}
