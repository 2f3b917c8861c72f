/** Above the composer: what the customer's channel still takes, and what is held to save of it. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { clock, warning } from '../../shared/icons'
import { now } from '../../shared/clock'
import type { Conversation } from '../../shared/wire'
import { focusComposer } from '../deeds'
import { holding, sendApart, sendHeld, takeBackHeld } from '../live/holding'
import { reachOf } from '../state/reach'
import { t } from '../words'

export function Allowance({ talk }: { talk: Conversation }): JSX.Element | null {
  const reach = reachOf(talk, now.value)
  if (!reach || reach.over) return null
  const { remaining, seconds, low } = reach
  const count = remaining > 0 ? t('repliesLeft', { n: remaining }) : t('noRepliesLeft')
  return (
    <p class={low ? 'allowance allowance-low' : 'allowance'} title={t('allowanceWhy')}>
      <Icon of={low ? warning : clock} small />
      <span>{count} · {timeLeft(seconds)}</span>
      {remaining === 0 && <span class="allowance-hint">{t('mayFail')}</span>}
      {remaining === 1 && <span class="allowance-hint">{t('lastReply')}</span>}
    </p>
  )
}

/** What waits to be sent: where there is more than one, whether to send them as one. */
export function HeldWords({ talk }: { talk: Conversation }): JSX.Element | null {
  const held = holding.value.get(talk.id)
  if (!held) return null
  const { words } = held
  const several = words.length > 1
  const enough = (reachOf(talk, now.value)?.remaining ?? 0) >= words.length
  const back = (): void => {
    takeBackHeld(talk.id)
    focusComposer()
  }
  const then = (deed: (id: string) => void) => (): void => {
    deed(talk.id)
    focusComposer()
  }
  return (
    <div class="held" role="group" aria-label={t('held')}>
      <p class="held-words">{words.map(({ text }) => text).join(' ⏎ ')}</p>
      <p class="held-why" role="status">
        {several ? t('joinQuestion', { n: words.length }) : t('heldAlone')}
      </p>
      <Countdown until={held.until} several={several} />
      <button type="button" class="button button-s button-main" onClick={then(sendHeld)}>
        {t(several ? 'sendJoined' : 'sendNow')}
      </button>
      {several && enough && (
        <button type="button" class="button button-s" onClick={then(sendApart)}>
          {t('sendApart')}
        </button>
      )}
      <button type="button" class="button button-s" onClick={back}>{t('takeBack')}</button>
    </div>
  )
}

/** Seen, not read out every second. */
function Countdown({ until, several }: { until: number; several: boolean }): JSX.Element {
  const ticking = now.value >= 0
  const n = ticking ? Math.max(1, Math.ceil((until - Date.now()) / 1000)) : 0
  return (
    <span class="held-countdown" aria-hidden="true">{t(several ? 'joinsIn' : 'leavesIn', { n })}</span>
  )
}

function timeLeft(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  return minutes < 60 ? t('minutesLeft', { n: minutes })
    : t('hoursLeft', { n: Math.floor(seconds / 3600) })
}
