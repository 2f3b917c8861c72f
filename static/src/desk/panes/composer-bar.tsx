/** In place of the composer where this agent cannot answer: why, and the way to do so. */

import type { JSX } from 'preact'
import type { Conversation } from '../../shared/wire'
import { reopen, take } from '../deeds'
import { t } from '../words'

export function ComposerBar({ talk }: { talk: Conversation }): JSX.Element {
  if (talk.stage === 'closed') {
    return <Bar words={t('closedBar')} deed={t('reopen')} run={() => void reopen(talk.id)} />
  }
  if (talk.stage === 'open') {
    return <p class="composer-bar">{t('colleagueBar', { name: talk.agent?.name ?? '' })}</p>
  }
  const words = t(talk.stage === 'robot' ? 'robotBar' : 'waitingBar')
  return <Bar words={words} deed={t('takeThis')} run={() => void take(talk.id)} />
}

function Bar({ words, deed, run }: { words: string; deed: string; run: () => void }): JSX.Element {
  return (
    <div class="composer-bar">
      <p>{words}</p>
      <button type="button" class="button button-main" onClick={run}>{deed}</button>
    </div>
  )
}
