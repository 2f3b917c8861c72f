/** One message that was tried out: the ranking with its reasons, and what can be done about it. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Passed, TriedMatch, TriedText } from '../../shared/entry-wire'
import { Icon } from '../../shared/icon'
import { more, plus } from '../../shared/icons'
import { notify } from '../../shared/notices'
import { Menu, MenuItem } from '../../shared/parts/menu'
import { Marked } from '../../shared/parts/text'
import { percent } from '../../shared/words'
import type { Limits } from '../../shared/wire'
import { addSimilar } from '../entries/changing'
import { newEntryFrom, openEntry } from '../entries/open'
import { EntryLink } from '../parts/entry-link'
import { Finder } from '../parts/finder'
import { liftText } from '../parts/lift'
import { mayWrite } from '../rights'
import { byId } from '../state/shelf'
import { earlier, isRight, setRight } from './asking'
import { t } from './words'

interface TriedProps { of: TriedText; limits: Limits }

export function Tried({ of, limits }: TriedProps): JSX.Element {
  const [looked, look] = useState(0)
  const at = of.found[looked] ?? of.found[0]
  return (
    <li class="card item tried">
      <div class="item-head">
        <p class="tried-text"><Marked text={of.text} spans={at?.why ?? []} /></p>
        <Gate gate={of.found[0]?.gate ?? 'below'} limits={limits} />
      </div>
      <Earlier of={of} />
      {of.found.length === 0 && <p class="item-why">{t('noneFound')}</p>}
      <ol class="ranks">
        {of.found.map((match, place) => (
          <Rank key={match.entry} of={match} text={of.text} place={place} limits={limits}
            look={() => look(place)} looked={match === at} />
        ))}
      </ol>
      <Foot of={of} />
    </li>
  )
}

function Gate({ gate, limits }: { gate: Passed; limits: Limits }): JSX.Element {
  const facts = {
    show: percent(limits.show), sure: percent(limits.sure), lead: percent(limits.lead),
  }
  return <span class={`gate gate-${gate}`} title={t('limitsAre', facts)}>{t(`gate_${gate}`)}</span>
}

/** What came first before something was changed. */
function Earlier({ of }: { of: TriedText }): JSX.Element | null {
  const was = earlier(of)
  if (!was) return null
  return (
    <p class="tried-earlier" role="status">
      {t('before', { first: firstOf(was) })}
      <span aria-hidden="true"> → </span>
      <b>{t('now', { first: firstOf(of) })}</b>
    </p>
  )
}

function firstOf({ found }: TriedText): string {
  const first = found[0]
  if (!first) return t('noneFound')
  return t('firstIs', {
    question: first.question, score: percent(first.score), gate: t(`gate_${first.gate}`),
  })
}

function Rank({ of, text, place, limits, look, looked }: {
  of: TriedMatch
  text: string
  place: number
  limits: Limits
  look: () => void
  looked: boolean
}): JSX.Element {
  const own = of.phrase === of.question
  const lift = liftText(of.lift)
  return (
    <li class="rank" data-looked={looked ? '' : undefined} onMouseEnter={look} onFocusCapture={look}>
      <span class="rank-place">{place + 1}</span>
      <div class="rank-words">
        <EntryLink id={of.entry} question={of.question} />
        <p class="rank-phrase">
          <span>{t(own ? 'byQuestion' : 'byPhrase')}</span> <Marked text={of.phrase} spans={of.matched} />
        </p>
      </div>
      <span class="rank-score">
        {percent(of.score)}
        {lift && <small class="quiet">{t('lift', { lift })}</small>}
      </span>
      <Gate gate={of.gate} limits={limits} />
      {mayWrite && <Repair of={of} text={text} />}
    </li>
  )
}

function Repair({ of, text }: { of: TriedMatch; text: string }): JSX.Element {
  const known = byId.value.get(of.entry)
  const has = known !== undefined && [known.question, ...known.similar].includes(text)
  return (
    <span class="rank-deeds">
      <button type="button" class="button button-s" disabled={has}
        aria-label={t('addTo', { question: of.question })} onClick={() => void teach(of.entry, text)}>
        {t(has ? 'isPhrase' : 'add')}
      </button>
      <Menu label={t('moreOf', { question: of.question })} class="icon-button rank-more"
        button={<Icon of={more} small />}>
        <MenuItem run={() => openEntry(of.entry)}>{t('openEntry')}</MenuItem>
        <MenuItem run={() => notThis(of.entry, of.question)}>{t('notThis')}</MenuItem>
      </Menu>
    </span>
  )
}

function Foot({ of }: { of: TriedText }): JSX.Element {
  const [finding, setFinding] = useState(false)
  const first = of.found[0]
  const take = (id: string): void => {
    setFinding(false)
    void teach(id, of.text)
  }
  return (
    <>
      <div class="item-foot">
        {first && (
          <label class="tick">
            <input type="checkbox" checked={isRight(of)}
              onChange={(event) =>
                setRight(of.text, event.currentTarget.checked ? first.entry : null)} />
            {t('firstRight')}
          </label>
        )}
        {mayWrite && (
          <span class="tried-deeds">
            <button type="button" class="button button-s" aria-expanded={finding}
              onClick={() => setFinding(!finding)}>
              {t('addElsewhere')}
            </button>
            <button type="button" class="button button-s"
              onClick={() => newEntryFrom({ question: of.text })}>
              <Icon of={plus} small />{t('newEntry')}
            </button>
          </span>
        )}
      </div>
      {finding && <Finder label={t('findEntry')} pick={take} first />}
    </>
  )
}

/** The message is one of the entry's from now on, so the entry is the right one. */
async function teach(entry: string, text: string): Promise<void> {
  if (await addSimilar(entry, [text])) setRight(text, entry)
}

function notThis(entry: string, question: string): void {
  openEntry(entry)
  notify({ kind: 'done', text: t('notThisHelp', { question }) })
}
