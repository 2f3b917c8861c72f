/** Sends pictures and files: a program of its own, fetched with the first of them. Each is shown at
 * the end of the talk until the server has it, is tried again by itself, and then goes out as a
 * message like any other. */

import { backoff } from '../shared/backoff'
import { speakOne } from '../shared/i18n'
import { shrink } from '../shared/shrink'
import { isRefusal, passes, upload, type Uploading } from '../shared/upload'
import type { Refusal, SentFile } from '../shared/wire'
import { button, h } from './dom'
import type { Handshake } from './handshake'
import en from './i18n/uploads.en.json'
import zh from './i18n/uploads.zh-CN.json'
import { adopt } from './sheet'
import styles from './uploads.css'

const say = speakOne<keyof typeof zh>(LANG === 'en' ? en : zh, LANG)

interface Parcel {
  file: File
  row: HTMLElement
  state: HTMLElement
  picture: string
  tries: number
  running?: Uploading
  retry?: ReturnType<typeof setTimeout>
  gone?: true
}

class Uploads {
  #shake: Handshake
  #parcels: Parcel[] = []
  #busy = false

  constructor(shake: Handshake) {
    this.#shake = shake
    addEventListener('online', () => void this.#next())
  }

  take(): void {
    for (const file of this.#shake.files!.splice(0)) this.#add(file)
    void this.#next()
  }

  #add(file: File): void {
    const picture = file.type.startsWith('image/') ? URL.createObjectURL(file) : ''
    const state = h('div.foot.sending', { role: 'status' }, say('preparing'))
    const row = h('div.row.own.upload', {}, h('div.bubble', {},
      picture ? h('img', { src: picture, alt: file.name }) : file.name), state)
    this.#shake.root.querySelector('.rows')!.after(row)
    row.parentElement!.querySelector('.newest')!.before(row)
    row.scrollIntoView({ block: 'nearest' })
    this.#parcels.push({ file, row, state, picture, tries: 0 })
  }

  /** One after the other, in the order of choosing. */
  async #next(): Promise<void> {
    const parcel = this.#parcels[0]
    if (this.#busy || !parcel) return
    this.#busy = true
    clearTimeout(parcel.retry)
    const answer = await this.#send(parcel)
    this.#busy = false
    if (parcel.gone) return void this.#next()
    if (!isRefusal(answer)) this.#said(parcel, answer)
    else if (passes(answer)) return this.#later(parcel, answer)
    else this.#refused(parcel, answer)
    void this.#next()
  }

  async #send(parcel: Parcel): Promise<SentFile | Refusal> {
    parcel.file = await shrink(parcel.file)
    const { origin, options, chat } = this.#shake
    chat!.line.open()
    const asked = new URLSearchParams({ name: parcel.file.name, inbox: options.inbox ?? '' })
    const headers = { Authorization: `Bearer ${chat!.memory.get('visitor')}` }
    parcel.running = upload(parcel.file, `${origin}/widget/files?${asked}`, headers, (n) => {
      parcel.state.textContent = say('uploading', { n })
    })
    return parcel.running.done
  }

  #said(parcel: Parcel, file: SentFile): void {
    this.#drop(parcel)
    this.#shake.chat!.say({ kind: file.width ? 'image' : 'file', text: '', file })
  }

  #later(parcel: Parcel, { code }: Refusal): void {
    parcel.tries += 1
    parcel.retry = setTimeout(() => void this.#next(), backoff(parcel.tries))
    this.#tell(parcel, say(code === 'rate_limited' ? code : 'waiting'), () => void this.#next())
  }

  /** Out of the way of those behind it, until the shopper decides. */
  #refused(parcel: Parcel, { code }: Refusal): void {
    const reason = say(code === 'too_large' || code === 'invalid' ? code : 'not_now')
    this.#parcels.shift()
    this.#tell(parcel, say('refused', { reason }), () => {
      this.#parcels.push(parcel)
      void this.#next()
    })
  }

  #tell(parcel: Parcel, text: string, again: () => void): void {
    parcel.state.className = 'foot late'
    parcel.state.replaceChildren(h('span.why', {}, text),
      button('link', () => {
        parcel.state.className = 'foot sending'
        parcel.state.textContent = say('preparing')
        again()
      }, {}, say('retry')),
      button('link', () => {
        this.#drop(parcel)
        this.#shake.root.querySelector<HTMLElement>('.panel')!.focus()
        void this.#next()
      }, {}, say('discard')))
  }

  #drop(parcel: Parcel): void {
    parcel.gone = true
    clearTimeout(parcel.retry)
    parcel.running?.stop()
    this.#parcels = this.#parcels.filter((one) => one !== parcel)
    parcel.row.remove()
    URL.revokeObjectURL(parcel.picture)
  }
}

const shake = window.dianxiaoer
if (shake && !shake.upload) {
  adopt(shake.root, styles)
  const uploads = new Uploads(shake)
  shake.upload = () => uploads.take()
  shake.upload()
}
