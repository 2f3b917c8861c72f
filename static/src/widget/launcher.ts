/** All that a shop page loads at first: the button. It opens no connection; the panel is fetched
 * when the shopper comes near, or when a conversation of theirs is still going on. Styles are set
 * as properties, which no content policy of a shop forbids. */

import type { Handshake } from './handshake'

/** Black or white, whichever reads better on the shop's colour: the winner has about 4.5:1. */
function inkOn(colour: string): string {
  const [red, green, blue] = colour.match(/\w\w/g)!.map((part) => (parseInt(part, 16) / 255) ** 2.2)
  return red! * 0.2126 + green! * 0.7152 + blue! * 0.0722 > 0.179 ? '#000' : '#fff'
}

function svg(name: string, attribute: string, value: string): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name) as SVGElement
  element.setAttribute(attribute, value)
  return element
}

function launch(script: HTMLScriptElement): void {
  const options = script.dataset
  const { colour = '', inbox, side } = options
  const { origin } = new URL(script.src)
  const page = document.documentElement
  const host = document.createElement('dianxiaoer-chat')
  const root = host.attachShadow({ mode: 'open' })
  const button = document.createElement('button')
  const accent = /^#[\da-f]{6}$/i.test(colour) ? colour : ACCENT
  const ink = inkOn(accent)
  const picture = svg('svg', 'viewBox', '0 0 24 24')
  const [x = 20, y = x] = options.offset?.match(/\d+/g) ?? []
  const handshake: Handshake = { origin, options, host, root, button, accent, ink, x, y }
  const chinese = /^zh|^$/.test(options.lang || page.lang)
  let asked = 0
  const load = () => {
    if (asked++) return
    const panel = document.createElement('script')
    panel.charset = 'utf-8'
    panel.src = origin + (chinese ? PANEL_ZH : PANEL_EN)
    panel.onerror = () => (asked = 0)
    page.append(panel)
  }
  button.className = 'launch'
  host.style.cssText = 'all:initial'
  button.style.cssText = `position:fixed;z-index:2147483000;`
    + `${side == 'left' ? side : 'right'}:${x}px;width:56px;height:56px;padding:15px;`
    + `bottom:calc(${y}px + env(safe-area-inset-bottom));`
    + `border:0;border-radius:50%;background:${accent};box-shadow:0 6px 20px #0004;cursor:pointer`
  picture.style.cssText = `display:block;fill:none;stroke:${ink};stroke-width:2`
  host.setAttribute('role', 'complementary')
  for (const named of [host, button]) {
    named.setAttribute('aria-label', chinese ? '在线客服' : 'Chat with us')
  }
  button.onpointerenter = button.onfocus = load
  button.onclick = () => {
    handshake.wanted = true
    load()
  }
  addEventListener('click', ({ target }) => {
    if ((target as Element).closest?.('[data-open-chat]')) button.click()
  })
  picture.append(svg('path', 'd', BUBBLE))
  button.append(picture)
  root.append(button)
  page.append(host)
  window.dianxiaoer = handshake
  try {
    if (localStorage[`dxe:${inbox}:live`] || sessionStorage[`dxe:${inbox}:open`]) load()
  } catch { /* Storage is forbidden here: nothing can be remembered, so nothing is going on. */ }
}

if (!window.dianxiaoer) launch(document.currentScript as HTMLScriptElement)
