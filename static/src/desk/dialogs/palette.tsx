/** Ctrl+K: every command and every talk by a few letters of its name. */

import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { bubble, command as commandIcon, type Shapes } from '../../shared/icons'
import { commands, type Command } from '../commands'
import { composing, keyName } from '../../shared/keys'
import { Dialog } from '../../shared/parts/dialog'
import { SECTIONS, sections } from '../state/conversations'
import { dialog } from '../state/dialogs'
import { openConversation, section } from '../state/selection'
import { t } from '../words'

interface Choice {
  id: string
  icon: Shapes
  name: string
  more: string
  key?: string
  run: () => void
}

const SHOWN = 12

export function PaletteDialog(): JSX.Element {
  const [wanted, setWanted] = useState('')
  const [at, setAt] = useState(0)
  const found = choices(wanted.trim().toLowerCase()).slice(0, SHOWN)
  useEffect(() => setAt(0), [wanted])
  useEffect(() => {
    document.getElementById(`palette-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const leave = (): void => { dialog.value = null }
  const run = (choice: Choice): void => {
    leave()
    queueMicrotask(choice.run)
  }
  const pressed = (event: KeyboardEvent): void => {
    if (composing(event)) return
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
    const chosen = found[at]
    if (to !== undefined && found.length > 0) setAt((to + found.length) % found.length)
    else if (event.key === 'Enter' && chosen) run(chosen)
    else if (event.code === 'KeyK' && (event.ctrlKey || event.metaKey)) leave()
    else return
    event.preventDefault()
  }
  return (
    <Dialog title={t('cmdPalette')} class="dialog-palette" leave={leave}>
      <div class="palette">
        <input class="input" type="text" role="combobox" aria-expanded="true" autoFocus
          aria-controls="palette-list" aria-activedescendant={`palette-${at}`}
          aria-label={t('cmdPalette')} placeholder={t('paletteHint')} value={wanted}
          onKeyDown={pressed}
          onInput={(event) => setWanted(event.currentTarget.value)} />
        <ul id="palette-list" class="palette-list" role="listbox" aria-label={t('cmdPalette')}>
          {found.map((choice, place) => (
            <li key={choice.id} id={`palette-${place}`} class="menu-item" role="option"
              aria-selected={place === at} onMouseEnter={() => setAt(place)}
              onClick={() => run(choice)}>
              <Icon of={choice.icon} small />
              <span class="palette-name">{choice.name}</span>
              <span class="quiet palette-more">{choice.more}</span>
              {choice.key && <kbd class="key">{choice.key}</kbd>}
            </li>
          ))}
        </ul>
        {found.length === 0 && <p class="side-note">{t('nothingFound')}</p>}
      </div>
    </Dialog>
  )
}

function choices(wanted: string): Choice[] {
  return [...deeds(), ...talks()].filter(({ name, more }) =>
    `${name} ${more}`.toLowerCase().includes(wanted))
}

function deeds(): Choice[] {
  return Object.entries<Command>(commands)
    .filter(([id, { can }]) => id !== 'palette' && can())
    .map(([id, { label, keys, run }]) => ({
      id, icon: commandIcon, name: t(label), more: '', run,
      ...(keys[0] && { key: keyName(keys[0]) }),
    }))
}

function talks(): Choice[] {
  return SECTIONS.flatMap((where) => sections.value[where].map((talk) => ({
    id: talk.id, icon: bubble, name: talk.contact.name, more: talk.preview?.text.slice(0, 40) ?? '',
    run: () => {
      section.value = where
      openConversation(talk.id)
    },
  })))
}
