"""The contract between a provider's adapter and the console: what goes in and out, how it fails.

An adapter parses and sends; it never stores, routes or logs. Of ours it imports this module alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol

import msgspec


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a shopper did, as the adapter read it.

    `person` is who did it on this inbox; `key` is the provider's or the client's own id of the
    deed, by which a repeat is known. `data` holds the card of a product or an order.
    """

    person: str
    key: str
    kind: Literal["text", "product", "order", "rating", "event"]
    text: str
    data: Mapping[str, Any] | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message of the shop on its way to a provider."""

    person: str
    key: str
    kind: str
    text: str
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took it; `provider_id` is its name for the message."""

    provider_id: str
    at: datetime


class SendFailed(Exception):
    """A send that did not succeed, classified by the adapter; the sender decides what follows."""

    def __init__(self, code: str, *, retry: bool, ambiguous: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.retry = retry
        self.ambiguous = ambiguous


class BadPayload(Exception):
    """What came in is not what the channel accepts. `field` names the part at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Config(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Base of each adapter's settings. A field whose Meta has `extra={"secret": True}` is stored
    encrypted."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do; the console shows and offers only that."""

    live: bool = False
    typing: bool = False
    recall: bool = False
    read_state: bool = False
    max_text: int = 8000


class Channel(Protocol):
    """An adapter. `kind` is its name in the registry, `Config` its settings."""

    kind: ClassVar[str]
    Config: ClassVar[type[Config]]
    abilities: ClassVar[Abilities]
