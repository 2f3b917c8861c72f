/** Beside the phone: what can go wrong, the clock, and what became of the callbacks. */

import type { JSX } from 'preact'
import { t, type Account, type Phrase } from './words'
import { post, type Push, type Snapshot } from './wire'

const ANSWERS = ['drop', 'malformed', 'server_error', 'window_closed', 'ip_blocked'] as const
const CALLBACKS = ['duplicate', 'out_of_order', 'plaintext', 'bad_signature'] as const
const LISTS = ['empty_pages', 'send_fails_later', 'names_withheld'] as const
const SLOW = [0, 2, 6, 20]
const MINUTE = 60
const TWO_DAYS = 48 * 3600

type Report = (wrong: string) => void

export function Panel({ account, now, report }: {
  account: Account
  now: Snapshot
  report: Report
}): JSX.Element {
  const change = (path: string, body: unknown): void => {
    void post(path, body).then(report)
  }
  const faults = (body: unknown): void => change('/_/faults', body)
  const clock = (body: unknown): void => change('/_/clock', body)
  return (
    <aside class="panel" id="panel" aria-label={t('panel')}>
      <h2>{t('faults')}</h2>
      <label class="slow">
        {t('slow')}
        <select
          value={now.faults.slow_s}
          onChange={(event) => faults({ slow_s: Number(event.currentTarget.value) })}
        >
          {SLOW.map((one) => <option value={one} key={one}>{one ? t('slow_by', { n: one }) : t('not_slow')}</option>)}
        </select>
      </label>
      <Switches title="of_answers" names={ANSWERS} now={now} change={faults} />
      <Switches title="of_callbacks" names={CALLBACKS} now={now} change={faults} />
      <Switches title="of_lists" names={LISTS} now={now} change={faults} />
      <p class="buttons">
        <button type="button" onClick={() => faults({ expire_tokens: true })}>{t('expire')}</button>
        <button type="button" onClick={() => faults({ revoke_tokens: true })}>{t('revoke')}</button>
      </p>
      <h2>{t('clock')}</h2>
      <p class="buttons">
        <button type="button" onClick={() => clock({ advance: MINUTE })}>{t('later_minute')}</button>
        <button type="button" onClick={() => clock({ advance: TWO_DAYS })}>{t('later_days')}</button>
        <button type="button" disabled={!now.ahead} onClick={() => clock({ reset: true })}>
          {t('true_time')}
        </button>
      </p>
      <h2>{t('endpoint')}</h2>
      <p class="hook">{now.hook}</p>
      <p class="buttons">
        <button type="button" onClick={() => change('/_/verify', { account: account.name })}>
          {t('verify')}
        </button>
        {now.verified !== null && (
          <span class={now.verified ? 'bad' : 'good'} role="status">
            {now.verified || t('verified')}
          </span>
        )}
      </p>
      <h2>{t('pushes')}</h2>
      <Pushes of={now.pushes.filter((one) => one.account === account.name)} />
    </aside>
  )
}

function Switches<N extends Phrase>({ title, names, now, change }: {
  title: Phrase
  names: readonly N[]
  now: Snapshot
  change: (body: unknown) => void
}): JSX.Element {
  return (
    <fieldset>
      <legend>{t(title)}</legend>
      {names.map((name) => (
        <label key={name}>
          <input
            type="checkbox" checked={Boolean(now.faults[name])}
            onChange={(event) => change({ [name]: event.currentTarget.checked })}
          />
          {t(name)}
        </label>
      ))}
    </fieldset>
  )
}

function Pushes({ of }: { of: Push[] }): JSX.Element {
  if (!of.length) return <p class="none">{t('no_pushes')}</p>
  return (
    <ol class="pushes" reversed>
      {[...of].reverse().map((one) => (
        <li key={one.seq} class={one.state}>
          <b>{one.type}</b>
          <span>{t(STATES[one.state] ?? 'push_waiting', { n: one.tries })}</span>
          {one.reason && <i>{one.reason}</i>}
        </li>
      ))}
    </ol>
  )
}

const STATES: Record<string, Phrase> = {
  waiting: 'push_waiting', taken: 'push_taken', failed: 'push_failed', broken: 'push_broken',
}
