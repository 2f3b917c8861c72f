/** Messages that did not arrive, or may not have: to whom, which words, why; sent again or let go. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { close as off, delivered, open as openIcon } from '../../shared/icons'
import type { Letter } from '../../shared/wire'
import { channelName } from '../../shared/channel'
import { loadLetters, dismissLetter, resend } from '../live/undelivered'
import { Resend } from '../panes/resend'
import { Sign } from '../panes/ticks'
import { Dialog } from '../../shared/parts/dialog'
import { Empty } from '../../shared/parts/empty'
import { Text } from '../../shared/parts/text'
import { serverTime } from '../../shared/clock'
import { fullTime, shortTime } from '../../shared/words'
import { conversations, sectionOf } from '../state/conversations'
import { dialog } from '../state/dialogs'
import { me } from '../state/people'
import { openConversation, section } from '../state/selection'
import { openLetters, shownLetters } from '../state/undelivered'
import { inWords, t } from '../words'

export function UndeliveredDialog(): JSX.Element {
  const all = shownLetters.value
  return (
    <Dialog title={t('undelivered')} class="dialog-letters" leave={() => { dialog.value = null }}>
      <div class="letters" aria-busy={all === 'loading'}>
        {all === 'loading' && <p class="log-start" role="status">{t('loading')}</p>}
        {all === 'failed' && (
          <p class="alert" role="alert">
            {t('loadFailed')}{' '}
            <button type="button" class="button button-s" onClick={() => void loadLetters()}>
              {t('retry')}
            </button>
          </p>
        )}
        {typeof all !== 'string' && <Letters all={all} />}
      </div>
    </Dialog>
  )
}

function Letters({ all }: { all: readonly Letter[] }): JSX.Element {
  if (all.length === 0) {
    return <Empty icon={delivered} title={t('allDelivered')} text={t('allDeliveredHelp')} />
  }
  const more = openLetters.value - all.length
  return (
    <>
      <p class="quiet">{t('undeliveredHelp')}</p>
      <ul class="letter-list">
        {all.map((letter) => <LetterRow key={letter.id} letter={letter} />)}
      </ul>
      {more > 0 && <p class="quiet">{t('moreUndelivered', { n: more })}</p>}
    </>
  )
}

function LetterRow({ letter }: { letter: Letter }): JSX.Element {
  const { id, contact, inbox, agent, state, reason, at, attempts } = letter
  const told = [
    channelName(inbox), agent && t('sentBy', { name: agent.name }), t('attempts', { n: attempts }),
  ].filter(Boolean).join(' · ')
  return (
    <li class="letter">
      <p class="letter-head">
        <b>{contact.name}</b>
        <Sign state={state} said />
        <time dateTime={at} title={fullTime(at)}>{shortTime(at, new Date(serverTime()))}</time>
      </p>
      <p class="letter-text"><Text text={inWords(letter)} /></p>
      {reason && <p class="letter-reason">{reason}</p>}
      <p class="quiet letter-told">{told}</p>
      <div class="letter-deeds">
        <Resend state={state} name={contact.name} run={() => resend(id)} />
        <button type="button" class="button button-s" onClick={() => look(letter)}
          aria-label={t('openTalkOf', { name: contact.name })}>
          <Icon of={openIcon} small />{t('openTalk')}
        </button>
        <button type="button" class="button button-s" onClick={() => dismissLetter(letter)}
          aria-label={t('dismissLetter', { name: contact.name })}>
          <Icon of={off} small />{t('dismiss')}
        </button>
      </div>
    </li>
  )
}

function look({ conversation }: Letter): void {
  const talk = conversations.peek().get(conversation)
  const where = talk && sectionOf(talk, me.peek().id)
  if (where) section.value = where
  dialog.value = null
  openConversation(conversation)
}
