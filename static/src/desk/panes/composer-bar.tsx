/** In place of the composer where this agent cannot answer: why, and the way to do so. */

import type { JSX } from 'preact'
import { channelName } from '../../shared/channel'
import { now } from '../../shared/clock'
import type { Conversation } from '../../shared/wire'
import { hint } from '../commands'
import { focusComposer, openAndWrite, reopen, take } from '../deeds'
import { changeDraft } from '../state/drafts'
import { me } from '../state/people'
import { otherWay } from '../state/reach'
import { t } from '../words'

interface Way { words: string; deed?: string; run?: () => void }

export function ComposerBar({ talk }: { talk: Conversation }): JSX.Element {
  const note = (): void => {
    changeDraft(talk.id, { mode: 'note' })
    focusComposer()
  }
  const way = wayOf(talk)
  return (
    <div class="composer-bar">
      <p>{way.words}</p>
      <button type="button" class="button" title={hint('note')} onClick={note}>
        {t('writeNote')}
      </button>
      {way.run && (
        <button type="button" class="button button-main" onClick={way.run}>{way.deed}</button>
      )}
    </div>
  )
}

/** A supervisor may take over what a colleague answers. */
function wayOf(talk: Conversation): Way {
  const { id, stage, agent } = talk
  if (stage === 'closed') {
    return { words: t('closedBar'), deed: t('reopen'), run: () => void reopen(id) }
  }
  const run = (): void => void take(id)
  if (stage !== 'open') {
    return { words: t(stage === 'robot' ? 'robotBar' : 'waitingBar'), deed: t('takeThis'), run }
  }
  if (agent?.id === me.value.id) return otherWayOf(talk)
  const words = t('colleagueBar', { name: agent?.name ?? '' })
  return me.value.role === 'agent' ? { words } : { words, deed: t('takeOver'), run }
}

/** `reachOf` says that the channel takes nothing now. */
function otherWayOf(talk: Conversation): Way {
  const other = otherWay(talk, now.value)
  if (!other) return { words: t('overBar') }
  const deed = t('answerElsewhere', { channel: channelName(other.inbox) })
  return { words: t('overBar'), deed, run: () => openAndWrite(other.id) }
}
