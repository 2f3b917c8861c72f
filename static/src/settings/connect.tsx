/** What the other side must be told of an inbox, and whether the two have found each other. */

import type { JSX } from 'preact'
import { boot } from '../shared/boot'
import { HttpError } from '../shared/http'
import { Icon } from '../shared/icon'
import { alert, done, retry, warning, type Shapes } from '../shared/icons'
import type { InboxSettings, Level } from '../shared/inbox-wire'
import { refused } from '../shared/words'
import { CopyButton } from './copying'
import { check, checks, forms } from './inboxes'
import { t } from './words'

/** What stands before our paths, as others must write it. */
const OUTSIDE = boot.address || location.origin
const SIGNS: Readonly<Record<Level, Shapes>> = { ok: done, warning, error: alert }

export function Connect({ inbox, dirty }: { inbox: InboxSettings; dirty: boolean }): JSX.Element {
  const checkable = forms.value.find(({ kind }) => kind === inbox.kind)?.check === true
  return (
    <section class="card settings-connect" aria-label={t('connect')}>
      {inbox.hook && (
        <Shown id="callback" label={t('callback')} copyLabel={t('copyIt', { what: t('callback') })}
          text={`${OUTSIDE}${inbox.hook}`}
          help={t(inbox.kind === 'webhook' ? 'callbackHelp' : 'callbackWechat')} />
      )}
      {inbox.kind === 'widget' && (
        <Shown id="snippet" label={t('snippet')} copyLabel={t('copyIt', { what: t('snippet') })}
          text={snippet(inbox.key)} help={t('snippetHelp')} />
      )}
      {(inbox.kind === 'wechat' || inbox.kind === 'wecom') && (
        <p class="settings-plain">{t('plainRefused')}</p>
      )}
      {checkable && <Check inbox={inbox} dirty={dirty} />}
    </section>
  )
}

interface ShownProps { id: string; label: string; copyLabel: string; text: string; help: string }

function Shown({ id, label, copyLabel, text, help }: ShownProps): JSX.Element {
  return (
    <div class="field">
      <label class="field-label" for={id}>{label}</label>
      <div class="settings-input">
        <input id={id} class="input settings-code" readOnly value={text}
          onFocus={(event) => event.currentTarget.select()} />
        <CopyButton text={text} label={copyLabel} />
      </div>
      <p class="quiet">{help}</p>
    </div>
  )
}

function Check({ inbox, dirty }: { inbox: InboxSettings; dirty: boolean }): JSX.Element {
  const told = checks.value[inbox.id]
  const running = told === 'running'
  return (
    <div class="settings-check-box">
      <button type="button" class="button" disabled={running} onClick={() => void check(inbox.id)}>
        <Icon of={retry} small />{running ? t('checking') : t('checkNow')}
      </button>
      {dirty && <p class="quiet">{t('checksSaved')}</p>}
      <div role="status" class="settings-findings">
        {told instanceof HttpError && <p class="settings-fault">{refused(told.refusal)}</p>}
        {told !== undefined && typeof told === 'object' && 'findings' in told && (
          <ul>
            {told.findings.map(({ level, message }) => (
              <li key={message} class={`settings-finding level-${level}`}>
                <Icon of={SIGNS[level]} small />
                <span class="sr-only">{t(`level_${level}`)}</span>
                <span>{message}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

function snippet(key: string): string {
  return `<script async src="${OUTSIDE}/widget.js" data-inbox="${key}"></script>`
}
