/** Elements without markup: every text becomes a text node. */

import type { Shapes } from '../shared/icons'

type Child = Node | string | false | null | undefined
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

const SVG = 'http://www.w3.org/2000/svg'

/** `h('p.note.warm', {role: 'status'}, 'text')`; an attribute that is false is left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  selector: K | `${K}.${string}`, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const [name, ...classes] = selector.split('.')
  const element = document.createElement(name as K)
  element.className = classes.join(' ')
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(key, String(value))
  }
  element.append(...children.filter((child): child is Node | string => !!child))
  return element
}

export function button(
  classes: string, pressed: () => void, attributes: Attributes, ...children: Child[]
): HTMLButtonElement {
  const element = h(`button.${classes}`, { type: 'button', ...attributes }, ...children)
  element.onclick = pressed
  return element
}

/** A part of the widget that is a program of its own. */
export function fetchPart(address: string, failed: () => void): void {
  const script = document.createElement('script')
  script.charset = 'utf-8'
  script.src = address
  script.onerror = failed
  document.documentElement.append(script)
}

export function icon(shapes: Shapes): SVGElement {
  const picture = document.createElementNS(SVG, 'svg')
  picture.setAttribute('class', 'icon')
  picture.setAttribute('viewBox', '0 0 24 24')
  picture.setAttribute('aria-hidden', 'true')
  for (const [tag, attributes] of shapes) {
    const shape = document.createElementNS(SVG, tag)
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value)
    picture.append(shape)
  }
  return picture
}
