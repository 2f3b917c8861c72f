/** Who this is, where they write from, what they look at, and the talk's three deeds. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { back, done, handOver, open, panel, reopen as reopenIcon } from '../../shared/icons'
import type { Conversation } from '../../shared/wire'
import { channelName } from '../../shared/channel'
import { hint } from '../commands'
import { reopen } from '../deeds'
import { Avatar } from '../../shared/parts/avatar'
import { webAddress } from '../parts/address'
import { dialog } from '../state/dialogs'
import { me } from '../state/people'
import { hideSide, leaveConversation, showSide, sideShown, sideTab } from '../state/selection'
import { t, type Phrase } from '../words'

const REASONS: Readonly<Record<string, Phrase>> = {
  least_busy: 'reason_least_busy', longest_idle: 'reason_longest_idle', only_one: 'reason_only_one',
  taken: 'reason_taken', handed_over: 'reason_handed_over', reopened: 'reason_reopened',
}

export function TalkHeader({ talk }: { talk: Conversation }): JSX.Element {
  const mine = talk.stage === 'open' && talk.agent?.id === me.value.id
  return (
    <header class="talk-head">
      <button type="button" class="icon-button talk-back" aria-label={t('back')} title={t('back')}
        onClick={leaveConversation}>
        <Icon of={back} />
      </button>
      <Avatar name={talk.contact.name} />
      <div class="talk-who">
        <h2 class="talk-name">{talk.contact.name}</h2>
        <div class="talk-marks">
          <span class="chip">{channelName(talk.inbox)}</span>
          {talk.group && <span class="chip">{talk.group.name}</span>}
          <StageChip talk={talk} mine={mine} />
          {talk.page && <PageLink {...talk.page} />}
        </div>
      </div>
      <div class="talk-deeds">
        {mine && (
          <>
            <button type="button" class="button talk-deed" title={hint('handOver')}
              onClick={() => { dialog.value = 'handOver' }}>
              <Icon of={handOver} small /><span>{t('handOver')}</span>
            </button>
            <button type="button" class="button talk-deed" title={hint('end', t('end'))}
              onClick={() => { dialog.value = 'end' }}>
              <Icon of={done} small /><span>{t('end')}</span>
            </button>
          </>
        )}
        {talk.stage === 'closed' && (
          <button type="button" class="button talk-deed" onClick={() => void reopen(talk.id)}>
            <Icon of={reopenIcon} small /><span>{t('reopen')}</span>
          </button>
        )}
        <button type="button" class="icon-button talk-side" aria-label={t('showSide')}
          title={t('showSide')} aria-pressed={sideShown.value}
          onClick={() => { if (sideShown.value) hideSide(); else showSide(sideTab.value) }}>
          <Icon of={panel} />
        </button>
      </div>
    </header>
  )
}

function StageChip({ talk, mine }: { talk: Conversation; mine: boolean }): JSX.Element | null {
  if (talk.stage === 'closed') return <span class="chip">{t('stage_closed')}</span>
  if (talk.stage === 'robot') return <span class="chip">{t('withRobot')}</span>
  if (talk.stage === 'waiting') return <span class="chip">{t('stage_waiting')}</span>
  const why = REASONS[talk.reason ?? '']
  if (mine) return why ? <span class="chip chip-accent">{t(why)}</span> : null
  return <span class="chip">{t('withAgent', { name: talk.agent?.name ?? '' })}</span>
}

function PageLink({ url, title }: { url: string; title: string }): JSX.Element {
  const words = t('viewing', { page: title || url })
  const href = webAddress(url)
  if (!href) return <span class="talk-page">{words}</span>
  return (
    <a class="talk-page" href={href} target="_blank" rel="noopener noreferrer" title={url}>
      <span>{words}</span><Icon of={open} small />
    </a>
  )
}
