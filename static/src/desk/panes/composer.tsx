/** Where the agent writes: a reply or a note, sent by a key that an input method never triggers. */

import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { more, send } from '../../shared/icons'
import { TEXT_LIMIT, type Conversation } from '../../shared/wire'
import { hint } from '../commands'
import { sendDraft } from '../deeds'
import { composing } from '../keyboard'
import { tellTyping } from '../live/presence'
import { Menu, MenuItem } from '../parts/menu'
import { Tabs } from '../parts/tabs'
import { variablesOf } from '../state/cards'
import { changeDraft, draftOf, draftText, writeDraft, type Mode } from '../state/drafts'
import { fill } from '../state/entries'
import { me } from '../state/people'
import { sendKey } from '../state/settings'
import { slashBefore, type Slash } from '../state/slash'
import { t } from '../words'
import { ComposerBar } from './composer-bar'
import { SlashMenu, slashKey, useSlash } from './slash-menu'

const COUNTED_FROM = TEXT_LIMIT - 500
const TALLEST = 220

export function Composer({ talk }: { talk: Conversation }): JSX.Element {
  const replies = talk.stage === 'open' && talk.agent?.id === me.value.id
  if (!replies && draftOf(talk.id).mode === 'reply') return <ComposerBar talk={talk} />
  return <Writing talk={talk} />
}

function Writing({ talk }: { talk: Conversation }): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null)
  const [slash, setSlash] = useState<Slash | null>(null)
  const draft = draftOf(talk.id)
  const text = draftText(draft)
  const note = draft.mode === 'note'
  const menu = useSlash(slash, (entry) => {
    if (!field.current || !slash) return
    const words = fill(entry.answer, variablesOf(talk.id))
    const end = slash.start + 1 + slash.query.length
    writeDraft(talk.id, text.slice(0, slash.start) + words + text.slice(end))
    setSlash(null)
    caretTo(field.current, slash.start + words.length)
  }, () => setSlash(null))

  useLayoutEffect(() => grow(field.current), [text])
  useEffect(() => setSlash(null), [draft.mode])

  const look = (): void => {
    const { value = '', selectionStart = 0 } = field.current ?? {}
    setSlash(note ? null : slashBefore(value, selectionStart))
  }
  const written = (value: string): void => {
    writeDraft(talk.id, value)
    look()
    if (!note && value.trim()) tellTyping()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (composing(event) || slashKey(event, menu)) return
    if (!sends(event)) return
    event.preventDefault()
    submit()
  }
  const submit = (): void => {
    if (tooLong(text)) return
    sendDraft(talk.id)
    setSlash(null)
    field.current?.focus()
  }

  return (
    <form class={note ? 'composer composer-note' : 'composer'} aria-label={t('composer')}
      onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Tabs<Mode> label={t('composer')} panel="composer-panel" chosen={draft.mode}
        choose={(mode) => changeDraft(talk.id, { mode })}
        tabs={[
          { id: 'reply', label: t('cmdReply'), title: hint('reply') },
          { id: 'note', label: t('cmdNote'), title: hint('note') },
        ]} />
      <div id="composer-panel" class="composer-panel" role="tabpanel"
        aria-labelledby={`composer-panel-${draft.mode}`}>
        {menu.open && <SlashMenu menu={menu} />}
        <textarea ref={field} id="composer" class="composer-field" rows={2} value={text}
          aria-label={t(note ? 'noteLabel' : 'replyLabel', { name: talk.contact.name })}
          placeholder={t(note ? 'notePlaceholder' : 'replyPlaceholder')}
          aria-controls={menu.open ? 'slash-menu' : undefined}
          aria-activedescendant={menu.open ? `slash-${menu.at}` : undefined}
          onInput={(event) => written(event.currentTarget.value)}
          onKeyDown={pressed} onClick={look} onBlur={() => setSlash(null)} />
        <div class="composer-foot">
          <span class="composer-hint">{t(note ? 'noteHint' : 'slashHint')}</span>
          <Counter text={text} />
          <SendKeyMenu />
          <button type="submit" class="button button-main" disabled={!text.trim() || tooLong(text)}>
            <Icon of={send} small />{t(note ? 'saveNote' : 'send')}
          </button>
        </div>
      </div>
    </form>
  )
}

function Counter({ text }: { text: string }): JSX.Element | null {
  const length = [...text].length
  if (length < COUNTED_FROM) return null
  return (
    <span class={tooLong(text) ? 'composer-count composer-over' : 'composer-count'} role="status">
      {t('counter', { length, limit: TEXT_LIMIT })}
    </span>
  )
}

function SendKeyMenu(): JSX.Element {
  return (
    <Menu up label={t('sendKeyLabel')} class="composer-key" button={(
      <>{t(`sendKey_${sendKey.value}`)}<Icon of={more} small /></>
    )}>
      <MenuItem chosen={sendKey.value === 'enter'} run={() => { sendKey.value = 'enter' }}>
        {t('sendKeyExplain_enter')}
      </MenuItem>
      <MenuItem chosen={sendKey.value === 'ctrl'} run={() => { sendKey.value = 'ctrl' }}>
        {t('sendKeyExplain_ctrl')}
      </MenuItem>
    </Menu>
  )
}

function sends(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.altKey || event.shiftKey) return false
  const ctrl = event.ctrlKey || event.metaKey
  return ctrl || sendKey.peek() === 'enter'
}

function tooLong(text: string): boolean {
  return text.length > TEXT_LIMIT && [...text].length > TEXT_LIMIT
}

function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return
  field.style.height = 'auto'
  field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`
}

function caretTo(field: HTMLTextAreaElement, place: number): void {
  requestAnimationFrame(() => {
    field.focus()
    field.setSelectionRange(place, place)
  })
}
