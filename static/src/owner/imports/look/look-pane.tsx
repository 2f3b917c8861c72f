/** What a file would do, before it does it: in figures, row by row, and one row whole. */

import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon } from '../../../shared/icon'
import { alert, close, inbox, search, sheet, warning } from '../../../shared/icons'
import { keyName } from '../../../shared/keys'
import { Empty } from '../../../shared/parts/empty'
import { figure } from '../../../shared/words'
import { lendKeys } from '../../keyboard'
import { Pick } from '../start/pick'
import { bring } from '../state/bringing'
import { leave, look as lookAgain, type Stage } from '../state/stage'
import {
  cursor, filter, FILTERS, moveTo, opened, rows, show, shown, tick, tickAll, ticked, tickedTogether,
  tickRange, together, toggle, type Filter,
} from '../state/ticks'
import { LongList, type Deeds } from '../../parts/long-list'
import { t } from '../words'
import { Detail } from './detail'
import { Row } from './row'
import { bringsWords, saidOfFile } from './said'
import { chosenSide, chooseByKey } from './sides'

type Seen = Extract<Stage, { at: 'look' }>

const IMPORT_KEY = { code: 'Enter', ctrl: true } as const
const DEEDS: Deeds = {
  moveTo, toggle, markRange: tickRange, markAll: tickAll, open: () => { opened.value = true },
  pressed: chooseByKey, clicked: chosenSide,
}

export function LookPane({ of }: { of: Seen }): JSX.Element {
  useEffect(() => lendKeys(
    () => [{ label: () => t('keyImport'), key: IMPORT_KEY, run: () => run(of) }],
    () => [
      [['↑', '↓'], t('keyWalk')], [['Space'], t('keyTick')],
      [['Shift+↑', 'Shift+↓'], t('keyRange')], [['Ctrl+A'], t('keyAll')],
      [['←', '→'], t('keySides')],
    ],
  ), [of])
  return (
    <div class="look" data-opened={opened.value ? '' : undefined}>
      <Head of={of} />
      <Told of={of} />
      {rows.value.length === 0
        ? <Empty icon={inbox} title={t('emptyFile')} text={t('emptyFileHelp')} />
        : (
          <>
            <Figures of={of} />
            <div class="look-columns">
              <section class="look-rows" aria-label={t('rows')}><Bar /><Rows /></section>
              <Detail />
            </div>
          </>
        )}
    </div>
  )
}

function Head({ of }: { of: Seen }): JSX.Element {
  const { file, format } = of.look
  return (
    <header class="look-head">
      <Icon of={sheet} />
      <h2 title={file}>{file}</h2>
      <span class="chip">{t(`format_${format}`)}</span>
      <span class="look-tools">
        <Pick>{t('pickOther')}</Pick>
        <button type="button" class="icon-button" aria-label={t('leave')} title={t('leave')}
          onClick={leave}>
          <Icon of={close} />
        </button>
      </span>
      <button type="button" class="button button-main look-import" disabled={!ready(of)}
        title={t('hint', { label: t('keyImport'), key: keyName(IMPORT_KEY) })}
        onClick={() => run(of)}>
        {label(of)}
      </button>
    </header>
  )
}

/** What stands in the way, and what there is to know of the file as a whole. */
function Told({ of }: { of: Seen }): JSX.Element {
  const { file, look, trouble } = of
  const { counts, findings } = look
  const same = counts.unchanged > 0 && counts.unchanged === look.rows.length && !ready(of)
  return (
    <>
      {trouble && (
        <p class="told told-late" role="alert">
          <Icon of={alert} small /><span>{trouble}</span>
          <button type="button" class="button button-s" onClick={() => void lookAgain(file)}>
            {t('recheck')}
          </button>
        </p>
      )}
      {same && <p class="told" role="status">{t('allSame')}</p>}
      {findings.length > 0 && (
        <div class="told told-warn look-findings">
          <Icon of={warning} small />
          <ul aria-label={t('readable')}>
            {saidOfFile(findings).map((one) => <li key={one}>{one}</li>)}
          </ul>
        </div>
      )}
    </>
  )
}

function Figures({ of }: { of: Seen }): JSX.Element {
  const { counts, rows: all } = of.look
  const number = (one: Filter): number => one === 'all' ? all.length : counts[one]
  return (
    <div class="figures" role="group" aria-label={t('states')}>
      {FILTERS.map((one) => (
        <button key={one} type="button" class={`figure state-${one}`} disabled={number(one) === 0}
          aria-pressed={filter.value === one} onClick={() => show(one)}>
          <b>{figure(number(one))}</b><span>{t(`state_${one}`)}</span>
        </button>
      ))}
    </div>
  )
}

function Bar(): JSX.Element {
  const all = together.value.length
  const some = tickedTogether.value
  const facts = { n: figure(some), all: figure(all) }
  if (filter.value === 'conflicting') {
    return (
      <div class="look-bar">
        <button type="button" class="button button-s" onClick={() => tick(together.peek(), false)}>
          {t('allMine')}
        </button>
        <button type="button" class="button button-s" disabled={all === 0}
          onClick={() => tick(together.peek(), true)}>
          {t('allFile')}
        </button>
      </div>
    )
  }
  return (
    <div class="look-bar">
      {all > 0 && (
        <label class="look-all">
          <input type="checkbox" checked={some === all} onChange={tickAll}
            ref={(box) => { if (box) box.indeterminate = some > 0 && some < all }} />
          {t('tickAll')}
        </label>
      )}
      <p class="quiet" role="status">
        {all > 0 ? t('tickedOf', facts) : t('rowsOf', { n: figure(shown.value.length) })}
      </p>
    </div>
  )
}

function Rows(): JSX.Element {
  const list = shown.value
  if (list.length === 0) return <Empty icon={search} title={t('noneOfState')} />
  return (
    <LongList name="import" label={t('rows')} rows={list} cursor={cursor} deeds={DEEDS}
      row={(one, at) => <Row key={one.row} one={one} at={at} total={list.length} />} />
  )
}

function run(of: Seen): void {
  if (ready(of)) void bring()
}

function ready(of: Seen): boolean {
  return ticked.value.size > 0 || bringsWords(of.look.findings)
}

function label(of: Seen): string {
  const n = ticked.value.size
  if (n > 0) return t('import', { n: figure(n) })
  return t(bringsWords(of.look.findings) ? 'importWords' : 'nothingToImport')
}
