/** The middle column: one talk, or a word on how to begin. */

import type { JSX } from 'preact'
import { bubble } from '../../shared/icons'
import { hint } from '../commands'
import { take } from '../deeds'
import { Empty } from '../../shared/parts/empty'
import { sections } from '../state/conversations'
import { openId, openTalk } from '../state/selection'
import { threadOf, threadsHeld } from '../state/threads'
import { t } from '../words'
import { dropping } from './attachments'
import { Composer } from './composer'
import { Log } from './log'
import { TalkHeader } from './talk-header'
import { TeachOffer } from './teach-offer'

export function TalkPane(): JSX.Element {
  const talk = openTalk.value
  const thread = threadsHeld.value >= 0 ? threadOf(openId.value ?? '') : undefined
  if (!openId.value) return <NothingOpen />
  const label = talk ? t('talkWith', { name: talk.contact.name }) : t('loading')
  return (
    <section class="talk" aria-label={label} {...dropping(talk)}>
      {talk && <TalkHeader talk={talk} />}
      <Log key={openId.value} id={openId.value} thread={thread} talk={talk} />
      <TeachOffer place="talk" />
      {talk && <Composer key={`write-${talk.id}`} talk={talk} />}
    </section>
  )
}

function NothingOpen(): JSX.Element {
  const waiting = sections.value.queue.length
  return (
    <section class="talk talk-nothing" aria-label={t('nothingOpen')}>
      <Empty icon={bubble} title={t('nothingOpen')} text={t('nothingOpenHelp')}>
        {waiting > 0 && (
          <button type="button" class="button button-main" title={hint('take')}
            onClick={() => void take()}>
            {t('takeNext')}
          </button>
        )}
      </Empty>
    </section>
  )
}
