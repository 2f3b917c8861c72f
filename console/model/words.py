"""The nouns of the field as types: ids, and the closed lists of values they take."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, repeat
from typing import NewType

ShopId = NewType("ShopId", str)
InboxId = NewType("InboxId", str)
AgentId = NewType("AgentId", str)
GroupId = NewType("GroupId", str)
ContactId = NewType("ContactId", str)
IdentityId = NewType("IdentityId", str)
ConversationId = NewType("ConversationId", str)
EntryId = NewType("EntryId", str)
FileId = NewType("FileId", str)


class Stage(StrEnum):
    ROBOT = "robot"
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


class Author(StrEnum):
    SHOPPER = "shopper"
    AGENT = "agent"
    ROBOT = "robot"
    SYSTEM = "system"


class Kind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    FILE = "file"
    PRODUCT = "product"
    ORDER = "order"
    RATING = "rating"
    EVENT = "event"


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    OWNER = "owner"


class Availability(StrEnum):
    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"


class Delivery(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    RETRY = "retry"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    DEAD = "dead"


def new_id() -> str:
    """80 random bits in hex: public ids are never a counter."""
    return next(_drawn)


def _draw(_: None) -> list[str]:
    # the system is asked for many at once: each question costs as much as a small unit of work
    drawn = secrets.token_hex(10 * 256)
    return [drawn[start : start + 20] for start in range(0, len(drawn), 20)]


# made of the library's own parts, which threads may share, unlike a generator
_drawn = chain.from_iterable(map(_draw, repeat(None)))


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 UTC, the store's form of a time."""
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
