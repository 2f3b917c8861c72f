/** What agents tell the knowledge: a suggestion that does not fit, a message as a phrasing. */

import type { Ack, Reject, Suggestion } from '../../shared/wire'
import { refusal } from '../deeds'
import { dismiss, notify } from '../../shared/notices'
import { markRejected, proposals } from '../state/suggestions'
import { forgetLesson, markTaught, offerLesson, type Lesson } from '../state/teaching'
import { t } from '../words'
import { ask } from '../../shared/socket'

/** The server shows an offer first and puts it on record a moment later. */
const RECORDED_MS = 600

/** Away at once; back with the reason where the server refuses. */
export async function reject(conversation: string, item: Suggestion): Promise<void> {
  const proposal = proposals.peek().get(conversation)
  if (!proposal) return
  const order = { conversation, for_seq: proposal.seq, entry: item.entry }
  markRejected(order, true)
  const told = tell(order)
  const notice = notify({
    kind: 'done', text: t('rejected', { question: item.question }),
    action: { label: t('undo'), run: () => void takeBack(order, told) },
  })
  const answer = await told
  if (answer.ok) return
  dismiss(notice)
  comeBack(order, answer)
}

async function takeBack(order: Reject, told: Promise<Ack>): Promise<void> {
  markRejected(order, false)
  if (!(await told).ok) return
  const answer = await ask('reject', { ...order, undo: true })
  if (!answer.ok) comeBack(order, answer)
}

async function tell(order: Reject): Promise<Ack> {
  const answer = await ask('reject', order)
  if (answer.ok || answer.error.code !== 'not_found') return answer
  await new Promise((resume) => setTimeout(resume, RECORDED_MS))
  return ask('reject', order)
}

function comeBack(order: Reject, answer: Ack): void {
  markRejected(order, false)
  if (answer.ok) return
  const gone = answer.error.code === 'not_found'
  notify({ kind: 'failed', text: gone ? t('rejectUnknown') : refusal(answer.error) })
}

/** The offer goes at once, and stands again where the server refuses. */
export async function teach(one: Lesson): Promise<void> {
  const { conversation, seq, entry } = one
  forgetLesson()
  markTaught(one, true)
  const answer = await ask('teach', { conversation, seq, entry })
  if (!answer.ok) {
    markTaught(one, false)
    offerLesson(one)
    notify({ kind: 'failed', text: refusal(answer.error) })
    return
  }
  const undo = { label: t('undo'), run: () => void unteach(one) }
  notify({
    kind: 'done', text: t(`taught_${answer.state}`),
    ...(answer.state !== 'known' && { action: undo }),
  })
}

async function unteach(one: Lesson): Promise<void> {
  const { conversation, seq, entry } = one
  const answer = await ask('teach', { conversation, seq, entry, undo: true })
  if (answer.ok) {
    markTaught(one, false)
    notify({ kind: 'done', text: t(`taught_${answer.state}`) })
  } else {
    notify({ kind: 'failed', text: refusal(answer.error) })
  }
}
