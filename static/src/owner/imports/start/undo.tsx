/** Taking an import back: asked where it stands, and again where entries have changed since. */

import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChangedSince, ImportRecord } from '../../../shared/import-wire'
import { Icon } from '../../../shared/icon'
import { recall } from '../../../shared/icons'
import { figure } from '../../../shared/words'
import { takeBack } from '../state/records'
import { t } from '../words'

const NAMED = 8

interface UndoProps { of: ImportRecord; small?: boolean; then?: () => void }

export function Undo({ of, small = false, then }: UndoProps): JSX.Element | null {
  const [asking, ask] = useState(false)
  if (!of.undo || of.undone_at) return null
  return asking ? <Asked of={of} leave={() => ask(false)} {...(then && { then })} /> : (
    <button type="button" class={`button ${small ? 'button-s' : ''}`} onClick={() => ask(true)}>
      <Icon of={recall} small />{t('undoThis')}
    </button>
  )
}

function Asked({ of, leave, then }: {
  of: ImportRecord
  leave: () => void
  then?: () => void
}): JSX.Element {
  const [running, setRunning] = useState(false)
  const [found, setFound] = useState<ChangedSince | string | null>(null)
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [found])
  const run = async (keep: boolean): Promise<void> => {
    setRunning(true)
    const met = await takeBack(of, keep)
    setRunning(false)
    setFound(met)
    if (met === null) (then ?? leave)()
  }
  const changed = found !== null && typeof found !== 'string'
  return (
    <span class="undo" role="group" aria-label={t('undoAsk', { file: of.file })}
      onKeyDown={(event) => { if (event.key === 'Escape') leave() }}>
      <Said of={of} found={found} />
      <span class="undo-foot">
        {typeof found !== 'string' && (
          <button ref={first} type="button" class="button button-s button-main" disabled={running}
            aria-busy={running} onClick={() => void run(changed)}>
            {t(running ? 'undoing' : changed ? 'undoRest' : 'undoYes')}
          </button>
        )}
        <button type="button" class="button button-s" onClick={leave}>
          {t(typeof found === 'string' ? 'close' : 'undoNo')}
        </button>
      </span>
    </span>
  )
}

function Said({ of, found }: {
  of: ImportRecord
  found: ChangedSince | string | null
}): JSX.Element {
  if (typeof found === 'string') return <span role="alert">{found}</span>
  if (!found) {
    const { new: fresh, changed } = of.counts
    return <span>{t('undoHelp', { new: figure(fresh), changed: figure(changed) })}</span>
  }
  const { entries } = found
  const names = entries.slice(0, NAMED).map(({ question }) => question).join(t('comma'))
  return (
    <span role="alert">
      {t('undoChanged', { n: entries.length })} <b>{names}</b>
      {entries.length > NAMED && ` ${t('undoChangedMore')}`}
    </span>
  )
}
