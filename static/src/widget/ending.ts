/** The end of a talk: five stars, reasons where there were few, a word if one likes. */

import { star } from '../shared/icons'
import type { Rating } from '../shared/wire'
import { button, h, icon } from './dom'
import type { FormSay, FormPhrase } from './forms'

const TAGS = ['tag_slow', 'tag_unsolved', 'tag_attitude', 'tag_unclear'] as const

export class Ending {
  readonly element = h('div.card', { role: 'group' })
  #say: FormSay
  #rate: (rating: Rating) => Promise<boolean>
  #stars: HTMLButtonElement[]
  #meaning = h('span.meaning', { 'aria-live': 'polite' })
  #more: HTMLElement
  #tags: HTMLButtonElement[]
  #comment: HTMLTextAreaElement
  #failed = h('p.wrong', { role: 'alert' })
  #score = 0
  #rated = 0

  constructor(say: FormSay, rate: (rating: Rating) => Promise<boolean>) {
    this.#say = say
    this.#rate = rate
    this.element.setAttribute('aria-label', say('rate_title'))
    this.#stars = [1, 2, 3, 4, 5].map((n) => button('star', () => this.#choose(n), {
      'aria-label': `${say('star', { n })}: ${say(`stars_${n}` as FormPhrase)}`,
      'aria-pressed': 'false',
    }, icon(star)))
    this.#tags = TAGS.map((tag) => {
      const chip = button('tag', () => {
        press(chip, !pressed(chip))
      }, { 'aria-pressed': 'false' }, say(tag))
      return chip
    })
    this.#comment = h('textarea.input', {
      rows: 2, 'aria-label': say('comment'), placeholder: say('comment'), maxlength: 500,
    })
    this.#more = h('div.more', {}, h('div.tags', {}, ...this.#tags), this.#comment, this.#failed,
      button('solid', () => void this.#submit(), {}, say('rate_send')))
    this.#ask()
  }

  draw(offered: boolean, rated: number): void {
    this.element.hidden = !offered
    if (rated === this.#rated) return
    this.#rated = rated
    if (rated) this.#thank(rated)
    else this.#ask()
  }

  #ask(): void {
    this.#more.hidden = true
    this.element.replaceChildren(h('strong.cardname', {}, this.#say('rate_title')),
      h('div.stars', {}, ...this.#stars, this.#meaning), this.#more)
  }

  #thank(score: number): void {
    const say = this.#say
    const said = say('rated', { n: score })
    this.element.replaceChildren(h('p.thanks', { role: 'status', tabindex: -1 }, said, ' ',
      button('link', () => {
        this.#ask()
        this.#choose(score)
        this.#stars[score - 1]?.focus()
      }, {}, say('rate_again'))))
  }

  #choose(score: number): void {
    this.#score = score
    this.#stars.forEach((one, place) => {
      press(one, place + 1 === score)
      one.classList.toggle('lit', place < score)
    })
    this.#meaning.textContent = this.#say(`stars_${score}` as FormPhrase)
    this.#more.hidden = false
    this.#tags[0]!.parentElement!.hidden = score > 3
  }

  async #submit(): Promise<void> {
    const chosen = this.#score > 3 ? [] : this.#tags.filter(pressed)
    const comment = this.#comment.value.trim()
    this.#failed.textContent = ''
    const done = await this.#rate({
      score: this.#score,
      ...(chosen.length && { tags: chosen.map((tag) => tag.textContent ?? '') }),
      ...(comment && { comment }),
    })
    if (done) {
      this.#thank(this.#rated = this.#score)
      this.element.querySelector<HTMLElement>('.thanks')?.focus()
    } else this.#failed.textContent = this.#say('not_now')
  }
}

function press(button: HTMLButtonElement, on: boolean): void {
  button.setAttribute('aria-pressed', String(on))
}

function pressed(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-pressed') === 'true'
}
