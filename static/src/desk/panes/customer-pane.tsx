/** Who the customer is: names on each channel, pages seen, what fills phrases, earlier talks. */

import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { user } from '../../shared/icons'
import type { ConversationCard, EarlierConversation, Time } from '../../shared/wire'
import { channelName } from '../../shared/channel'
import { webAddress } from '../parts/address'
import { Avatar } from '../../shared/parts/avatar'
import { Empty } from '../../shared/parts/empty'
import { cards, loadCard } from '../state/cards'
import { serverTime } from '../../shared/clock'
import { fullTime, shortTime } from '../../shared/words'
import { separate } from '../deeds'
import { earlierId } from '../state/dialogs'
import { LEVEL } from '../state/wording'
import { t } from '../words'
import { previewText } from './row'

export function CustomerPane({ id }: { id: string | null }): JSX.Element {
  useEffect(() => { if (id) void loadCard(id) }, [id])
  if (!id) return <Empty icon={user} title={t('noTalk')} text={t('noTalkHelp')} />
  const card = cards.value.get(id)
  if (!card) return <p class="side-note" role="status">{t('loading')}</p>
  if (card === 'failed') {
    return (
      <Empty icon={user} title={t('loadFailed')}>
        <button type="button" class="button" onClick={() => void loadCard(id)}>{t('retry')}</button>
      </Empty>
    )
  }
  return <Card card={card} />
}

function Card({ card }: { card: ConversationCard }): JSX.Element {
  const { contact, identities, pages, earlier, conversation } = card
  return (
    <>
      <div class="customer-head">
        <Avatar name={contact.name} />
        <div>
          <h3>
            {contact.name}
            {contact.level && (
              <span class="chip chip-accent" title={t('level')}>{contact.level}</span>
            )}
          </h3>
          <p class="quiet">{t('customerSince', { date: when(contact.since) })}</p>
        </div>
      </div>
      {conversation.rating && (
        <p class="quiet">{t('rated', { score: conversation.rating.score })}</p>
      )}
      {conversation.summary && <Part title={t('summary')}><p>{conversation.summary}</p></Part>}
      <Part title={t('identities')}>
        <ul class="facts">
          {identities.map((one) => (
            <li key={one.id}>
              <span class="chip">{channelName(one.inbox)}</span>
              <span class="fact">{one.name}</span>
              <span class={one.verified ? 'chip chip-accent' : 'chip'}>
                {t(one.verified ? 'verified' : 'unverified')}
              </span>
              {one.joined && (
                <button type="button" class="button button-s"
                  aria-label={t('separateNamed', { channel: channelName(one.inbox) })}
                  onClick={() => void separate(one.id, conversation.id)}>
                  {t('separate')}
                </button>
              )}
            </li>
          ))}
        </ul>
      </Part>
      <Variables values={card.variables} />
      <Part title={t('pages')}>
        {pages.length === 0 && <p class="quiet">{t('noPages')}</p>}
        <ol class="facts">
          {pages.map((page) => (
            <li key={page.at}>
              <PageName {...page} />
              <time class="quiet" title={fullTime(page.at)}>{when(page.at)}</time>
            </li>
          ))}
        </ol>
      </Part>
      <Part title={t('earlier')}>
        {earlier.length === 0 && <p class="quiet">{t('noEarlier')}</p>}
        <ul>{earlier.map((one) => <Earlier key={one.id} talk={one} />)}</ul>
      </Part>
    </>
  )
}

function Part({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return <section class="customer-part"><h4>{title}</h4>{children}</section>
}

function PageName({ url, title }: { url: string; title: string }): JSX.Element {
  const href = webAddress(url)
  if (!href) return <span class="fact">{title || url}</span>
  return (
    <a class="fact" href={href} target="_blank" rel="noopener noreferrer" title={url}>
      {title || url}
    </a>
  )
}

function when(at: Time): string {
  return shortTime(at, new Date(serverTime()))
}

/** What `{订单号}` and the like will become in a phrase. */
function Variables({ values }: { values: ConversationCard['variables'] }): JSX.Element | null {
  const known = Object.entries(values).filter(([name, value]) => value && name !== LEVEL)
  if (known.length === 0) return null
  return (
    <Part title={t('variables')}>
      <dl class="values">
        {known.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </Part>
  )
}

function Earlier({ talk }: { talk: EarlierConversation }): JSX.Element {
  return (
    <li>
      <button type="button" class="phrase" onClick={() => { earlierId.value = talk.id }}>
        <span class="phrase-head">
          <b>{when(talk.created_at)}</b>
          {talk.agent && <span class="chip">{talk.agent.name}</span>}
          <span class="chip">{t(`stage_${talk.stage}`)}</span>
        </span>
        <span class="phrase-answer">{talk.preview ? previewText(talk.preview) : t('noWords')}</span>
      </button>
    </li>
  )
}
