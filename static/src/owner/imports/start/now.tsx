/** The card on top: the place for a file, or how far it is with the one that was chosen. */

import type { ComponentChildren, JSX } from 'preact'
import { where } from '../../address'
import { Icon } from '../../../shared/icon'
import { alert, done, offline, sheet, upload, type Shapes } from '../../../shared/icons'
import type { ImportProgress } from '../../../shared/import-wire'
import { keyName } from '../../../shared/keys'
import { figure } from '../../../shared/words'
import { SECTION as ENTRIES } from '../../entries/open'
import { find } from '../state/bringing'
import { leave, look, stage, type Chosen, type Stage, type Unread } from '../state/stage'
import { told } from '../why'
import { t } from '../words'
import { Counts } from './counts'
import { Pick } from './pick'
import { Undo } from './undo'

export const PASTE_KEY = { code: 'KeyV', ctrl: true } as const

export function Now(): JSX.Element | null {
  const now = stage.value
  switch (now.at) {
    case 'start': return <Place />
    case 'reading': return <Reading file={now.file} />
    case 'unread': return <NotRead file={now.file} why={now.why} />
    case 'importing': return <Importing of={now} />
    case 'done': return <Done of={now} />
    case 'lost': return <Lost progress={now.progress} />
    case 'look': return null
  }
}

function Place(): JSX.Element {
  return (
    <Card icon={upload} title={t('dropTitle')} look="now-place">
      <p>{t('dropHelp', { key: keyName(PASTE_KEY) })}</p>
      <p class="now-foot"><Pick main><Icon of={sheet} small />{t('pick')}</Pick></p>
      <ul class="now-kinds">
        {(['kindQianniu', 'kindWorkbook', 'kindFaq', 'kindLhc'] as const).map((kind) => (
          <li key={kind}>{t(kind)}</li>
        ))}
      </ul>
    </Card>
  )
}

function Reading({ file }: { file: Chosen }): JSX.Element {
  return (
    <Card icon={sheet} title={t('reading', { name: file.name })} live>
      <progress class="bar" aria-label={t('reading', { name: file.name })} />
      <p class="now-foot">
        <button type="button" class="button" onClick={leave}>{t('stop')}</button>
      </p>
    </Card>
  )
}

function NotRead({ file, why }: { file: Chosen; why: Unread }): JSX.Element {
  const { reasons, how, again } = told(file, why)
  return (
    <Card icon={alert} title={t('unread', { name: file.name })} look="now-wrong" live>
      {reasons.length > 0 && (
        <ul class="now-reasons">{reasons.map((one) => <li key={one}>{one}</li>)}</ul>
      )}
      {how && <p>{how}</p>}
      <p class="now-foot">
        {again && (
          <button type="button" class="button button-main" onClick={() => void look(file)}>
            {t('tryAgain')}
          </button>
        )}
        <Pick main={!again}>{t('pickOther')}</Pick>
        <button type="button" class="button" onClick={leave}>{t('close')}</button>
      </p>
    </Card>
  )
}

function Importing({ of }: { of: Extract<Stage, { at: 'importing' }> }): JSX.Element {
  const { done: ready, total } = of.progress
  const title = t('importing', { n: figure(of.rows) })
  return (
    <Card icon={sheet} title={title}>
      <p class="now-file">{of.look.file}</p>
      <progress class="bar" aria-label={title} {...(total > 0 && { max: total, value: ready })} />
      <p role="status">{total > 0 ? rowsDone(of.progress) : t('importingRead')}</p>
      <p class="quiet">{t('importingHelp')}</p>
    </Card>
  )
}

function Done({ of }: { of: Extract<Stage, { at: 'done' }> }): JSX.Element {
  return (
    <Card icon={done} title={t('importDone')} look="now-done" live>
      <p class="now-file">{of.record.file}</p>
      <Counts of={of.record} />
      <p class="now-foot">
        <Pick main>{t('importMore')}</Pick>
        <a class="button" href={where(ENTRIES)}>{t('seeEntries')}</a>
        <Undo of={of.record} then={leave} />
      </p>
    </Card>
  )
}

function Lost({ progress }: { progress: ImportProgress }): JSX.Element {
  const { done: ready, total } = progress
  return (
    <Card icon={offline} title={t('lost')} look="now-wrong" live>
      <p>
        {total > 0
          ? t('lostHelp', { done: figure(ready), total: figure(total) }) : t('lostEarly')}
      </p>
      <p class="now-foot">
        <button type="button" class="button button-main" onClick={() => void find()}>
          {t('lookNow')}
        </button>
        <button type="button" class="button" onClick={leave}>{t('close')}</button>
      </p>
    </Card>
  )
}

function Card({ icon, title, look: also = '', live = false, children }: {
  icon: Shapes
  title: string
  look?: string
  live?: boolean
  children: ComponentChildren
}): JSX.Element {
  return (
    <section class={`card now ${also}`} role={live ? 'status' : undefined}>
      <h2 class="now-title"><Icon of={icon} />{title}</h2>
      {children}
    </section>
  )
}

function rowsDone({ done: ready, total }: ImportProgress): string {
  return t('importingDone', { done: figure(ready), total: figure(total) })
}
