/** The panel: puts the views together, opens and closes, and draws once per frame. */

import type { Handshake } from './handshake'
import tokens from '../shared/tokens.css'
import { Hot, offer } from './cards'
import { Chat } from './chat'
import { Composer } from './composer'
import { fetchPart, h } from './dom'
import { Later } from './later'
import { Log } from './log'
import frame from './panel.css'
import { Phone, PHONE } from './phone'
import { adopt } from './sheet'
import { Shell } from './shell'
import { Sound } from './sound'
import talk from './talk.css'
import { words } from './words'

class Panel {
  #shake: Handshake
  #words = words()
  #chat: Chat
  #log: Log
  #hot: Hot
  #greeting = h('div.bubble')
  #later: Later
  #composer: Composer
  #offer = h('div.offers')
  #offered = ''
  #shell: Shell
  #phone: Phone
  #sound = new Sound()
  #badge = h('span.badge', { 'aria-hidden': true, hidden: true })
  #open = false
  #opener: Element | null = null
  #frame = 0

  constructor(shake: Handshake) {
    const { origin, options, root } = shake
    this.#shake = shake
    const chat = this.#chat = new Chat({
      origin, options, changed: () => this.#changed(), arrived: () => this.#arrived(),
      nobody: () => this.#leave(),
    })
    this.#hot = new Hot(this.#words, (text) => chat.say({ text }))
    this.#later = new Later(shake, {
      rate: (rating) => chat.rate(rating), leave: (contact, text) => chat.leave(contact, text),
    }, () => this.#changed())
    this.#log = new Log(this.#words,
      {
        retry: (id) => chat.retry(id),
        discard: (id) => {
          chat.discard(id)
          this.#home()
        },
        sawEnd: () => this.#see(),
      },
      h('div.top', {}, h('div.row.other', {}, this.#greeting), this.#hot.element),
      this.#later.element)
    this.#composer = new Composer(this.#words, chat.memory.get('draft'), {
      send: (text) => this.#say(text), wrote: (text) => this.#wrote(text),
      picked: (files) => this.#send(files),
    })
    shake.chat = chat
    this.#shell = new Shell(this.#words, {
      close: () => this.close(), sound: () => this.#toggleSound(),
      human: () => chat.human(), leave: () => this.#leave(),
    }, { log: this.#log.element, composer: this.#composer.element, offer: this.#offer })
    for (const styles of [tokens, frame, talk]) adopt(root, styles)
    root.append(this.#shell.element)
    shake.button.append(this.#badge)
    this.#phone = new Phone(this.#shell.element, () => this.close())
    this.#dress()
    this.#listen()
    void chat.resume()
    if (shake.wanted) this.open()
    else if (this.#wasOpen()) this.open(false)
  }

  open(focus = true): void {
    if (this.#open) return
    this.#open = true
    this.#opener = document.activeElement
    this.#keepOpen('1')
    const { element } = this.#shell
    element.hidden = false
    this.#shake.button.hidden = true
    this.#chat.line.open()
    this.#phone.opened()
    this.#draw()
    this.#composer.fit()
    this.#log.toEnd()
    if (focus) (matchMedia('(pointer: coarse)').matches ? element : this.#composer.input).focus()
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#keepOpen('')
    this.#shell.element.hidden = true
    this.#shake.button.hidden = false
    const { button, host } = this.#shake
    const back = this.#opener
    if (back instanceof HTMLElement && back !== host && back !== document.body) back.focus()
    else button.focus()
    this.#phone.closed()
    this.#changed()
  }

  #listen(): void {
    const { element } = this.#shell
    const { button } = this.#shake
    button.onclick = () => {
      this.#sound.unlock()
      this.open()
    }
    button.setAttribute('aria-haspopup', 'dialog')
    element.addEventListener('click', () => this.#sound.unlock())
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing) this.close()
    })
    document.addEventListener('visibilitychange', () => this.#changed())
    addEventListener('focus', () => this.#changed())
    window.navigation?.addEventListener('navigatesuccess', () => this.#chat.moved())
    this.#shell.drawSound(this.#soundOn())
  }

  /** What had the focus is gone: it stays in the panel. */
  #home(): void {
    this.#shell.element.focus()
  }

  #say(text: string): void {
    this.#chat.say({ text })
    this.#log.toEnd()
  }

  #send(files: FileList): void {
    if (!files.length) return
    (this.#shake.files ??= []).push(...files)
    this.#upload()
    this.#log.toEnd()
  }

  #upload(): void {
    const { upload, origin } = this.#shake
    if (upload) upload()
    else fetchPart(origin + UPLOADS, () => setTimeout(() => this.#upload(), 3_000))
  }

  #wrote(text: string): void {
    this.#chat.memory.set('draft', text)
    this.#chat.typing(text)
  }

  #leave(): void {
    this.#later.leave(this.#chat.talk.stage === 'waiting')
    this.#changed()
  }

  #arrived(): void {
    if (this.#soundOn() && !(this.#open && document.hasFocus())) this.#sound.ring()
  }

  #soundOn(): boolean {
    return this.#chat.memory.get('sound') !== 'off'
  }

  #toggleSound(): void {
    this.#chat.memory.set('sound', this.#soundOn() ? 'off' : '')
    this.#shell.drawSound(this.#soundOn())
  }

  /** Many events may come in one frame; the page is drawn once. */
  #changed(): void {
    if (this.#frame) return
    this.#frame = setTimeout(() => {
      this.#frame = 0
      this.#draw()
    }, 16)
  }

  #draw(): void {
    const { talk, line } = this.#chat
    const letters = this.#chat.letters()
    if (this.#open) {
      this.#shell.draw(talk, line, letters.length, this.#later.leaving)
      this.#greeting.textContent = talk.greeting
      this.#greeting.parentElement!.hidden = !talk.greeting
      this.#hot.draw(talk.hot)
      this.#drawOffer()
      this.#log.draw(talk.all(), letters, talk.read)
      const served = talk.messages.some(({ author }) => author.kind === 'agent')
      this.#later.draw(talk.stage === 'closed' && served, talk.rated)
      this.#see()
    }
    this.#drawBadge()
    this.#chat.remember()
    if (talk.typingUntil > Date.now()) setTimeout(() => this.#changed(), 1_000)
  }

  #see(): void {
    if (!this.#open || document.hidden || !this.#log.atEnd) return
    this.#chat.seen()
    this.#drawBadge()
  }

  #drawBadge(): void {
    const n = this.#chat.unread()
    const { say } = this.#words
    this.#badge.hidden = !n
    this.#badge.textContent = n > 99 ? '99+' : String(n)
    this.#shake.button.setAttribute('aria-label', n ? say('name_unread', { n }) : say('name'))
  }

  #drawOffer(): void {
    const { product, order, memory } = this.#chat
    const body = order ? { kind: 'order' as const, order } : { kind: 'product' as const, product }
    const key = order ? order.uid : product ? product.id ?? product.title : ''
    const wanted = key && memory.get('carded') !== key ? key : ''
    if (wanted === this.#offered) return
    this.#offered = wanted
    const what = order ? { order } : product && { product }
    this.#offer.replaceChildren(...wanted && what ? [offer(this.#words, what, (send) => {
      memory.set('carded', key)
      if (send) this.#chat.say({ text: '', ...body } as Parameters<Chat['say']>[0])
      this.#home()
      this.#changed()
    })] : [])
  }

  /** A talk goes on over the shop's pages; on a phone the panel would hide the page just opened. */
  #wasOpen(): boolean {
    try {
      return !!sessionStorage.getItem(this.#openKey()) && !matchMedia(PHONE).matches
    } catch {
      return false
    }
  }

  #keepOpen(value: string): void {
    try {
      sessionStorage.setItem(this.#openKey(), value)
    } catch { /* Storage is forbidden: the panel starts closed on each page. */ }
  }

  #openKey(): string {
    return `dxe:${this.#shake.options.inbox}:open`
  }

  /** Light or dark as the system; the shop's own colour and place as it asked. */
  #dress(): void {
    const { host, options, accent, ink, x, y } = this.#shake
    const set = (name: string, value: string) => host.style.setProperty(`--${name}`, value)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const follow = () => {
      host.dataset.theme = dark.matches ? 'dark' : 'light'
    }
    dark.addEventListener('change', follow)
    follow()
    set('x', `${x}px`)
    set('y', `${y}px`)
    host.dataset.side = options.side
    if (accent !== options.colour) return
    set('accent', accent)
    set('accent-ink', ink)
    host.dataset.colour = ''
  }
}

if (window.dianxiaoer) new Panel(window.dianxiaoer)
