/** Every shape the browser exchanges with the server: the twin of `console/web/wire.py`. */

export type ErrorCode =
  | 'unauthorized' | 'forbidden' | 'not_found' | 'invalid'
  | 'conflict' | 'too_large' | 'rate_limited' | 'unavailable'

/** `data`, over HTTP: the entry that is there instead of the one that was expected. */
export interface Refusal { code: ErrorCode; message: string; data?: { entry: Entry } }
export interface Refused { ok: false; error: Refusal }
export type Ack<T extends object = object> = ({ ok: true } & T) | Refused

/** ISO 8601 in UTC with milliseconds: `2026-11-22T09:30:00.123Z`. */
export type Time = string
export type Stage = 'robot' | 'waiting' | 'open' | 'closed'
export type AuthorKind = 'shopper' | 'agent' | 'robot' | 'system'
export type Kind = 'text' | 'image' | 'file' | 'product' | 'order' | 'rating' | 'event'
export type DeliveryState =
  | 'queued' | 'sending' | 'sent' | 'delivered' | 'read'
  | 'retry' | 'unconfirmed' | 'failed' | 'dead'

export interface Product {
  id?: string
  title: string
  price?: string
  image?: string
  url?: string
}
export interface Goods { title: string; quantity?: number; image?: string; price?: string }
export interface Order {
  uid: string
  time?: string
  status?: string
  statusText?: string
  goods?: Goods[]
  totalAmount?: string
}
export interface Rating { score: number; tags?: string[]; comment?: string }
export interface Author { kind: AuthorKind; id?: string; name?: string }
export interface Queue { place: number; estimate_s: number | null }
export interface Page { url: string; title: string; product?: Product }
export interface Named { id: string; name: string }

/** Addresses are paths of the server; `small` is a smaller copy of a picture that is not small. */
export interface SentFile {
  id: string
  name: string
  type: string
  size: number
  width?: number
  height?: number
  url: string
  small?: string
}

/** `refused`: it is of a kind or size that is not taken. */
export type MediaState = 'pending' | 'expired' | 'refused'
export interface Media { type: string; state: MediaState }

export interface Message {
  id: string
  conversation?: string
  seq: number
  author: Author
  kind: Kind
  text: string
  at: Time
  client_id?: string
  private?: true
  delivery?: DeliveryState
  /** Why it is not with its reader, in the agent's language. */
  reason?: string
  recalled?: true
  product?: Product
  order?: Order
  file?: SentFile
  rating?: Rating
  /** In place of `file`: one that the provider keeps still, or kept for too long. */
  media?: Media
  link?: { title: string; description?: string; url: string; picture?: string }
  place?: { lat: string; lng: string; label?: string }
  /** A card of a mini program. */
  app?: { title: string; appid: string; path: string }
  /** The item of a menu that was chosen. */
  menu?: { id: string }
  /** What a provider tells of, by its own name. */
  event?: { name: string; key?: string; scene?: string }
  /** Nobody waits for an answer to it. */
  asks?: false
  /** A kind of message that is only kept, by the provider's name. */
  unsupported?: string
  /** Whose absence put the conversation back in the queue. */
  released?: { agent: string }
}

export interface Said { id: string; seq: number; at: Time; duplicate: boolean }

/* ---- /widget: shoppers ---- */

