/** What concerns the whole screen: a cut connection, the sound question, late talks. */

import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { bell, offline, warning } from '../../shared/icons'
import { hint, openLongest } from '../commands'
import { connected } from '../../shared/socket'
import { unsent } from '../live/sending'
import { turnSound } from '../notifications'
import { now } from '../../shared/clock'
import { isLate } from '../state/bands'
import { unanswered } from '../state/conversations'
import { flood } from '../state/flood'
import { announcement } from '../../shared/notices'
import { sound } from '../state/settings'
import { t } from '../words'

/** The first second of a page is not a lost connection. */
const PATIENCE_MS = 2_500
const patient = signal(true)
setTimeout(() => { patient.value = false }, PATIENCE_MS)

export function Banners(): JSX.Element {
  const unsentCount = unsent.value.filter((letter) => !letter.refused).length
  const cut = !connected.value && !patient.value
  return (
    <div class="banners">
      <p class="banner banner-warning banner-cut" role="status" hidden={!cut}>
        {cut && (
          <>
            <Icon of={offline} small />
            {t('cut')}{unsentCount > 0 && t('cutUnsent', { n: unsentCount })}
          </>
        )}
      </p>
      <p class="banner banner-warning banner-flood" hidden={!flood.value.turned_away}>
        {flood.value.turned_away > 0 && (
          <>
            <Icon of={warning} small />
            {t('flood', { n: flood.value.turned_away, m: flood.value.addresses })}
          </>
        )}
      </p>
      {sound.value === 'unasked' && (
        <div class="banner">
          <Icon of={bell} small />
          <p>{t('soundQuestion')}</p>
          <button type="button" class="button button-s button-main" onClick={() => turnSound(true)}>
            {t('soundYes')}
          </button>
          <button type="button" class="button button-s" onClick={() => turnSound(false)}>
            {t('soundNo')}
          </button>
        </div>
      )}
    </div>
  )
}

/** Stays until nobody waits that long: it cannot be closed, only answered. */
export function LateNotice(): JSX.Element {
  const count = unanswered.value.filter(
    ({ waiting_since }) => waiting_since && isLate(waiting_since, now.value)).length
  return (
    <div class="floating late" role="status" hidden={count === 0}>
      {count > 0 && (
        <>
          <Icon of={warning} />
          <p>{t('lateCount', { n: count })}</p>
          <button type="button" class="button button-s" title={hint('longest')}
            onClick={openLongest}>
            {t('openLongest')}
          </button>
        </>
      )}
    </div>
  )
}

export function Announcer(): JSX.Element {
  return <p class="sr-only" role="status">{announcement.value}</p>
}
