/** Where the agent writes: a reply or a note, sent by a key that an input method never triggers. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { more, send } from '../../shared/icons'
import { now } from '../../shared/clock'
import { TEXT_LIMIT, type Conversation } from '../../shared/wire'
import { hint } from '../commands'
import { Menu, MenuItem } from '../../shared/parts/menu'
import { Tabs } from '../../shared/parts/tabs'
import { attachedTo } from '../state/attachments'
import { changeDraft, draftOf, type Mode } from '../state/drafts'
import { me } from '../state/people'
import { reachOf } from '../state/reach'
import { sendKey } from '../state/settings'
import { t } from '../words'
import { Allowance, HeldWords } from './allowance'
import { AttachButton, Attachments, pasted } from './attachments'
import { ComposerBar } from './composer-bar'
import { SlashMenu } from './slash-menu'
import { tooLong, useWriting, type Writing } from './writing'

const COUNTED_FROM = TEXT_LIMIT - 500

export function Composer({ talk }: { talk: Conversation }): JSX.Element {
  const mine = talk.stage === 'open' && talk.agent?.id === me.value.id
  const replies = mine && !reachOf(talk, now.value)?.over
  if (!replies && draftOf(talk.id).mode === 'reply') return <ComposerBar talk={talk} />
  return <Form talk={talk} />
}

function Form({ talk }: { talk: Conversation }): JSX.Element {
  const writing = useWriting(talk.id)
  const { note, menu, submit } = writing
  const mode: Mode = note ? 'note' : 'reply'
  return (
    <form class={note ? 'composer composer-note' : 'composer'} aria-label={t('composer')}
      onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Tabs<Mode> label={t('composer')} panel="composer-panel" chosen={mode}
        choose={(chosen) => changeDraft(talk.id, { mode: chosen })}
        tabs={[
          { id: 'reply', label: t('cmdReply'), title: hint('reply') },
          { id: 'note', label: t('cmdNote'), title: hint('note') },
        ]} />
      {!note && <Allowance talk={talk} />}
      <div id="composer-panel" class="composer-panel" role="tabpanel"
        aria-labelledby={`composer-panel-${mode}`}>
        {menu.open && <SlashMenu menu={menu} />}
        <HeldWords talk={talk} />
        <Attachments talk={talk.id} />
        <Field writing={writing} talk={talk} />
        <Foot writing={writing} talk={talk.id} />
      </div>
    </form>
  )
}

function Field({ writing, talk }: { writing: Writing; talk: Conversation }): JSX.Element {
  const { field, menu, text, note, written, pressed, look, leave } = writing
  return (
    <textarea ref={field} id="composer" class="composer-field" rows={2} value={text}
      aria-label={t(note ? 'noteLabel' : 'replyLabel', { name: talk.contact.name })}
      placeholder={t(note ? 'notePlaceholder' : 'replyPlaceholder')}
      aria-controls={menu.open ? 'slash-menu' : undefined}
      aria-activedescendant={menu.open ? `slash-${menu.at}` : undefined}
      onInput={(event) => written(event.currentTarget.value)}
      onPaste={(event) => pasted(talk.id, event)}
      onKeyDown={pressed} onClick={look} onBlur={leave} />
  )
}

function Foot({ writing, talk }: { writing: Writing; talk: string }): JSX.Element {
  const { text, note } = writing
  const empty = !text.trim() && attachedTo(talk).every(({ leaving }) => leaving)
  return (
    <div class="composer-foot">
      <AttachButton talk={talk} />
      <span class="composer-hint">{t(note ? 'noteHint' : 'slashHint')}</span>
      <Counter text={text} />
      <SendKeyMenu />
      <button type="submit" class="button button-main" disabled={empty || tooLong(text)}>
        <Icon of={send} small />{t(note ? 'saveNote' : 'send')}
      </button>
    </div>
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
