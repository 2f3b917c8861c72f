/** One phrase: what it says in the open talk, how often it was said, and what can be done with it. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { open as openIcon, pencil, trash } from '../../shared/icons'
import type { Entry } from '../../shared/wire'
import { insertEntry } from '../deeds'
import { changePhrase, deletePhrase, leads, proposeAnswer } from '../live/scripts'
import { ScriptForm } from '../parts/script-form'
import { me } from '../state/people'
import { FIELDS, type Script } from '../state/scripts'
import { openId, openTalk } from '../state/selection'
import { usedOf } from '../state/usage'
import { saidIn } from '../state/wording'
import { t } from '../words'

export function PhraseRow({ entry }: { entry: Entry }): JSX.Element {
  const [editing, setEditing] = useState(false)
  if (editing) return <Editing entry={entry} leave={() => setEditing(false)} />
  const talk = openTalk.value
  const answering = talk?.stage === 'open' && talk.agent?.id === me.value.id
  return (
    <li class="phrase-row">
      <button type="button" class="phrase" disabled={!answering} onClick={() => insertEntry(entry)}
        title={t(answering ? 'insertHelp' : 'insertNeedsTalk')}>
        <span class="phrase-head">
          {entry.shortcut && <kbd class="key">{entry.shortcut}</kbd>}
          <b>{entry.question}</b>
          <TimesUsed entry={entry.id} />
        </span>
        <span class="phrase-answer">{saidIn(openId.value ?? '', entry)}</span>
      </button>
      <div class="phrase-deeds">
        <Deeds entry={entry} edit={() => setEditing(true)} />
      </div>
    </li>
  )
}

function TimesUsed({ entry }: { entry: string }): JSX.Element | null {
  const { sent, mine } = usedOf(entry)
  if (sent === 0) return null
  return (
    <span class="quiet phrase-used" title={t('usedBy', { mine, all: sent })}>
      {t('used', { n: sent })}
    </span>
  )
}

function Deeds({ entry, edit }: { entry: Entry; edit: () => void }): JSX.Element {
  const { id, question, personal } = entry
  if (!personal && leads()) {
    const label = t('openEntry', { question })
    return (
      <a class="icon-button" href={`/knowledge#entries/${encodeURIComponent(id)}`} target="_blank"
        rel="noopener" aria-label={label} title={label}>
        <Icon of={openIcon} small />
      </a>
    )
  }
  const label = t(personal ? 'editPhrase' : 'proposeChange', { question })
  const away = t('deletePhrase', { question })
  return (
    <>
      <button type="button" class="icon-button" aria-label={label} title={label} onClick={edit}>
        <Icon of={pencil} small />
      </button>
      {personal && (
        <button type="button" class="icon-button" aria-label={away} title={away}
          onClick={() => void deletePhrase(entry)}>
          <Icon of={trash} small />
        </button>
      )}
    </>
  )
}

/** One's own is changed; of the team's another answer is proposed. */
function Editing({ entry, leave }: { entry: Entry; leave: () => void }): JSX.Element {
  const { question, answer, category, personal } = entry
  const first: Script = { question, answer, category, shortcut: entry.shortcut ?? '' }
  return (
    <li class="phrase-editing">
      {!personal && <p class="script-of">{question}</p>}
      <ScriptForm first={first} focus="answer" fields={personal ? FIELDS : ['answer']}
        save={{
          label: t(personal ? 'saveChange' : 'propose'),
          run: (script) => personal
            ? changePhrase(entry, script) : proposeAnswer(entry, script.answer),
        }}
        done={leave} leave={leave} />
    </li>
  )
}
