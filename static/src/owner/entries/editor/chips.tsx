/** Tags and other entries, as chips: typed or picked, each taken off by its cross. */

import type { JSX, TargetedKeyboardEvent } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../../../shared/icon'
import { close } from '../../../shared/icons'
import { composing } from '../../../shared/keys'
import { Offers, offersFor, takesFirst } from '../../parts/finder'
import { byId } from '../../state/shelf'
import { openEntry } from '../open'
import { bound, openId } from '../state/opened'
import { tags } from '../state/tags'
import { t } from '../words'
import { Frame } from './frame'

export function Tags(): JSX.Element {
  const of = bound('tags')
  const [text, setText] = useState('')
  const add = (): void => {
    const more = text.split(/[,，、;；]/).map((one) => one.trim()).filter(Boolean)
    if (more.length > 0) of.set([...new Set([...of.value, ...more])])
    setText('')
  }
  const pressed = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    if (composing(event)) return
    if (event.key === 'Enter' || event.key === '，' || event.key === ',') {
      event.preventDefault()
      add()
    } else if (event.key === 'Backspace' && !text) of.set(of.value.slice(0, -1))
  }
  return (
    <Frame of={of} label={t('field_tags')}>
      <div class="chips">
        {of.value.map((tag) => (
          <Chip key={tag} words={tag} readOnly={of.readOnly}
            drop={() => of.set(of.value.filter((one) => one !== tag))} />
        ))}
        {!of.readOnly && (
          <input id={of.id} class="chips-input" list="known-tags" value={text} autocomplete="off"
            placeholder={of.value.length > 0 ? '' : t('tagsHint')} onKeyDown={pressed} onBlur={add}
            onInput={(event) => setText(event.currentTarget.value)} />
        )}
        <datalist id="known-tags">
          {tags.value.map((tag) => <option key={tag} value={tag} />)}
        </datalist>
      </div>
    </Frame>
  )
}

export function Related(): JSX.Element {
  const of = bound('related')
  const [text, setText] = useState('')
  const offered = offersFor(text, [openId.value, ...of.value])
  const pick = (id: string): void => {
    of.set([...of.value, id])
    setText('')
  }
  return (
    <Frame of={of} label={t('field_related')} help={t('relatedHelp')}>
      <div class="chips">
        {of.value.map((id) => (
          <Chip key={id} words={byId.value.get(id)?.question ?? id} readOnly={of.readOnly}
            open={() => openEntry(id)} drop={() => of.set(of.value.filter((one) => one !== id))} />
        ))}
        {!of.readOnly && (
          <input id={of.id} class="chips-input" value={text} autocomplete="off"
            placeholder={t('relatedHint')}
            onKeyDown={(event) => takesFirst(event, offered, pick)}
            onInput={(event) => setText(event.currentTarget.value)} />
        )}
      </div>
      <Offers of={offered} pick={pick} />
    </Frame>
  )
}

function Chip({ words, readOnly, drop, open }: {
  words: string
  readOnly: boolean
  drop: () => void
  open?: () => void
}): JSX.Element {
  return (
    <span class="chip chip-large">
      {open ? <button type="button" class="chip-open" onClick={open}>{words}</button> : words}
      {!readOnly && (
        <button type="button" class="chip-drop" aria-label={t('dropLine', { text: words })}
          onClick={drop}>
          <Icon of={close} small />
        </button>
      )}
    </span>
  )
}
