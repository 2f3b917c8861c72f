/** A native modal dialog with a title, a way out, and the focus given back by the browser. Notices
 * are shown inside it meanwhile: whatever lies outside can be neither seen nor pressed. */

import { signal } from '@preact/signals'
import type { ComponentChildren, JSX, TargetedEvent } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from '../icon'
import { close } from '../icons'
import { say } from '../words'
import { Notices } from './notices'

/** How many are open: while there is one, the page itself shows no notices. */
export const dialogsOpen = signal(0)

interface DialogProps {
  title: string
  leave: () => void
  children: ComponentChildren
  class?: string
}

export function Dialog({ title, leave, children, class: look = '' }: DialogProps): JSX.Element {
  const box = useRef<HTMLDialogElement>(null)
  const heading = useId()
  // Before the next key: what is typed right after Ctrl+K belongs in the palette.
  useLayoutEffect(() => {
    const shown = box.current
    const before = document.activeElement as HTMLElement | null
    shown?.showModal()
    dialogsOpen.value += 1
    return () => {
      dialogsOpen.value -= 1
      shown?.close()
      // Chromium gives the focus back but leaves the caret behind: what is typed next goes nowhere.
      before?.blur()
      before?.focus()
    }
  }, [])
  /** The event comes late: by then this dialog may be gone and the next one open. */
  const closed = (event: TargetedEvent<HTMLDialogElement>): void => {
    if (event.currentTarget.isConnected) leave()
  }
  return (
    <dialog ref={box} class={`dialog ${look}`} aria-labelledby={heading} onClose={closed}
      onPointerDown={(event) => { if (event.target === box.current) leave() }}>
      <div class="dialog-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" class="icon-button" aria-label={say('close')} title={say('close')}
          onClick={leave}>
          <Icon of={close} />
        </button>
      </div>
      {children}
      <Notices />
    </dialog>
  )
}

/** Where no dialog covers them. */
export function PageNotices(): JSX.Element | null {
  return dialogsOpen.value > 0 ? null : <Notices />
}
