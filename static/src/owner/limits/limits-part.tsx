/** The limits: set by hand or as the log has them, with what they do. */

import type { JSX } from 'preact'
import type { GateEvidence, Gates } from '../../shared/entry-wire'
import { Icon } from '../../shared/icon'
import { alert, suggest } from '../../shared/icons'
import { figure, percent } from '../../shared/words'
import type { Limits } from '../../shared/wire'
import {
  inPercent, isShipped, NAMES, proposed, reset, saving, set, texts, typed, wanted,
} from './limits'
import { t } from './words'

export function LimitsPart({ of }: { of: Gates }): JSX.Element {
  return (
    <section class="card settings" aria-labelledby="limits-title">
      <h3 id="limits-title">{t('limits')}</h3>
      <p class="pane-help">{t('limitsHelp')}</p>
      <div class="limits">
        <Form of={of} />
        <Evidence of={of.evidence} />
      </div>
      <Proposal of={of} />
    </section>
  )
}

function Form({ of }: { of: Gates }): JSX.Element {
  const now = wanted.value
  const wrong = typeof now === 'string' ? now : null
  const save = (event: Event): void => {
    event.preventDefault()
    if (now && typeof now !== 'string') void set(now)
  }
  return (
    <form class="limits-form" onSubmit={save}>
      {NAMES.map((name) => <Limit key={name} name={name} of={of} />)}
      {wrong && (
        <p class="field-error" role="alert">
          <Icon of={alert} small />{t(wrong === 'no share' ? 'noShare' : 'sureBelow')}
        </p>
      )}
      <div class="item-foot">
        <button type="submit" class="button button-main" aria-busy={saving.value}
          disabled={wrong !== null || typed.value === null || saving.value}>
          {t('save')}
        </button>
        {typed.value && (
          <button type="button" class="button" onClick={() => { typed.value = null }}>
            {t('cancel')}
          </button>
        )}
        {!isShipped.value && (
          <button type="button" class="button" onClick={() => void reset()}>{t('asShipped')}</button>
        )}
      </div>
    </form>
  )
}

function Limit({ name, of }: { name: keyof Limits; of: Gates }): JSX.Element {
  const id = `limit-${name}`
  const text = texts.value?.[name] ?? ''
  const put = (value: string): void => {
    const before = texts.peek()
    if (before) typed.value = { ...before, [name]: value }
  }
  return (
    <div class="limit">
      <label class="field-label" for={id}>{t(`limit_${name}`)}</label>
      <span class="limit-value">
        <input id={id} class="input" type="number" inputMode="decimal" min="0" max="100" step="any"
          value={text} aria-describedby={`${id}-help`}
          onInput={(event) => put(event.currentTarget.value)} />
        <span aria-hidden="true">%</span>
      </span>
      <p class="field-help" id={`${id}-help`}>
        {t(`limitHelp_${name}`, { share: percent(of.shipped[name]) })}
      </p>
    </div>
  )
}

/** What the limits do to the messages that were answered. */
function Evidence({ of }: { of: GateEvidence }): JSX.Element {
  const shares = [
    ['shownShare', of.shown_share], ['leakShare', of.leak_share], ['sureRight', of.sure_right],
  ] as const
  return (
    <div class="evidence">
      <h4>{t('evidence')}</h4>
      <p class="quiet">{t('answered', { n: figure(of.answered) })}</p>
      <dl>
        {shares.map(([name, share]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{share === null ? t('unknown') : percent(share)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Proposal({ of }: { of: Gates }): JSX.Element {
  const fit = proposed.value
  const { answered, needed } = of.evidence
  if (!of.fitted) {
    return (
      <div class="proposal-line">
        <p class="quiet">{t('notYet', { n: figure(answered), needed: figure(needed) })}</p>
        <progress class="progress" max={needed} value={Math.min(answered, needed)}
          aria-label={t('collected')} />
      </div>
    )
  }
  if (!fit) return <p class="quiet">{t('isFitted')}</p>
  return (
    <div class="proposal-line proposal-new">
      <Icon of={suggest} small />
      <p>{t('fitted', inPercent(fit))}</p>
      <button type="button" class="button button-main" disabled={saving.value}
        onClick={() => void set(fit)}>
        {t('takeFitted')}
      </button>
    </div>
  )
}
