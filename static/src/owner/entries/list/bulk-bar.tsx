/** What is done to the selected entries at once. */

import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../../../shared/icon'
import { close, more } from '../../../shared/icons'
import { Dialog } from '../../../shared/parts/dialog'
import { Menu, MenuItem } from '../../../shared/parts/menu'
import { mayWrite } from '../../rights'
import { markedIds, markNone } from '../state/marked'
import { tags } from '../state/tags'
import { changeMarked, type Alike } from '../state/together'
import { paths } from '../state/tree'
import { t, type Phrase } from '../words'

type Asking = 'move' | 'addTags' | 'removeTags'

const asking = signal<Asking | null>(null)

export function BulkBar(): JSX.Element {
  return (
    <>
      <button type="button" class="icon-button" aria-label={t('markNone')} title={t('markNone')}
        onClick={markNone}>
        <Icon of={close} small />
      </button>
      <p class="list-marked" role="status">{t('marked', { n: markedIds.value.length })}</p>
      {mayWrite && (
        <>
          <button type="button" class="button button-s" onClick={() => { asking.value = 'move' }}>
            {t('move')}
          </button>
          <Menu label={t('bulkMore')} class="button button-s" button={(
            <>{t('bulkMore')}<Icon of={more} small /></>
          )}>
            <MenuItem run={() => void changeMarked({ enabled: true })}>{t('enable')}</MenuItem>
            <MenuItem run={() => void changeMarked({ enabled: false })}>{t('disable')}</MenuItem>
            <div class="menu-line" />
            <MenuItem run={() => { asking.value = 'addTags' }}>{t('addTags')}</MenuItem>
            <MenuItem run={() => { asking.value = 'removeTags' }}>{t('removeTags')}</MenuItem>
          </Menu>
        </>
      )}
      {asking.value && <Ask key={asking.value} what={asking.value} />}
    </>
  )
}

const LABELS: Readonly<Record<Asking, Phrase>> = {
  move: 'category', addTags: 'tagsAsked', removeTags: 'tagsAsked',
}

function Ask({ what }: { what: Asking }): JSX.Element {
  const [text, setText] = useState('')
  const leave = (): void => { asking.value = null }
  const run = (event: Event): void => {
    event.preventDefault()
    leave()
    void changeMarked(changeOf(what, text))
  }
  const known = what === 'move' ? paths.value : tags.value
  return (
    <Dialog title={t(what)} leave={leave}>
      <form class="dialog-body" onSubmit={run}>
        <label class="field">
          <span class="field-label">{t(LABELS[what])}</span>
          <input class="input" list="bulk-known" autoFocus autocomplete="off" value={text}
            required={what !== 'move'} onInput={(event) => setText(event.currentTarget.value)} />
          <datalist id="bulk-known">
            {known.map((one) => <option key={one} value={one} />)}
          </datalist>
        </label>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={leave}>{t('cancel')}</button>
          <button type="submit" class="button button-main">
            {t('applyTo', { n: markedIds.value.length })}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function changeOf(what: Asking, text: string): Alike {
  if (what === 'move') return { category: text.trim() }
  const tags = text.split(/[,，、;；]/).map((one) => one.trim()).filter(Boolean)
  return what === 'addTags' ? { add_tags: tags } : { remove_tags: tags }
}
