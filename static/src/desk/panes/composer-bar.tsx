/** In place of the composer where this agent cannot answer: why, and the way to do so. */

import type { JSX } from 'preact'
import type { Conversation } from '../../shared/wire'
import { hint } from '../commands'
import { focusComposer, reopen, take } from '../deeds'
import { changeDraft } from '../state/drafts'
import { me } from '../state/people'
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
function wayOf({ id, stage, agent }: Conversation): Way {
  if (stage === 'closed') {
    return { words: t('closedBar'), deed: t('reopen'), run: () => void reopen(id) }
  }
  const run = (): void => void take(id)
  if (stage !== 'open') {
    return { words: t(stage === 'robot' ? 'robotBar' : 'waitingBar'), deed: t('takeThis'), run }
  }
  const words = t('colleagueBar', { name: agent?.name ?? '' })
  return me.value.role === 'agent' ? { words } : { words, deed: t('takeOver'), run }
}
