/** A button that opens a menu in the top layer (native popover), walked with the arrow keys. */

import type { ComponentChildren, JSX } from 'preact'
import { useId, useRef } from 'preact/hooks'

interface MenuProps {
  label: string
  class: string
  button: ComponentChildren
  children: ComponentChildren
  /** Opens upwards, for buttons at the foot of the screen. */
  up?: boolean
}

const GAP = 6
const EDGE = 8

export function Menu({ label, class: look, button, children, up = false }: MenuProps): JSX.Element {
  const id = useId()
  const opener = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const toggled = (event: { newState: string }): void => {
    const open = event.newState === 'open'
    opener.current?.setAttribute('aria-expanded', String(open))
    if (!open || !menu.current || !opener.current) return
    place(menu.current, opener.current.getBoundingClientRect(), up)
    items(menu.current)[0]?.focus()
  }
  return (
    <>
      <button ref={opener} type="button" class={look} popovertarget={id} aria-haspopup="menu"
        aria-expanded="false" aria-label={label} title={label}>
        {button}
      </button>
      <div ref={menu} id={id} class="menu" popover="auto" role="menu" aria-label={label}
        onToggle={toggled} onKeyDown={walk}
        onClick={(event) => leave(event, menu.current)}>
        {children}
      </div>
    </>
  )
}

interface ItemProps {
  children: ComponentChildren
  run: () => void
  /** Given, it is one of a group of which one holds. */
  chosen?: boolean
  lang?: string
}

export function MenuItem({ children, run, chosen, lang }: ItemProps): JSX.Element {
  return (
    <button type="button" class="menu-item" tabIndex={-1} onClick={run} lang={lang}
      role={chosen === undefined ? 'menuitem' : 'menuitemradio'} aria-checked={chosen}>
      <span class="menu-check" aria-hidden="true">{chosen ? '✓' : ''}</span>
      {children}
    </button>
  )
}

function place(menu: HTMLElement, from: DOMRect, up: boolean): void {
  const { width, height } = menu.getBoundingClientRect()
  const left = Math.min(Math.max(EDGE, from.right - width), innerWidth - width - EDGE)
  const top = up ? from.top - height - GAP : from.bottom + GAP
  menu.style.left = `${Math.max(EDGE, left)}px`
  menu.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`
}

function items(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('.menu-item')]
}

function walk(event: KeyboardEvent): void {
  const all = items(event.currentTarget as HTMLElement)
  const at = all.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  all[(to + all.length) % all.length]?.focus()
}

function leave(event: MouseEvent, menu: HTMLElement | null): void {
  if ((event.target as HTMLElement).closest('.menu-item')) menu?.hidePopover()
}
