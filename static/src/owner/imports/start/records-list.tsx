/** What was imported before, the newest first, each with its way back. */

import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { serverTime } from '../../../shared/clock'
import { clock } from '../../../shared/icons'
import type { ImportRecord } from '../../../shared/import-wire'
import { Empty } from '../../../shared/parts/empty'
import { fullTime, shortTime } from '../../../shared/words'
import { loadRecords, records, recordsState } from '../state/records'
import { t } from '../words'
import { Counts } from './counts'
import { Undo } from './undo'

export function RecordsList(): JSX.Element {
  useEffect(() => void loadRecords(), [])
  return (
    <section class="card records" aria-labelledby="records-title">
      <h2 id="records-title">{t('records')}</h2>
      <Listed />
    </section>
  )
}

function Listed(): JSX.Element {
  if (recordsState.value === 'loading') {
    return (
      <div class="records-loading" role="status">
        <span class="sr-only">{t('loading')}</span>
        {[0, 1, 2].map((place) => <div key={place} class="skeleton" />)}
      </div>
    )
  }
  if (recordsState.value === 'failed') {
    return (
      <Empty icon={clock} title={t('loadFailed')}>
        <button type="button" class="button" onClick={() => void loadRecords()}>
          {t('retry')}
        </button>
      </Empty>
    )
  }
  if (records.value.length === 0) {
    return <Empty icon={clock} title={t('noRecords')} text={t('noRecordsHelp')} />
  }
  return (
    <ol class="records-list">
      {records.value.map((one) => <OneRecord key={one.id} of={one} />)}
    </ol>
  )
}

function OneRecord({ of }: { of: ImportRecord }): JSX.Element {
  const today = new Date(serverTime())
  return (
    <li class="record" data-undone={of.undone_at ? '' : undefined}>
      <p class="record-line">
        <b class="record-file" title={of.file}>{of.file}</b>
        <span class="chip">{t(`format_${of.format}`)}</span>
      </p>
      <Counts of={of} />
      <p class="record-line quiet">
        <time dateTime={of.at} title={fullTime(of.at)}>{shortTime(of.at, today)}</time>
        <span>{of.by?.name ?? t('bySystem')}</span>
        {of.undone_at && (
          <span title={fullTime(of.undone_at)}>
            {t('undoneAt', { at: shortTime(of.undone_at, today) })}
          </span>
        )}
      </p>
      <Undo of={of} small />
    </li>
  )
}
