/** The frame around the talk: who is there, how the connection is, the place in line. */

import { bell, bellOff, close, headset } from '../shared/icons'
import { button, h, icon } from './dom'
import type { Line } from './line'
import type { Talk } from './talk'
import type { Words } from './words'

export interface ShellDeeds {
  close: () => void
  sound: () => void
  human: () => void
  leave: () => void
}

export class Shell {
  readonly element: HTMLElement
  #words: Words
  #title: HTMLElement
  #dot = h('span.dot')
  #state = h('span.statetext')
  #sound: HTMLButtonElement
  #banner = h('p.banner', { role: 'status' })
  #queue = h('p.queue', { role: 'status' })
  #strip: HTMLElement
  #typing: HTMLElement
  #human: HTMLButtonElement
  #humanText = document.createTextNode('')

  constructor(words: Words, deeds: ShellDeeds, parts: { log: Node; composer: Node; offer: Node }) {
    const { say } = words
    this.#words = words
    this.#title = h('h2.title')
    this.#sound = button('tool', deeds.sound, {})
    this.#strip = h('p.strip', {}, h('span.grow', {}, say('away')),
      button('link', deeds.leave, {}, say('leave_first')))
    this.#typing = h('div.typing', { hidden: true },
      h('span.unseen', {}, say('typing')), h('i.pip'), h('i.pip'), h('i.pip'))
    this.#human = button('plain.human', deeds.human, {}, icon(headset), this.#humanText)
    this.#queue.append(h('span.grow'), button('link', deeds.leave, {}, say('leave_first')))
    this.element = h('section.panel', { role: 'dialog', lang: LANG, tabindex: -1, hidden: true },
      h('header.head', {},
        h('div.who', {}, this.#title, h('p.state', {}, this.#dot, this.#state)),
        this.#sound, button('tool', deeds.close, { 'aria-label': say('close') }, icon(close))),
      this.#banner, this.#queue, this.#strip, parts.log, this.#typing, parts.offer,
      h('div.quick', {}, this.#human), parts.composer)
  }

  draw(talk: Talk, line: Line, unsent: number, leftAlready: boolean): void {
    this.#drawHead(talk, line)
    const { say } = this.#words
    const lost = line.state === 'cut' || line.state === 'refused'
    this.#banner.hidden = !lost
    write(this.#banner, !lost ? '' : line.state === 'refused' ? say('refused')
      : unsent ? say('cut_waiting', { n: unsent }) : say('cut'))
    this.#drawQueue(talk)
    this.#strip.hidden = !talk.known || talk.online || talk.stage === 'open' || leftAlready
      || !this.#queue.hidden
    this.#typing.hidden = talk.typingUntil <= Date.now()
    const { stage } = talk
    this.#humanText.data = say(
      stage === 'waiting' ? 'human_waiting' : stage === 'open' ? 'human_here' : 'human')
    this.#human.disabled = stage === 'waiting' || stage === 'open'
  }

  drawSound(on: boolean): void {
    this.#sound.setAttribute('aria-label', this.#words.say(on ? 'sound_off' : 'sound_on'))
    this.#sound.replaceChildren(icon(on ? bell : bellOff))
  }

  #drawHead(talk: Talk, line: Line): void {
    const { say } = this.#words
    const shop = talk.shop
    write(this.#title, shop ? say('service', { shop }) : say('name'))
    this.element.setAttribute('aria-label', shop ? say('panel', { shop }) : say('name'))
    const { stage, agent } = talk
    this.#dot.classList.toggle('on', line.state === 'up' && talk.online)
    write(this.#state, !talk.known ? say('connecting')
      : stage === 'closed' ? say('ended')
        : stage === 'open' && agent ? say('with_agent', { name: agent })
          : say(talk.online ? 'online' : 'away'))
  }

  #drawQueue({ stage, queue }: Talk): void {
    const { say } = this.#words
    this.#queue.hidden = stage !== 'waiting' || !queue
    if (!queue) return
    const { place, estimate_s: seconds } = queue
    write(this.#queue.firstElementChild!, seconds === null ? say('queue', { place })
      : seconds < 60 ? say('queue_soon', { place })
        : say('queue_about', { place, minutes: Math.ceil(seconds / 60) }))
  }
}

/** Writes only what is new: a live region repeats every change aloud. */
function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