export interface WidgetAuth { inbox: string; visitor?: string; identity?: string; page?: Page }
export interface HotQuestion { id: string; question: string }
export interface WidgetConversation {
  id: string | null
  stage: Stage
  last_seq: number
  agent?: { name: string }
  queue?: Queue
  rated?: { score: number }
}
export interface WidgetSynced {
  visitor: string
  /** Which history the numbers belong to: another one after a restore. */
  epoch: string
  conversation: WidgetConversation
  messages: Message[]
  more: boolean
  greeting: string
  hot: HotQuestion[]
  shop: { name: string }
  online: boolean
  read: number
}
export interface WidgetSay {
  client_id: string
  text: string
  kind?: 'text' | 'image' | 'file' | 'product' | 'order'
  /** The id of what was uploaded before. */
  file?: string
  product?: Product
  order?: Order
}
export interface WidgetChange {
  stage?: Stage
  agent?: { name: string } | null
  queue?: Queue | null
  online?: boolean
}
export interface WidgetRequests {
  sync: (
    data: { after: number; epoch?: string }, ack: (answer: Ack<WidgetSynced>) => void,
  ) => void
  say: (data: WidgetSay, ack: (answer: Ack<Said>) => void) => void
  typing: (data: { text?: string }, ack: (answer: Ack) => void) => void
  read: (data: { seq: number }, ack: (answer: Ack) => void) => void
  human: (data: Record<string, never>, ack: (answer: Ack) => void) => void
  rate: (data: Rating, ack: (answer: Ack) => void) => void
  leave: (data: { contact: string; text: string }, ack: (answer: Ack) => void) => void
  page: (data: Page, ack: (answer: Ack) => void) => void
}
export interface WidgetEvents {
  message: (data: Message) => void
  conversation: (data: WidgetChange) => void
  typing: (data: Record<string, never>) => void
  read: (data: { seq: number }) => void
  recalled: (data: { seq: number }) => void
  resync: (data: Record<string, never>) => void
  goodbye: (data: { within_s: number }) => void
}

/* ---- /desk: agents ---- */

export type Role = 'agent' | 'supervisor' | 'owner'
export type Availability = 'available' | 'busy' | 'away'
export interface DeskAuth { csrf: string }
export interface Preview { text: string; kind: Kind; author: AuthorKind; at: Time }
export interface Conversation {
  id: string
  stage: Stage
  inbox: { id: string; kind: string; name: string }
  contact: Named
  agent?: Named
  group?: Named
  last_seq: number
  waiting_since?: Time
  unread: number
  queue?: Queue
  preview?: Preview
  created_at: Time
  shopper_read: number
  reason?: string
  page?: { url: string; title: string }
  rating?: { score: number }
  summary?: string
  /** How many messages the provider still takes, and until when; absent where it has no limit. */
  window?: { until: Time; remaining: number; total: number }
}
export interface DeskAgent {
  id: string
  name: string
  role: Role
  state: Availability
  capacity: number
  groups: Named[]
}
export interface Presence extends DeskAgent { online: boolean; load: number }
export type Cursors = Record<string, number>
export interface DeskSynced {
  epoch: string
  agent: DeskAgent
  conversations: Conversation[]
  messages: Message[]
  more: boolean
  queue: { waiting: number }
  agents: Presence[]
  groups: Named[]
  undelivered: number
  /** To leads: how much of what agents propose waits for one. */
  review?: number
}
export interface DeskSay {
  conversation: string
  client_id: string
  text: string
  private?: boolean
  suggestion?: { entry: string; edited: boolean }
  kind?: 'text' | 'image' | 'file'
  file?: string
}
/** Spans count Unicode code points, end exclusive: `why` of the shopper's text, `matched` of
 * `phrase`, the phrasing of the entry that is closest to it. */
export interface Suggestion {
  entry: string
  score: number
  text: string
  question: string
  why: [number, number][]
  phrase: string
  matched: [number, number][]
  /** Right 19 times of 20; only the first can be. */
  sure?: true
  /** What the shop's own use added to the score or took from it; absent where that is nothing. */
  lift?: number
  /** Files that go with the answer. */
  pictures?: string[]
}
export interface Reject { conversation: string; for_seq: number; entry: string; undo?: boolean }
export interface Teach { conversation: string; seq: number; entry: string; undo?: boolean }
/** `absent`: there was nothing to take back. */
export type TaughtState = 'added' | 'proposed' | 'known' | 'removed' | 'absent'
export interface Taught { state: TaughtState; entry?: string; revision?: number }
export type HandOver = { conversation: string; note?: string }
  & ({ to_agent: string } | { to_group: string })
