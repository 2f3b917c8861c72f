/** On a phone the panel is the whole screen: above the keyboard, closed by the back button. */

export const PHONE = '(max-width: 640px)'

export class Phone {
  #panel: HTMLElement
  #close: () => void
  #entered = false

  constructor(panel: HTMLElement, close: () => void) {
    this.#panel = panel
    this.#close = close
    addEventListener('popstate', () => {
      if (!this.#entered) return
      this.#entered = false
      this.#close()
    })
    for (const event of ['resize', 'scroll'] as const) {
      visualViewport?.addEventListener(event, () => this.fit())
    }
  }

  opened(): void {
    if (!matchMedia(PHONE).matches) return
    this.#entered = true
    history.pushState(history.state, '')
    this.fit()
  }

  /** Takes back the entry that `opened` added, unless the back button has done so already. */
  closed(): void {
    if (!this.#entered) return
    this.#entered = false
    history.back()
  }

  /** The keyboard covers part of the page; the panel keeps to what is left. */
  fit(): void {
    const view = visualViewport
    const { style } = this.#panel
    const full = matchMedia(PHONE).matches && view
    style.height = full ? `${view.height}px` : ''
    style.transform = full ? `translateY(${view.offsetTop}px)` : ''
  }
}
