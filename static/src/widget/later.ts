/** Where the rating and the 留言 form will stand; they arrive as a program of their own. */

import { fetchPart, h } from './dom'
import type { Forms, FormDeeds, Handshake } from './handshake'

export class Later {
  readonly element = h('div.bottom')
  #shake: Handshake
  #forms: Forms | null = null
  #asked = false
  #leaving: { queued: boolean } | null = null

  constructor(shake: Handshake, deeds: FormDeeds, arrived: () => void) {
    this.#shake = shake
    shake.forms = (make) => {
      this.#forms = make(deeds)
      this.element.append(this.#forms.ending.element, this.#forms.leaving.element)
      if (this.#leaving) this.#forms.leaving.open(this.#leaving.queued)
      arrived()
    }
  }

  draw(rating: boolean, rated: number): void {
    if (rating) this.#fetch()
    this.#forms?.ending.draw(rating, rated)
  }

  leave(queued: boolean): void {
    this.#leaving = { queued }
    this.#fetch()
    this.#forms?.leaving.open(queued)
  }

  /** The shopper is leaving a message, or has left one. */
  get leaving(): boolean {
    return !!this.#forms?.leaving.settled
  }

  #fetch(): void {
    if (this.#asked) return
    this.#asked = true
    fetchPart(this.#shake.origin + FORMS, () => (this.#asked = false))
  }
}
