/** What the composer does with keys and words; what it looks like is in `composer.tsx`. */

import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { TEXT_LIMIT } from '../../shared/wire'
import { insertEntry, sendDraft } from '../deeds'
import { composing } from '../../shared/keys'
import { tellTyping } from '../live/presence'
import { draftOf, draftText, writeDraft } from '../state/drafts'
import { sendKey } from '../state/settings'
import { slashBefore, type Slash } from '../state/slash'
import { slashKey, useSlash, type SlashChoice } from './slash-menu'

export interface Writing {
  field: RefObject<HTMLTextAreaElement | null>
  menu: SlashChoice
  text: string
  note: boolean
  written: (value: string) => void
  pressed: (event: KeyboardEvent) => void
  look: () => void
  leave: () => void
  submit: () => void
}

const TALLEST = 220

export function useWriting(talk: string): Writing {
  const field = useRef<HTMLTextAreaElement>(null)
  const [slash, setSlash] = useState<Slash | null>(null)
  const draft = draftOf(talk)
  const text = draftText(draft)
  const note = draft.mode === 'note'
  const leave = (): void => setSlash(null)
  const menu = useSlash(slash, (entry) => {
    if (!slash) return
    insertEntry(entry, { start: slash.start, end: slash.start + 1 + slash.query.length })
    leave()
  }, leave)
  const look = (): void => {
    const { value = '', selectionStart = 0 } = field.current ?? {}
    setSlash(note ? null : slashBefore(value, selectionStart))
  }
  const written = (value: string): void => {
    writeDraft(talk, value)
    look()
    if (!note && value.trim()) tellTyping()
  }
  const submit = (): void => {
    if (tooLong(text)) return
    sendDraft(talk)
    leave()
    field.current?.focus()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (composing(event) || slashKey(event, menu) || !sends(event)) return
    event.preventDefault()
    submit()
  }
  useLayoutEffect(() => grow(field.current), [text])
  useEffect(leave, [draft.mode])
  return { field, menu, text, note, written, pressed, look, leave, submit }
}

/** Counted in signs, as the server counts. */
export function tooLong(text: string): boolean {
  return text.length > TEXT_LIMIT && [...text].length > TEXT_LIMIT
}

function sends(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.altKey || event.shiftKey) return false
  const ctrl = event.ctrlKey || event.metaKey
  return ctrl || sendKey.peek() === 'enter'
}

function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return
  field.style.height = 'auto'
  field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`
}
