/** How far a reply has come, as a sign with its word. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { alert, answered, clock, delivered, help, retry, type Shapes } from '../../shared/icons'
import type { DeliveryState } from '../../shared/wire'
import type { Held } from '../state/threads'
import { t } from '../words'

const SIGNS: Readonly<Record<DeliveryState, Shapes>> = {
  queued: clock, sending: clock, sent: answered, delivered, read: delivered,
  retry, unconfirmed: help, failed: alert, dead: alert,
}

export function Ticks({ message, readUpTo }: { message: Held; readUpTo: number }): JSX.Element {
  const state = readUpTo >= message.seq ? 'read' : message.delivery ?? 'sent'
  return (
    <span class={`ticks ticks-${state}`} title={t(`delivery_${state}`)}>
      <Icon of={SIGNS[state]} small />
      <span class={state === 'failed' || state === 'dead' || state === 'read' ? '' : 'sr-only'}>
        {t(`delivery_${state}`)}
      </span>
    </span>
  )
}
