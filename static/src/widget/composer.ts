/** Where the shopper writes: grows with the text, safe with input methods, keeps the draft. */

import { picture, send } from '../shared/icons'
import { TEXT_LIMIT } from '../shared/wire'
import { h, icon } from './dom'
import type { Words } from './words'

const NEAR_LIMIT = 300

export interface ComposerDeeds {
  send: (text: string) => void
  wrote: (text: string) => void
  picked: (files: FileList) => void
}

export class Composer {
  readonly element: HTMLFormElement
  readonly input: HTMLTextAreaElement
  #count: HTMLElement
  #send: HTMLButtonElement
  #words: Words
  #deeds: ComposerDeeds

  constructor(words: Words, draft: string, deeds: ComposerDeeds) {
    const label = words.say('message')
    this.#words = words
    this.#deeds = deeds
    this.input = h('textarea.input', {
      rows: 1, 'aria-label': label, placeholder: label, enterkeyhint: 'send', autocomplete: 'off',
    })
    this.input.value = draft
    this.#count = h('p.count', { role: 'status' })
    this.#send = h('button.send', { 'aria-label': words.say('send') }, icon(send))
    const pick = h('input.unseen', {
      type: 'file', multiple: true, 'aria-label': words.say('pick'),
    })
    pick.onchange = () => {
      deeds.picked(pick.files!)
      pick.value = ''
    }
    this.element = h('form.composer', {}, this.#count, h('label.tool', {}, pick, icon(picture)),
      this.input, this.#send)
    this.input.onpaste = (event) => deeds.picked(event.clipboardData!.files)
    this.element.onsubmit = (event) => {
      event.preventDefault()
      this.#submit()
    }
    this.input.onkeydown = (event) => {
      /* While an input method composes, Enter chooses a word (229 in browsers that hide it). */
      const composing = event.isComposing || event.keyCode === 229
      if (event.key !== 'Enter' || event.shiftKey || composing) return
      event.preventDefault()
      this.#submit()
    }
    this.input.oninput = () => {
      deeds.wrote(this.input.value)
      this.fit()
    }
    this.fit()
  }

  /** Sets height, counter and button to the text. */
  fit(): void {
    const { input } = this
    input.style.height = 'auto'
    if (input.scrollHeight) input.style.height = `${Math.min(input.scrollHeight, 132)}px`
    const left = TEXT_LIMIT - [...input.value].length
    this.#count.textContent = left < 0 ? this.#words.say('over_chars', { n: -left })
      : left < NEAR_LIMIT ? this.#words.say('left_chars', { n: left }) : ''
    this.#count.classList.toggle('over', left < 0)
    this.#send.disabled = left < 0 || !input.value.trim()
  }

  #submit(): void {
    const text = this.input.value.trim()
    if (!text || this.#send.disabled) return
    this.input.value = ''
    this.#deeds.wrote('')
    this.#deeds.send(text)
    this.fit()
    this.input.focus()
  }
}
