"""The shapes of conversations and messages that /api answers; the others are in `answers`."""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from console.model.words import Author, Delivery, Kind, Stage
from console.web.answers import Inbox, Named, Time


class MessageAuthor(Struct):
    """Who says a message; shoppers and robots have no id here."""

    kind: Author
    id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET


class SentFile(Struct):
    """A file; `width` and `height` are a picture's, `small` is a smaller one to look at."""

    id: str
    name: str
    type: str
    size: int
    url: str
    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    small: str | UnsetType = UNSET


class Media(Struct):
    """A file that the provider keeps still: `pending` until it is here, else why it never will
    be."""

    type: str
    state: Literal["pending", "expired", "refused"]


class KeptFile(Struct):
    """A file that was taken in."""

    file: SentFile


class Message(Struct):
    """A message as agents see it; one that was recalled has no text. `product`, `order`, `rating`,
    `file` and `released` stand with messages of their kind, and so do `media` to `unsupported` with
    what only some providers have. `asks`: nobody waits for an answer to it."""

    id: str
    conversation: str
    seq: int
    author: MessageAuthor
    kind: Kind
    text: str
    at: Time
    client_id: str | UnsetType = UNSET
    private: Literal[True] | UnsetType = UNSET
    delivery: Delivery | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    recalled: Literal[True] | UnsetType = UNSET
    product: dict[str, Any] | UnsetType = UNSET
    order: dict[str, Any] | UnsetType = UNSET
    rating: dict[str, Any] | UnsetType = UNSET
    file: SentFile | UnsetType = UNSET
    media: Media | UnsetType = UNSET
    link: dict[str, str] | UnsetType = UNSET
    place: dict[str, str] | UnsetType = UNSET
    app: dict[str, str] | UnsetType = UNSET
    menu: dict[str, str] | UnsetType = UNSET
    event: dict[str, str] | UnsetType = UNSET
    unsupported: str | UnsetType = UNSET
    asks: Literal[False] | UnsetType = UNSET
    released: dict[str, Any] | UnsetType = UNSET


class Messages(Struct):
    """By falling age."""

    messages: list[Message]


class Place(Struct):
    """The place in the queue; the estimate is null where there is nothing to go by."""

    place: int
    estimate_s: float | None


class Preview(Struct):
    """The last message of a conversation."""

    text: str
    kind: Kind
    author: Author
    at: Time


class OpenPage(Struct):
    """The page of the shop that the shopper reads."""

    url: str
    title: str


class Score(Struct):
    """What the shopper thought of it, 1 to 5."""

    score: int


class Window(Struct):
    """How many messages the provider still takes, and until when."""

    until: Time
    remaining: int
    total: int


class Conversation(Struct):
    """A conversation as agents' lists show it."""

    id: str
    stage: Stage
    inbox: Inbox
    contact: Named
    last_seq: int
    unread: int
    created_at: Time
    shopper_read: int
    agent: Named | UnsetType = UNSET
    group: Named | UnsetType = UNSET
    waiting_since: Time | UnsetType = UNSET
    queue: Place | UnsetType = UNSET
    preview: Preview | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    page: OpenPage | UnsetType = UNSET
    rating: Score | UnsetType = UNSET
    summary: str | UnsetType = UNSET
    window: Window | UnsetType = UNSET


class Contact(Struct):
    """A customer over all channels."""

    id: str
    name: str
    since: Time
    email: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    level: str | UnsetType = UNSET


class IdentityInbox(Struct):
    """Where a customer is known."""

    kind: str
    name: str


class Identity(Struct):
    """A customer on one inbox; `verified` by the shop's signed statement. `joined`: found to be
    this customer's by an id that a provider gave, and can be taken apart again."""

    id: str
    inbox: IdentityInbox
    name: str
    verified: bool
    since: Time
    avatar: str | UnsetType = UNSET
    joined: Literal[True] | UnsetType = UNSET


class VisitedPage(Struct):
    """A page of the shop that the customer has read."""

    url: str
    title: str
    at: Time


class Card(Struct):
    """The customer card; `variables` are what the blanks of answers are filled with."""

    conversation: Conversation
    contact: Contact
    identities: list[Identity]
    pages: list[VisitedPage]
    earlier: list[Conversation]
    variables: dict[str, str | None]
