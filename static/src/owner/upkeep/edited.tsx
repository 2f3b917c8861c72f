/** An answer that agents mostly change before they send it: what they send instead, to be taken. */

import type { JSX } from 'preact'
import { percent } from '../../shared/words'
import { changeEntry } from '../entries/changing'
import { Compared } from '../entries/editor/compared'
import { byId } from '../state/shelf'
import { Head, Open } from './items'
import type { Item } from './source'
import { t } from './words'

export function OftenEdited({ of }: { of: Item<'often_edited'> }): JSX.Element {
  const answer = byId.value.get(of.entry)?.answer ?? ''
  const share = percent(of.edited / of.sent)
  return (
    <>
      <Head of={of}>{t('edited', { sent: of.sent, edited: of.edited, share })}</Head>
      <ul class="edits">
        {of.edits.map(({ text, count }) => (
          <li key={text} class="edit">
            <div class="said"><Compared before={answer} after={text} /></div>
            <div class="edit-deeds">
              <span class="quiet">{t('editedSo', { n: count })}</span>
              <button type="button" class="button button-s"
                onClick={() => void changeEntry(
                  of.entry, { answer: text }, t('answerTaken', { question: of.question }))}>
                {t('takeAnswer')}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <div class="item-foot"><Open id={of.entry} /></div>
    </>
  )
}
