/** The right column: one entry, in the order in which people think of it. */

import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { boot } from '../../../shared/boot'
import { KINDS, kindName } from '../../../shared/channel'
import { Icon } from '../../../shared/icon'
import { book, pencil, plus } from '../../../shared/icons'
import { Empty } from '../../../shared/parts/empty'
import { mayWrite } from '../../rights'
import { shelf, shelfState } from '../../state/shelf'
import { closeEntry, newEntry } from '../open'
import { conflict } from '../saving'
import { hasDraft } from '../state/drafts'
import { entry, isNew, openId } from '../state/opened'
import { paths } from '../state/tree'
import { t } from '../words'
import { WEEK, weekday } from '../values'
import { Answer, Variants } from './answer'
import { Related, Tags } from './chips'
import { Head } from './head'
import { History, historyShown } from './history'
import { Merge } from './merge'
import { Pictures } from './pictures'
import { Preview } from './preview'
import { Area, Day, Line, Some, Switch } from './simple'
import { Texts } from './texts'

export function EditorPane(): JSX.Element {
  const id = openId.value
  const there = entry.value
  useEffect(() => {
    historyShown.value = false
    conflict.value = null
  }, [id])
  const open = id !== '' && (there || isNew.value || hasDraft(id))
  return (
    <section class="editor" aria-label={t('editor')}>
      {open ? (
        <>
          <Head />
          <form key={id} class="form" onSubmit={(event) => event.preventDefault()}>
            <Asked />
            <Answered />
            <Filed />
            <Used />
            <Inside />
          </form>
        </>
      ) : <Nothing id={id} />}
      {there && historyShown.value && <History of={there} />}
      {conflict.value?.id === id && (
        <Merge key={conflict.value.theirs.revision} of={conflict.value} />
      )}
    </section>
  )
}

function Nothing({ id }: { id: string }): JSX.Element {
  if (id && shelfState.value === 'ready') {
    return (
      <Empty icon={book} title={t('entryGone')} text={t('entryGoneHelp')}>
        <button type="button" class="button" onClick={closeEntry}>{t('back')}</button>
      </Empty>
    )
  }
  return (
    <Empty icon={pencil} title={t('pickOne')} text={t(mayWrite ? 'pickOneHelp' : 'pickOneRead')}>
      {mayWrite && (
        <button type="button" class="button" onClick={newEntry}>
          <Icon of={plus} small />{t('newEntry')}
        </button>
      )}
    </Empty>
  )
}

function Part({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="form-part">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Asked(): JSX.Element {
  return (
    <Part title={t('part_asked')}>
      <Line field="question" label={t('field_question')} placeholder={t('questionHint')} />
      <Texts field="similar" label={t('field_similar')} help={t('similarHelp')}
        adds={t('addSimilar')} />
      <Texts field="negative" label={t('field_negative')} help={t('negativeHelp')}
        adds={t('addNegative')} />
    </Part>
  )
}

function Answered(): JSX.Element {
  return (
    <Part title={t('part_answered')}>
      <Answer />
      <Pictures />
      <Variants />
      <Preview />
    </Part>
  )
}

function Filed(): JSX.Element {
  return (
    <Part title={t('part_filed')}>
      <div class="form-row">
        <Line field="category" label={t('field_category')} help={t('categoryHelp')}
          list={paths.value} />
        <Line field="shortcut" label={t('field_shortcut')} help={t('shortcutHelp')} />
      </div>
      <Tags />
      <Switch field="hot" label={t('field_hot')} help={t('hotHelp')} />
    </Part>
  )
}

function Used(): JSX.Element {
  const groups = boot.team?.groups ?? []
  return (
    <Part title={t('part_used')}>
      <div class="form-row">
        <Day field="valid_from" label={t('field_valid_from')} />
        <Day field="valid_to" label={t('field_valid_to')} />
      </div>
      <Some field="weekdays" label={t('field_weekdays')} help={t('weekdaysHelp')}
        options={WEEK.map((day) => [day, weekday(day)] as const)} />
      <Some field="channels" label={t('field_channels')} help={t('channelsHelp')}
        options={KINDS.map((kind) => [kind, kindName(kind)] as const)} />
      <Some field="groups" label={t('field_groups')} help={t('groupsHelp')}
        options={groups.map((name) => [name, name] as const)} />
      <Switch field="auto_reply" label={t('field_auto_reply')} help={t('autoReplyHelp')} />
    </Part>
  )
}

function Inside(): JSX.Element {
  const owners = [...new Set([
    ...boot.team?.agents ?? [],
    ...shelf.value.flatMap((one) => one.owner),
  ])].filter(Boolean)
  return (
    <Part title={t('part_inside')}>
      <Line field="owner" label={t('field_owner')} list={owners} />
      <Related />
      <Area field="note" label={t('field_note')} help={t('noteHelp')} />
    </Part>
  )
}
