/** The left column: whose talks, a search, and the rows, longest wait on top. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { agents, bubble, inbox, queue, search as searchIcon } from '../../shared/icons'
import type { Conversation } from '../../shared/wire'
import { channelName } from '../../shared/channel'
import { hint } from '../commands'
import { setAvailability, take } from '../deeds'
import { connected } from '../../shared/socket'
import { Empty } from '../../shared/parts/empty'
import { Tabs } from '../../shared/parts/tabs'
import { SECTIONS, sections, type Section } from '../state/conversations'
import { me, queueLength } from '../state/people'
import { search, section, unreadTalks } from '../state/selection'
import { t } from '../words'
import { Row } from './row'

/** More rows than anyone reads; the search finds the others. */
const SHOWN = 200

export function ListPane(): JSX.Element {
  const wanted = search.value.trim().toLowerCase()
  return (
    <nav class="list" aria-label={t('talks')}>
      <Tabs label={t('talks')} panel="list-panel" chosen={section.value}
        choose={(id) => { section.value = id }}
        tabs={SECTIONS.map((id) => ({
          id, label: t(`section_${id}`), count: sections.value[id].length,
          alarm: (id === 'mine' && unreadTalks.value > 0) || id === 'queue',
        }))} />
      <label class="search list-search">
        <span class="sr-only">{t('searchTalks')}</span>
        <Icon of={searchIcon} small />
        <input class="input" type="search" placeholder={t('searchTalks')} value={search.value}
          onInput={(event) => { search.value = event.currentTarget.value }} />
      </label>
      <div id="list-panel" class="list-rows" role="tabpanel"
        aria-labelledby={`list-panel-${section.value}`}>
        {wanted ? <Found wanted={wanted} /> : <SectionRows of={section.value} />}
      </div>
      <TakeNext />
    </nav>
  )
}

function SectionRows({ of }: { of: Section }): JSX.Element {
  const talks = sections.value[of]
  if (talks.length === 0) return <EmptySection of={of} />
  return <Rows talks={talks} />
}

/** A search goes through all three sections at once. */
function Found({ wanted }: { wanted: string }): JSX.Element {
  const found = SECTIONS.map((id) => ({
    id, talks: sections.value[id].filter((talk) => matches(talk, wanted)),
  })).filter(({ talks }) => talks.length > 0)
  if (found.length === 0) {
    return <Empty icon={searchIcon} title={t('nothingFound')} text={t('nothingFoundHelp')} />
  }
  return (
    <>
      {found.map(({ id, talks }) => (
        <section key={id}>
          <h3 class="list-heading">{t(`section_${id}`)}</h3>
          <Rows talks={talks} />
        </section>
      ))}
    </>
  )
}

function Rows({ talks }: { talks: readonly Conversation[] }): JSX.Element {
  return (
    <>
      <ul>{talks.slice(0, SHOWN).map((talk) => <Row key={talk.id} talk={talk} />)}</ul>
      {talks.length > SHOWN && (
        <p class="list-more">{t('moreTalks', { n: talks.length - SHOWN })}</p>
      )}
    </>
  )
}

function EmptySection({ of }: { of: Section }): JSX.Element {
  if (!connected.value) return <Loading />
  if (of === 'queue') {
    return <Empty icon={queue} title={t('emptyQueue')} text={t('emptyQueueHelp')} />
  }
  if (of === 'colleagues') {
    return <Empty icon={agents} title={t('emptyColleagues')} text={t('emptyColleaguesHelp')} />
  }
  const ready = me.value.state === 'available'
  return (
    <Empty icon={ready ? inbox : bubble} title={t('emptyMine')}
      text={t(ready ? 'emptyMineHelp' : 'emptyMineAway')}>
      {!ready && (
        <button type="button" class="button button-main"
          onClick={() => void setAvailability('available')}>
          {t('cmdAvailable')}
        </button>
      )}
    </Empty>
  )
}

function Loading(): JSX.Element {
  return (
    <div class="list-loading" role="status">
      <span class="sr-only">{t('loading')}</span>
      {[0, 1, 2, 3].map((place) => <div key={place} class="skeleton" />)}
    </div>
  )
}

function TakeNext(): JSX.Element {
  const waiting = sections.value.queue.length
  const elsewhere = queueLength.value - waiting
  return (
    <div class="list-foot">
      {elsewhere > 0 && (
        <p class="quiet list-elsewhere">{t('waitingElsewhere', { n: elsewhere })}</p>
      )}
      <button type="button" class={`button button-wide ${waiting > 0 ? 'button-main' : ''}`}
        title={hint('take')} disabled={waiting === 0 || !connected.value}
        onClick={() => void take()}>
        {t('takeNext')}
        {waiting > 0 && <span>{t('waitingCount', { n: waiting })}</span>}
      </button>
    </div>
  )
}

function matches(talk: Conversation, wanted: string): boolean {
  const { contact, preview, group, agent } = talk
  const names = [contact.name, channelName(talk.inbox), group?.name, agent?.name, preview?.text]
  return names.some((words) => words?.toLowerCase().includes(wanted))
}
