/** One talk in the list. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { answered } from '../../shared/icons'
import type { Conversation, Preview } from '../../shared/wire'
import { channelName } from '../../shared/channel'
import { openAndWrite } from '../deeds'
import { Avatar } from '../../shared/parts/avatar'
import { now, serverTime } from '../../shared/clock'
import { shortTime } from '../../shared/words'
import { isLate } from '../state/bands'
import { waitingSince } from '../state/conversations'
import { draftOf } from '../state/drafts'
import { me } from '../state/people'
import { openId, unreadIn } from '../state/selection'
import { typing } from '../state/typing'
import { inWords, t } from '../words'
import { Waiting } from './waiting'

export function Row({ talk }: { talk: Conversation }): JSX.Element {
  const open = openId.value === talk.id
  const since = waitingSince(talk)
  const unread = unreadIn(talk)
  return (
    <li>
      <button type="button" class="row" aria-current={open ? 'true' : undefined}
        data-late={since && isLate(since, now.value) ? '' : undefined}
        onClick={() => openAndWrite(talk.id)}>
        <Avatar name={talk.contact.name} />
        <span class="row-line">
          <span class="row-name">{talk.contact.name}</span>
          {since ? <Waiting since={since} /> : <Answered talk={talk} />}
        </span>
        <span class="row-line">
          <RowPreview talk={talk} />
          {unread > 0 && (
            <span class="badge"><span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
              <span class="sr-only">{t('unread', { n: unread })}</span></span>
          )}
        </span>
        <span class="row-marks">{marks(talk).map((mark) => <span class="chip">{mark}</span>)}</span>
      </button>
    </li>
  )
}

function Answered({ talk }: { talk: Conversation }): JSX.Element {
  const at = talk.preview?.at ?? talk.created_at
  return (
    <span class="row-answered">
      {talk.stage === 'open' && (
        <><Icon of={answered} small /><span class="sr-only">{t('answered')}</span></>
      )}
      {shortTime(at, new Date(serverTime()))}
    </span>
  )
}

function RowPreview({ talk }: { talk: Conversation }): JSX.Element {
  const draft = draftOf(talk.id)
  const words = draft.reply || draft.note
  if (typing.value.get(talk.id) && !typing.value.get(talk.id)?.agent) {
    return <span class="row-preview row-typing">{t('typing')}</span>
  }
  if (words && openId.value !== talk.id) {
    return <span class="row-preview"><b class="row-draft">{t('draft')}</b> {words}</span>
  }
  return <span class="row-preview">{talk.preview ? previewText(talk.preview) : t('noWords')}</span>
}

export function previewText({ author, ...said }: Preview): string {
  const words = inWords(said)
  if (author === 'agent') return t('previewAgent', { words })
  return author === 'robot' ? t('previewRobot', { words }) : words
}

function marks(talk: Conversation): string[] {
  const { inbox, group, agent, queue, stage } = talk
  const colleague = agent && agent.id !== me.value.id ? agent.name : ''
  const who = stage === 'robot' ? t('withRobot') : colleague
  const place = stage === 'waiting' && queue ? t('queuePlace', { place: queue.place }) : ''
  return [channelName(inbox), group?.name ?? '', who, place].filter(Boolean)
}
