/** Above the form: what is open, whether it is in use, and what can be done with it. */

import type { JSX } from 'preact'
import { serverTime } from '../../../shared/clock'
import { Icon } from '../../../shared/icon'
import { alert, back, clock, copy, more, note, trash, warning } from '../../../shared/icons'
import { keyName } from '../../../shared/keys'
import { notify } from '../../../shared/notices'
import { Menu, MenuItem } from '../../../shared/parts/menu'
import { shortTime } from '../../../shared/words'
import { mayWrite } from '../../rights'
import { closeEntry, duplicate } from '../open'
import { deleteEntry, join, save, saving, setEnabled } from '../saving'
import { discard, keep, kept } from '../state/drafts'
import { draft, entry, form, isGone, isNew, openId } from '../state/opened'
import { t } from '../words'
import { historyShown } from './history'

export const SAVE_KEY = { code: 'KeyS', ctrl: true } as const

export function Head(): JSX.Element {
  const there = entry.value
  const title = form.value.question || t('newEntry')
  return (
    <header class="editor-head">
      <div class="editor-title">
        <button type="button" class="icon-button editor-back" aria-label={t('back')}
          title={t('back')} onClick={closeEntry}>
          <Icon of={back} />
        </button>
        <h2 title={title}>{title}</h2>
        {there && !isGone.value && <><Enabled on={there.enabled} /><More id={there.id} /></>}
        {mayWrite && (
          <button type="button" class="button button-main" aria-busy={saving.value}
            disabled={!draft.value}
            title={t('hint', { label: t('save'), key: keyName(SAVE_KEY) })}
            onClick={() => void save()}>
            {t(saving.value ? 'savingNow' : 'save')}
          </button>
        )}
      </div>
      <Told />
    </header>
  )
}

function Enabled({ on }: { on: boolean }): JSX.Element {
  return (
    <label class="switch switch-small" title={t('enabledHelp')}>
      <input type="checkbox" role="switch" checked={on} disabled={!mayWrite}
        onChange={(event) => void setEnabled(event.currentTarget.checked)} />
      <span>{t('field_enabled')}</span>
    </label>
  )
}

function More({ id }: { id: string }): JSX.Element {
  return (
    <Menu label={t('more')} class="button editor-more" button={(
      <><span>{t('more')}</span><Icon of={more} small /></>
    )}>
      <MenuItem run={() => { historyShown.value = true }}>
        <Icon of={clock} small />{t('history')}
      </MenuItem>
      {mayWrite && (
        <>
          <MenuItem run={() => duplicate(id)}><Icon of={copy} small />{t('duplicate')}</MenuItem>
          <div class="menu-line" />
          <MenuItem run={() => void deleteEntry()}><Icon of={trash} small />{t('delete')}</MenuItem>
        </>
      )}
    </Menu>
  )
}

/** What one should know before writing on. */
function Told(): JSX.Element {
  const mine = draft.value
  const there = entry.value
  const stale = mine && there && !isGone.value && mine.revision !== there.revision
  return (
    <>
      {!mayWrite && (
        <p class="told"><Icon of={note} small />{t('readOnly')}</p>
      )}
      {mine && !isNew.value && (
        <p class="told told-draft" role="status">
          <Icon of={note} small />
          <span>{t(mine.found ? 'draftFound' : 'draftKept', {
            at: shortTime(new Date(mine.at).toISOString(), new Date(serverTime())),
          })}</span>
          <Discard />
        </p>
      )}
      {mine && isNew.value && (
        <p class="told told-draft" role="status">
          <Icon of={note} small /><span>{t('newKept')}</span><Discard />
        </p>
      )}
      {!kept.value && (
        <p class="told told-late" role="alert"><Icon of={alert} small />{t('notKept')}</p>
      )}
      {isGone.value && (
        <p class="told told-warn" role="status">
          <Icon of={warning} small /><span>{t('goneNow')}</span>
        </p>
      )}
      {stale && (
        <p class="told told-warn" role="status">
          <Icon of={warning} small /><span>{t('changedMeanwhile')}</span>
          <button type="button" class="button button-s" onClick={() => { join(there.id, there) }}>
            {t('look')}
          </button>
        </p>
      )}
    </>
  )
}

function Discard(): JSX.Element {
  const run = (): void => {
    const id = openId.peek()
    const left = discard(id)
    if (isNew.peek()) closeEntry()
    if (!left) return
    notify({
      kind: 'done', text: t('discarded'),
      action: { label: t('bringBack'), run: () => keep(id, left) },
    })
  }
  return (
    <button type="button" class="button button-s" onClick={run}>{t('discard')}</button>
  )
}
