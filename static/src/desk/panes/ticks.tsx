/** How far a reply has come, as a sign with its word. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { alert, answered, clock, delivered, help, retry, type Shapes } from '../../shared/icons'
import type { DeliveryState } from '../../shared/wire'
import type { Held } from '../state/threads'
import { resendMessage } from '../live/undelivered'
import { t } from '../words'
import { Resend } from './resend'

const SIGNS: Readonly<Record<DeliveryState, Shapes>> = {
  queued: clock, sending: clock, sent: answered, delivered, read: delivered,
  retry, unconfirmed: help, failed: alert, dead: alert,
}

/** One tick and two are told apart by their shape; every other state says its word. */
const QUIET: ReadonlySet<DeliveryState> = new Set(['sent', 'delivered'])
/** Here a person decides what happens next. */
const STUCK: ReadonlySet<DeliveryState> = new Set(['unconfirmed', 'dead'])

export function Ticks({ message, readUpTo }: { message: Held; readUpTo: number }): JSX.Element {
  return <Sign state={stateOf(message, readUpTo)} />
}

/** `said`: with its word, also where the sign would do. */
export function Sign({ state, said = false }: {
  state: DeliveryState
  said?: boolean
}): JSX.Element {
  return (
    <span class={`ticks ticks-${state}`} title={t(`delivery_${state}`)}>
      <Icon of={SIGNS[state]} small />
      <span class={QUIET.has(state) && !said ? 'sr-only' : ''}>{t(`delivery_${state}`)}</span>
    </span>
  )
}

/** Why it is not there, and the way to send it again. */
export function Trouble({ message, name }: { message: Held; name: string }): JSX.Element | null {
  const { conversation, delivery, reason, seq, recalled } = message
  const stuck = !recalled && conversation && delivery && STUCK.has(delivery)
  if (!reason && !stuck) return null
  return (
    <p class={`bubble-reason bubble-reason-${delivery}`}>
      {reason && <span>{reason}</span>}
      {stuck && (
        <Resend state={delivery} name={name} run={() => resendMessage(conversation, seq)} />
      )}
    </p>
  )
}

/** What a shopper has read has arrived, whatever the provider said. */
function stateOf({ seq, delivery }: Held, readUpTo: number): DeliveryState {
  if (readUpTo >= seq && (!delivery || !STUCK.has(delivery))) return 'read'
  return delivery ?? 'sent'
}
