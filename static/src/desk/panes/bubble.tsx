/** One message in the log: words, card, note, or a line of the system. */

import type { JSX } from 'preact'
import { Icon } from '../../shared/icon'
import { bot, keep as keepIcon, note as noteIcon, recall as recallIcon } from '../../shared/icons'
import type { Conversation, Message } from '../../shared/wire'
import { hint } from '../commands'
import { recall } from '../deeds'
import { Text } from '../../shared/parts/text'
import { now, secondsSince } from '../../shared/clock'
import { clockTime, fullTime } from '../../shared/words'
import { me } from '../state/people'
import { savable, saveAsScript } from '../state/scripts'
import type { Held } from '../state/threads'
import { t } from '../words'
import { AwaitedBody } from './awaited'
import { OrderCard, ProductCard } from './cards'
import { FileBody } from './sent-file'
import { Ticks, Trouble } from './ticks'

const RECALL_S = 120

interface MessageRowProps {
  message: Held
  talk: Conversation | null
  /** The one above is of the same author and day: the name is not said again. */
  follows: boolean
  /** An earlier talk is read, not changed. */
  frozen?: boolean
}

export function MessageRow(props: MessageRowProps): JSX.Element {
  const { message, talk, follows, frozen = false } = props
  const { author, seq, at } = message
  if (message.kind === 'event' || message.kind === 'rating' || author.kind === 'system') {
    return (
      <li class="log-line" data-seq={seq} title={fullTime(at)}><SystemLine message={message} /></li>
    )
  }
  return (
    <li class={look(message, follows)} data-seq={seq}>
      <p class={follows ? 'sr-only' : 'bubble-author'}>
        {author.kind === 'robot' && <Icon of={bot} small />}
        {authorName(message, talk)}
        {message.private && (
          <span class="bubble-private"><Icon of={noteIcon} small />{t('noteMark')}</span>
        )}
      </p>
      <div class="bubble-line">
        <div class={bodyLook(message)}>
          <Body message={message} />
        </div>
        <p class="bubble-meta">
          <time dateTime={at} title={fullTime(at)}>{clockTime(at)}</time>
          {author.kind === 'agent' && !message.private && !message.recalled
            && <Ticks message={message} readUpTo={talk?.shopper_read ?? 0} />}
          {!frozen && <SaveButton message={message} />}
          {!frozen && <Recall message={message} />}
        </p>
      </div>
      {!frozen && <Trouble message={message} name={talk?.contact.name ?? t('shopper')} />}
    </li>
  )
}

function Body({ message }: { message: Message }): JSX.Element {
  const { kind, text, product, order, file, media } = message
  if (message.recalled) return <span class="bubble-recalled">{t('recalled')}</span>
  if (kind === 'product' && product) return <ProductCard product={product} text={text} />
  if (kind === 'order' && order) return <OrderCard order={order} text={text} />
  if (media) return <AwaitedBody media={media} text={text} />
  if (file) return <FileBody message={message} file={file} />
  return <Text text={text} />
}

function look({ author, private: note }: Message, follows: boolean): string {
  const side = author.kind === 'shopper' ? 'bubble-theirs' : 'bubble-ours'
  return ['bubble', side, note && 'bubble-note', follows && 'bubble-follows']
    .filter(Boolean).join(' ')
}

function bodyLook({ kind, recalled, text, media }: Message): string {
  if (recalled || media) return 'bubble-body'
  if (kind === 'product' || kind === 'order') return 'bubble-body bubble-card'
  return kind === 'image' && !text ? 'bubble-body bubble-picture' : 'bubble-body'
}

function SystemLine({ message }: { message: Message }): JSX.Element {
  const { kind, rating, released, at } = message
  const text = released ? t('released', { name: released.agent }) : message.text
  if (kind !== 'rating' || !rating) {
    return <span><Text text={text} /> <time>{clockTime(at)}</time></span>
  }
  const stars = '★'.repeat(rating.score) + '☆'.repeat(5 - rating.score)
  const words = [...(rating.tags ?? []), rating.comment ?? ''].filter(Boolean).join(' · ')
  return (
    <span>
      {t('rated', { score: rating.score })}
      <span class="stars" aria-hidden="true">{stars}</span>
      {words}
    </span>
  )
}

/** Of the newest one, the key does the same while nothing is being written. */
function SaveButton({ message }: { message: Message }): JSX.Element | null {
  const { conversation, seq } = message
  if (!conversation || !savable(message)) return null
  return (
    <button type="button" class="bubble-deed" title={hint('saveScript')}
      aria-label={t('saveScript')} onClick={() => saveAsScript({ conversation, seq })}>
      <Icon of={keepIcon} small />
    </button>
  )
}

/** Offered on one's own words for two minutes; an audit copy stays on the server. */
function Recall({ message }: { message: Message }): JSX.Element | null {
  const own = message.author.kind === 'agent' && message.author.id === me.value.id
  if (!own || message.recalled || !message.conversation) return null
  if (secondsSince(message.at, now.peek()) > RECALL_S) return null
  return <RecallButton message={message} conversation={message.conversation} />
}

function RecallButton({ message, conversation }: {
  message: Message
  conversation: string
}): JSX.Element | null {
  if (secondsSince(message.at, now.value) > RECALL_S) return null
  return (
    <button type="button" class="bubble-deed bubble-recall" title={t('recall')} aria-label={t('recall')}
      onClick={() => void recall(conversation, message.seq)}>
      <Icon of={recallIcon} small />
    </button>
  )
}

function authorName({ author }: Message, talk: Conversation | null): string {
  if (author.kind === 'shopper') return author.name ?? talk?.contact.name ?? t('shopper')
  if (author.kind === 'robot') return author.name ?? t('robot')
  return author.id === me.value.id ? t('me') : author.name ?? t('agent')
}
