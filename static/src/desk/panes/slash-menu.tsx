/** The phrase menu of the composer: `/fh` finds 发货; arrows choose, Enter takes, Escape leaves. */

import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Entry } from '../../shared/wire'
import { findEntries } from '../state/entries'
import { openId } from '../state/selection'
import type { Slash } from '../state/slash'
import { saidIn } from '../state/wording'
import { t } from '../words'

const SHOWN = 8

export interface SlashChoice {
  open: boolean
  found: readonly Entry[]
  at: number
  move: (to: number) => void
  take: (entry: Entry) => void
  leave: () => void
}

export function useSlash(
  slash: Slash | null, take: (entry: Entry) => void, leave: () => void,
): SlashChoice {
  const [at, move] = useState(0)
  useEffect(() => move(0), [slash?.query, slash?.start])
  const found = slash ? findEntries(slash.query).slice(0, SHOWN) : []
  const within = Math.min(at, Math.max(0, found.length - 1))
  return { open: slash !== null, found, at: within, move, take, leave }
}

/** Whether the key belonged to the open menu. */
export function slashKey(event: KeyboardEvent, menu: SlashChoice): boolean {
  if (!menu.open) return false
  const { found, at } = menu
  const count = found.length
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
  const chosen = found[at]
  const plain = !event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey
  if (event.key === 'Escape') menu.leave()
  else if (to !== undefined && plain && count > 0) menu.move((to + count) % count)
  else if ((event.key === 'Enter' || event.key === 'Tab') && plain && chosen) menu.take(chosen)
  else return false
  event.preventDefault()
  event.stopPropagation()
  return true
}

export function SlashMenu({ menu }: { menu: SlashChoice }): JSX.Element {
  const id = openId.value ?? ''
  return (
    <div class="slash">
      <ul id="slash-menu" role="listbox" aria-label={t('tabPhrases')}>
        {menu.found.map((entry, place) => (
          <li key={entry.id} id={`slash-${place}`} class="menu-item slash-item" role="option"
            aria-selected={place === menu.at} onMouseDown={(event) => event.preventDefault()}
            onMouseEnter={() => menu.move(place)} onClick={() => menu.take(entry)}>
            {entry.shortcut && <kbd class="key">{entry.shortcut}</kbd>}
            {entry.personal && <span class="chip chip-accent">{t('ownPhrase')}</span>}
            <b class="slash-question">{entry.question}</b>
            <span class="slash-answer">{saidIn(id, entry)}</span>
          </li>
        ))}
      </ul>
      <p class="slash-help">{t(menu.found.length > 0 ? 'slashKeys' : 'slashNothing')}</p>
    </div>
  )
}
