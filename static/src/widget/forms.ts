/** The two forms of the widget, rating and 留言: a program of their own, fetched when the first of
 * them is needed, so that opening the panel does not wait for them. */

import { speakOne, type Say } from '../shared/i18n'
import { Ending } from './ending'
import styles from './forms.css'
import en from './i18n/forms.en.json'
import zh from './i18n/forms.zh-CN.json'
import { Leaving } from './leaving'
import { adopt } from './sheet'

export type FormPhrase = keyof typeof zh
export type FormSay = Say<FormPhrase>

const shake = window.dianxiaoer
if (shake) {
  const say = speakOne<FormPhrase>(LANG === 'en' ? en : zh, LANG)
  adopt(shake.root, styles)
  shake.forms?.((deeds) => ({
    ending: new Ending(say, deeds.rate), leaving: new Leaving(say, deeds.leave),
  }))
}
