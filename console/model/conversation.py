"""A conversation and its messages as values, and the pure rules by which a conversation changes.

Two sequences: `last_seq` counts what the desk sees, `shopper_seq` what the shopper sees; a note
takes a number of the first only. `waiting_since` opens a round (the first shopper message nobody
answered), the first valid answer of a person ends it.

Values here are msgspec structs and not dataclasses: each message makes two of 25 fields, which a
frozen dataclass takes 20 us for and a struct one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from console.model.window import Window
from console.model.words import (
    AgentId,
    Author,
    ContactId,
    ConversationId,
    Delivery,
    GroupId,
    IdentityId,
    InboxId,
    Kind,
    ShopId,
    Stage,
)


class Conversation(msgspec.Struct, frozen=True, gc=False):
    """One contact on one inbox."""

    id: ConversationId
    shop_id: ShopId
    inbox_id: InboxId
    contact_id: ContactId
    identity_id: IdentityId
    stage: Stage
    created_at: datetime
    agent_id: AgentId | None = None
    group_id: GroupId | None = None
    assign_epoch: int = 0
    assign_reason: str | None = None
    waiting_since: datetime | None = None
    queued_at: datetime | None = None
    last_seq: int = 0
    shopper_seq: int = 0
    unread: int = 0
    agent_read: int = 0
    shopper_read: int = 0
    last_text: str | None = None
    last_kind: Kind | None = None
    last_author: Author | None = None
    last_at: datetime | None = None
    closed_at: datetime | None = None
    summary: str | None = None
    rating: int | None = None


class Message(msgspec.Struct, frozen=True, gc=False):
    """One message. `seq` is the desk's number, `shopper_seq` the shopper's (None for a note)."""

    id: str
    conversation_id: ConversationId
    seq: int
    shopper_seq: int | None
    author: Author
    author_id: str | None
    author_name: str | None
    kind: Kind
    text: str
    at: datetime
    client_id: str
    data: Mapping[str, Any] | None = None
    private: bool = False
    delivery: Delivery | None = None
    recalled_at: datetime | None = None


PREVIEW = 80


def asks(message: Message) -> bool:
    """Whether somebody waits for an answer to it: not where a shopper only opened a link, say."""
    if message.author is not Author.SHOPPER or message.kind is Kind.RATING:
        return False
    return message.data is None or message.data.get("asks") is not False


def with_message(conversation: Conversation, message: Message) -> Conversation:
    """The conversation after `message` took the next numbers."""
    heard = asks(message)
    answered = message.author is Author.AGENT and not message.private
    waiting = conversation.waiting_since
    if heard and waiting is None:
        waiting = message.at
    elif answered:
        waiting = None
    shown = not (message.private or message.author is Author.SYSTEM)
    return replace(
        conversation,
        last_seq=message.seq,
        shopper_seq=message.shopper_seq or conversation.shopper_seq,
        waiting_since=waiting,
        unread=conversation.unread + 1 if heard else 0 if answered else conversation.unread,
        agent_read=message.seq if answered else conversation.agent_read,
        last_text=message.text[:PREVIEW] if shown else conversation.last_text,
        last_kind=message.kind if shown else conversation.last_kind,
        last_author=message.author if shown else conversation.last_author,
        last_at=message.at if shown else conversation.last_at,
    )


def without_words(conversation: Conversation, message: Message) -> Conversation:
    """After a recall: lists do not go on showing what was taken back."""
    if conversation.last_at != message.at or conversation.last_author is not message.author:
        return conversation
    return replace(conversation, last_text="", last_kind=Kind.TEXT)


def queued(
    conversation: Conversation, *, at: datetime, group_id: GroupId | None = None
) -> Conversation:
    """Waiting for anyone of its group, in the order of `queued_at`."""
    return replace(
        conversation,
        stage=Stage.WAITING,
        agent_id=None,
        group_id=group_id or conversation.group_id,
        assign_epoch=conversation.assign_epoch + 1,
        assign_reason=None,
        queued_at=conversation.queued_at or at,
        closed_at=None,
    )


def assigned(conversation: Conversation, *, agent_id: AgentId, reason: str) -> Conversation:
    return replace(
        conversation,
        stage=Stage.OPEN,
        agent_id=agent_id,
        assign_epoch=conversation.assign_epoch + 1,
        assign_reason=reason,
        queued_at=None,
        closed_at=None,
    )


def closed(conversation: Conversation, *, at: datetime, summary: str | None) -> Conversation:
    return replace(
        conversation,
        stage=Stage.CLOSED,
        assign_epoch=conversation.assign_epoch + 1,
        waiting_since=None,
        queued_at=None,
        unread=0,
        closed_at=at,
        summary=summary or conversation.summary,
    )


def may_reopen(conversation: Conversation, *, now: datetime, hours: int) -> bool:
    """Whether a shopper's next words belong to this closed conversation or begin a new one."""
    closed_at = conversation.closed_at
    return closed_at is not None and now - closed_at <= timedelta(hours=hours)


def read_by_agent(conversation: Conversation, seq: int) -> Conversation:
    """Monotonic and bounded (R15)."""
    seq = max(conversation.agent_read, min(seq, conversation.last_seq))
    return replace(
        conversation,
        agent_read=seq,
        unread=0 if seq == conversation.last_seq else conversation.unread,
    )


def read_by_shopper(conversation: Conversation, seq: int) -> Conversation:
    """Monotonic and bounded (R15); `seq` is the desk's number of what the shopper has read."""
    return replace(
        conversation,
        shopper_read=max(conversation.shopper_read, min(seq, conversation.last_seq)),
    )


class Overview(msgspec.Struct, frozen=True, gc=False):
    """A conversation with the names an agent's list shows beside it; `granted` says that there is a
    `window`, which is filled in when it is shown."""

    conversation: Conversation
    inbox_kind: str
    inbox_name: str
    contact_name: str
    agent_name: str | None
    group_name: str | None
    page_url: str | None = None
    page_title: str | None = None
    place: int | None = None
    estimate_s: int | None = None
    granted: bool = False
    window: Window | None = None
