"""The nouns of the field as types: ids, and the closed lists of values they take."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType

ShopId = NewType("ShopId", str)
InboxId = NewType("InboxId", str)
AgentId = NewType("AgentId", str)
GroupId = NewType("GroupId", str)
ContactId = NewType("ContactId", str)
IdentityId = NewType("IdentityId", str)
ConversationId = NewType("ConversationId", str)
EntryId = NewType("EntryId", str)


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
    return secrets.token_hex(10)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 UTC, the store's form of a time."""
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