export interface DeskRequests {
  sync: (
    data: { cursors?: Cursors; epoch?: string }, ack: (answer: Ack<DeskSynced>) => void,
  ) => void
  say: (data: DeskSay, ack: (answer: Ack<Said>) => void) => void
  take: (
    data: { conversation?: string }, ack: (answer: Ack<{ conversation: Conversation }>) => void,
  ) => void
  hand_over: (data: HandOver, ack: (answer: Ack) => void) => void
  close: (data: { conversation: string; summary?: string }, ack: (answer: Ack) => void) => void
  reopen: (data: { conversation: string }, ack: (answer: Ack) => void) => void
  available: (data: { state: Availability; reason?: string }, ack: (answer: Ack) => void) => void
  read: (data: { conversation: string; seq: number }, ack: (answer: Ack) => void) => void
  typing: (data: { conversation: string }, ack: (answer: Ack) => void) => void
  recall: (data: { conversation: string; seq: number }, ack: (answer: Ack) => void) => void
  suggest: (
    data: { conversation: string; text: string },
    ack: (answer: Ack<{ items: Suggestion[]; limits: Limits }>) => void,
  ) => void
  reject: (data: Reject, ack: (answer: Ack) => void) => void
  teach: (data: Teach, ack: (answer: Ack<Taught>) => void) => void
}
/** What is shown scored `show` at least; a sure first scored `sure` and led the second by `lead`. */
export interface Limits { show: number; sure: number; lead: number }
/** What was turned away lately, from how many addresses; 0 when it is over. */
export interface Flood { turned_away: number; addresses: number }

export interface DeskEvents {
  message: (data: Message & { conversation: string }) => void
  conversation: (data: Conversation) => void
  gone: (data: { id: string }) => void
  typing: (data: { conversation: string; text?: string; agent?: Named | string }) => void
  read: (data: { conversation: string; seq: number }) => void
  recalled: (data: { conversation: string; seq: number }) => void
  suggestions: (
    data: { conversation: string; for_seq: number; items: Suggestion[]; limits: Limits },
  ) => void
  delivery: (
    data: { conversation: string; seq: number; state: DeliveryState; reason?: string },
  ) => void
  arrived: (
    data: { conversation: string; seq: number; kind: Kind; file?: SentFile; media?: Media },
  ) => void
  undelivered: (data: { count: number }) => void
  presence: (data: Presence) => void
  queue: (data: { waiting: number }) => void
  entries: (data: { ids?: string[] }) => void
  review: (data: { waiting: number }) => void
  flood: (data: Flood) => void
  resync: (data: Record<string, never>) => void
  goodbye: (data: { within_s: number }) => void
}

/* ---- HTTP: the console ---- */

export interface LoggedIn { agent: { id: string; name: string; role: Role }; csrf: string }
export interface HttpRefused { error: { code: string; message: string; data?: { entry: Entry } } }
/** `joined`: found to be this customer's by a provider's id; it can be taken apart again. */
export interface Identity {
  id: string
  inbox: { kind: string; name: string }
  name: string
  verified: boolean
  since: Time
  avatar?: string
  joined?: true
}
export interface EarlierConversation {
  id: string
  stage: Stage
  created_at: Time
  closed_at?: Time
  agent?: { name: string }
  preview?: Preview
}
export interface ConversationCard {
  conversation: Conversation
  contact: Named & { since: Time; email?: string; phone?: string; level?: string }
  identities: Identity[]
  pages: { url: string; title: string; at: Time }[]
  earlier: EarlierConversation[]
  variables: Record<string, string | null>
}
/** Other words of an answer; an empty channel or level means any. */
export interface Variant { answer: string; channel: string; level: string }
export interface Entry {
  id: string
  question: string
  similar: string[]
  negative: string[]
  answer: string
  category: string
  shortcut: string | null
  hot: boolean
  enabled: boolean
  valid_from?: string
  valid_to?: string
  tags: string[]
  channels: string[]
  groups: string[]
  note: string
  /** 1 is Monday; none means every day. */
  weekdays: number[]
  variants: Variant[]
  pictures: string[]
  related: string[]
  auto_reply: boolean
  /** The name of the agent who looks after it; a personal one is nobody else's to see. */
  owner: string
  personal: boolean
  /** The answer and its variants as a chat says them, where that is not how they are written. */
  plain?: string[]
  initials: string
  revision: number
}
export interface EntryList { items: Entry[]; total: number }

export const TEXT_LIMIT = 8000

/** A message on its way to a provider, or one that did not arrive. */
export interface Letter {
  id: string
  conversation: string
  seq: number
  inbox: { id: string; kind: string; name: string }
  contact: Named
  agent?: Named
  kind: Kind
  text: string
  state: DeliveryState
  attempts: number
  reason?: string
  at: Time
  due_at?: Time
}
export interface Letters { items: Letter[]; total: number }
