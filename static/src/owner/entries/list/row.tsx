/** One entry in the list: its question, the beginning of its answer, what is special about it. */

import type { JSX } from 'preact'
import { kindName } from '../../../shared/channel'
import { Icon } from '../../../shared/icon'
import { answered, clock, flame, off, user } from '../../../shared/icons'
import type { Entry } from '../../../shared/wire'
import { place } from '../../address'
import { isPersonal } from '../state/filter'
import { cursor, marked } from '../state/marked'
import { days, standing } from '../state/standing'
import { hasDraft } from '../state/drafts'
import { t } from '../words'
import { ROW_PX } from '../../parts/rows'

export interface RowProps { entry: Entry; at: number; total: number }

export function Row({ entry, at, total }: RowProps): JSX.Element {
  const chosen = marked.value.has(entry.id)
  const now = standing(entry, days())
  const quiet = now === 'disabled' || now === 'expired'
  return (
    <li id={`entry-${at}`} class="entry" role="option" aria-selected={chosen} data-at={at}
      aria-setsize={total} aria-posinset={at + 1} data-cursor={at === cursor.value ? '' : undefined}
      data-open={entry.id === place.value.id ? '' : undefined} data-quiet={quiet ? '' : undefined}
      style={{ top: `${at * ROW_PX}px` }}>
      <span class="entry-box" data-box aria-hidden="true">
        {chosen && <Icon of={answered} small />}
      </span>
      <span class="entry-line">
        <b class="entry-question">{entry.question}</b>
        {entry.shortcut && <kbd class="key">{entry.shortcut}</kbd>}
      </span>
      <span class="entry-line">
        <span class="entry-answer">{entry.answer}</span>
        <Marks entry={entry} />
      </span>
    </li>
  )
}

function Marks({ entry }: { entry: Entry }): JSX.Element {
  const now = standing(entry, days())
  const [first, ...others] = entry.channels
  return (
    <>
      {hasDraft(entry.id) && <span class="chip chip-warn">{t('draft')}</span>}
      {entry.hot && <Sign of={flame} says={t('hot')} look="entry-hot" />}
      {isPersonal(entry) && <Sign of={user} says={t('personal')} />}
      {now === 'disabled' && (
        <span class="chip"><Icon of={off} small />{t('standing_disabled')}</span>
      )}
      {(now === 'expired' || now === 'expiring' || now === 'upcoming') && (
        <span class={now === 'expired' ? 'chip chip-late' : 'chip chip-warn'}>
          <Icon of={clock} small />{t(`standing_${now}`)}
        </span>
      )}
      {first && (
        <span class="chip" title={entry.channels.map(kindName).join(t('comma'))}>
          {kindName(first)}{others.length > 0 && ` +${others.length}`}
        </span>
      )}
    </>
  )
}

function Sign({ of, says, look = '' }: {
  of: Parameters<typeof Icon>[0]['of']
  says: string
  look?: string
}): JSX.Element {
  return (
    <span class={`entry-sign ${look}`} title={says}>
      <Icon of={of} small /><span class="sr-only">{says}</span>
    </span>
  )
}
