/** The sign-in page's phrases, and what the server wrote into it. */

import { language, speak } from '../shared/i18n'
import en from './phrases/en.json'
import zh from './phrases/zh-CN.json'

export interface Account { name: string; password: string }
export interface Boot {
  lang: string
  shop: { name: string }
  next: string
  demo: null | { accounts: Account[] }
}
export type Phrase = keyof typeof zh & keyof typeof en

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}') as Boot
export const lang = language(boot.lang)
export const t = speak<Phrase>({ 'zh-CN': zh, en }, lang)
