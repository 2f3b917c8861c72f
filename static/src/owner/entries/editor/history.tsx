/** What an entry was before: who changed what and when, each step with the way back to it. */

import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { EntryHistory, EntryRevision, EntryStep } from '../../../shared/entry-wire'
import { serverTime } from '../../../shared/clock'
import { get, HttpError } from '../../../shared/http'
import { Icon } from '../../../shared/icon'
import { more } from '../../../shared/icons'
import { Dialog } from '../../../shared/parts/dialog'
import { fullTime, refused, shortTime } from '../../../shared/words'
import type { Entry } from '../../../shared/wire'
import { mayWrite } from '../../rights'
import { restore } from '../saving'
import { t } from '../words'
import { fieldName, valueText } from '../values'
import { Compared } from './compared'

export const historyShown = signal(false)

export function History({ of }: { of: Entry }): JSX.Element {
  const [steps, setSteps] = useState<readonly EntryStep[] | string | null>(null)
  const [older, setOlder] = useState(false)
  const load = async (before?: number): Promise<void> => {
    const page = before === undefined ? '' : `?before=${before}`
    try {
      const found = await get<EntryHistory>(`${address(of.id)}${page}`)
      const known = before !== undefined && Array.isArray(steps) ? steps : []
      setSteps([...known, ...found.items])
      setOlder(found.more)
    } catch (reason) {
      if (!(reason instanceof HttpError)) throw reason
      setSteps(refused(reason.refusal))
    }
  }
  useEffect(() => void load(), [of.id, of.revision])
  return (
    <Dialog title={t('history')} class="dialog-side" leave={() => { historyShown.value = false }}>
      <div class="dialog-body">
        {steps === null && <p role="status">{t('loading')}</p>}
        {typeof steps === 'string' && <p class="alert" role="alert">{steps}</p>}
        {Array.isArray(steps) && (
          <ol class="steps">
            {(steps as readonly EntryStep[]).map((step, at) => (
              <Step key={step.revision} of={of} step={step} first={at === 0} />
            ))}
          </ol>
        )}
        {older && Array.isArray(steps) && (
          <button type="button" class="button" onClick={() => void load(steps.at(-1)?.revision)}>
            {t('earlierSteps')}
          </button>
        )}
      </div>
    </Dialog>
  )
}

function Step({ of, step, first }: { of: Entry; step: EntryStep; first: boolean }): JSX.Element {
  const [open, setOpen] = useState(first)
  const fields = step.fields.map(fieldName).join(t('comma'))
  return (
    <li class="step">
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Icon of={more} small />
          <b>{step.by?.name ?? t('byFile')}</b>
          <span class="chip">{t(`change_${step.change}`)}</span>
          <time class="quiet" dateTime={step.at} title={fullTime(step.at)}>
            {shortTime(step.at, new Date(serverTime()))}
          </time>
          {step.change === 'changed' && !open && <span class="step-fields">{fields}</span>}
        </summary>
        {open && <Changes of={of} step={step} />}
      </details>
      {mayWrite && !first && step.change !== 'deleted' && (
        <button type="button" class="button button-s"
          onClick={() => void restore(of.id, step.revision)}>
          {t('restoreThis')}
        </button>
      )}
    </li>
  )
}

function Changes({ of, step }: { of: Entry; step: EntryStep }): JSX.Element {
  const [found, setFound] = useState<EntryRevision | string | null>(null)
  useEffect(() => {
    get<EntryRevision>(`${address(of.id)}/${step.revision}`).then(setFound, (reason: unknown) => {
      if (!(reason instanceof HttpError)) throw reason
      setFound(refused(reason.refusal))
    })
  }, [step.revision])
  if (found === null) return <p class="quiet">{t('loading')}</p>
  if (typeof found === 'string') return <p class="field-error">{found}</p>
  const changed = Object.entries(found.diff)
  if (changed.length === 0) return <p class="quiet">{t('nothingChanged')}</p>
  return (
    <dl class="changes">
      {changed.map(([field, { before, after }]) => (
        <div key={field}>
          <dt>{fieldName(field)}</dt>
          <dd><Compared before={valueText(field, before)} after={valueText(field, after)} /></dd>
        </div>
      ))}
    </dl>
  )
}

function address(id: string): string {
  return `/api/entries/${encodeURIComponent(id)}/history`
}
