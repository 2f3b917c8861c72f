/** 留言: the only form of the widget, offered when nobody is there or the queue is long. */

import { button, h } from './dom'
import type { FormSay } from './forms'

const CONTACT = /^(\+?[\d\s-]{6,20}|\S+@\S+\.\S+)$/

export class Leaving {
  readonly element: HTMLFormElement
  #say: FormSay
  #leave: (contact: string, text: string) => Promise<boolean>
  #title = h('strong.cardname')
  #contact: HTMLInputElement
  #text: HTMLTextAreaElement
  #wrong = h('p.wrong', { role: 'alert' })
  #done = false

  constructor(say: FormSay, leave: (contact: string, text: string) => Promise<boolean>) {
    this.#say = say
    this.#leave = leave
    this.#contact = h('input.input', {
      'aria-label': say('leave_contact'), placeholder: say('leave_contact'), maxlength: 100,
      autocomplete: 'email',
    })
    this.#text = h('textarea.input', {
      rows: 3, 'aria-label': say('leave_text'), placeholder: say('leave_text'), maxlength: 2000,
    })
    this.element = h('form.card', { hidden: true },
      this.#title, this.#contact, this.#text, this.#wrong,
      h('div.deeds', {}, h('button.solid', {}, say('leave_send')),
        button('link', () => this.#cancel(), {}, say('cancel'))))
    this.element.onsubmit = (event) => {
      event.preventDefault()
      void this.#submit()
    }
  }

  open(queued: boolean): void {
    if (this.#done) return
    this.#title.textContent = this.#say(queued ? 'leave_title_queue' : 'leave_title')
    this.element.hidden = false
    this.element.scrollIntoView({ block: 'nearest' })
    this.#contact.focus()
  }

  #cancel(): void {
    this.element.hidden = true
    this.element.closest<HTMLElement>('.panel')?.focus()
  }

  /** Open already, or left already: nothing more to offer. */
  get settled(): boolean {
    return !this.element.hidden || this.#done
  }

  async #submit(): Promise<void> {
    const say = this.#say
    const contact = this.#contact.value.trim()
    const text = this.#text.value.trim()
    const [field, phrase] = !CONTACT.test(contact) ? [this.#contact, 'leave_bad_contact'] as const
      : !text ? [this.#text, 'leave_bad_text'] as const : []
    this.#wrong.textContent = phrase ? say(phrase) : ''
    if (field) return field.focus()
    if (!(await this.#leave(contact, text))) {
      this.#wrong.textContent = say('not_now')
      return
    }
    this.#done = true
    const thanks = h('p.thanks', { role: 'status', tabindex: -1 }, say('leave_done'))
    this.element.replaceChildren(thanks)
    thanks.focus()
  }
}
