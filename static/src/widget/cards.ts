/** What stands beside the messages: quick questions, and the offer to send the page's product. */

import { close } from '../shared/icons'
import type { HotQuestion, Order, Product } from '../shared/wire'
import { card, orderCard } from './bubble'
import { button, h, icon } from './dom'
import type { Words } from './words'

const HOT_ROWS = 3

/** 猜你想问: three at a time; a tap asks. */
export class Hot {
  readonly element: HTMLElement
  #list = h('ul.asks')
  #others: HTMLButtonElement
  #questions: HotQuestion[] = []
  #from = 0
  #ask: (question: string) => void

  constructor({ say }: Words, ask: (question: string) => void) {
    this.#ask = ask
    this.#others = button('link', () => {
      this.#from = (this.#from + HOT_ROWS) % this.#questions.length
      this.#fill()
    }, {}, say('hot_more'))
    this.element = h('div.hot', {},
      h('div.hothead', {}, h('strong.hotname', {}, say('hot')), this.#others), this.#list)
  }

  draw(questions: HotQuestion[]): void {
    this.element.hidden = !questions.length
    if (JSON.stringify(questions) === JSON.stringify(this.#questions)) return
    this.#questions = questions
    this.#from = 0
    this.#others.hidden = questions.length <= HOT_ROWS
    this.#fill()
  }

  #fill(): void {
    this.#list.replaceChildren(
      ...this.#questions.slice(this.#from, this.#from + HOT_ROWS).map(({ question }) =>
        h('li.askrow', {}, button('ask', () => this.#ask(question), {}, question))))
  }
}

/** 您正在看: one tap tells the agent which product or order the question is about. */
export function offer(
  { say }: Words, what: { product: Product } | { order: Order }, answered: (send: boolean) => void,
): HTMLElement {
  const product = 'product' in what
  return h('div.offer', {},
    h('p.offerhead', {}, say(product ? 'looking' : 'your_order'),
      button('small', () => answered(false), { 'aria-label': say('no_card') }, icon(close))),
    h('div.offerbody', {},
      product ? card({ ...what.product, url: '' }) : orderCard(what.order, say),
      button('plain', () => answered(true), {}, say('send_card'))))
}
