"""The contract between a provider's adapter and the console: what goes in and out, how it fails.

An adapter parses and sends; it never stores, routes or logs. Of ours it imports this module alone.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Protocol

import aiohttp
import msgspec


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a shopper did, as the adapter read it.

    `person` is who did it on this inbox; `key` is the provider's or the client's own id of the
    deed, by which a repeat is known. `data` holds the card of a product or an order; of an image or
    a file `{"file": {"id": …}}`, the file having been uploaded as the person's own before.
    """

    person: str
    key: str
    kind: Literal["text", "image", "file", "product", "order", "rating", "event"]
    text: str
    data: Mapping[str, Any] | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a provider to an inbox's hook; the names of headers are in small letters."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """What a call brought, and what the provider hears once that is stored."""

    inbound: tuple[Inbound, ...]
    answer: str
    answer_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message of the shop on its way to a provider. `key` is ours and the same at every try.

    Of kind `image` or `file`, `data["file"]` is what it is: `id, name, type, size, url`, and of a
    picture `width, height`; `content` is where its bytes are, for providers that take those.
    """

    person: str
    key: str
    kind: str
    text: str
    conversation: str
    at: datetime
    data: Mapping[str, Any] | None = None
    content: Path | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took it; `provider_id` is its name for the message, where it has one."""

    provider_id: str | None = None


class SendFailed(Exception):
    """A send that did not succeed, classified by the adapter; the sender decides what follows.

    `code` is one of the channel's `reasons`, `detail` what fills its sentence. `ambiguous` says
    that the message left and nobody knows whether it arrived.
    """

    def __init__(
        self, code: str, *, retry: bool, ambiguous: bool = False, detail: str = ""
    ) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.retry = retry
        self.ambiguous = ambiguous
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message is not with its reader, as agents read it; `{detail}` is filled in."""

    zh: str
    en: str


class BadPayload(Exception):
    """What came in is not what the channel accepts. `field` names the part at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Forged(Exception):
    """What came in does not prove that it comes from the provider. The message says what fails."""


class Config(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Base of each adapter's settings: what every inbox has. A field whose Meta has
    `extra={"secret": True}` is stored encrypted."""

    reopen_hours: Annotated[int, msgspec.Meta(ge=0, le=720)] = 24
    group: Annotated[str, msgspec.Meta(max_length=200)] = ""

    @property
    def robot(self) -> bool:
        """Whether a robot speaks first: only where the shopper can ask for a person."""
        return False


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do; the console shows and offers only that.

    `live`: the desk pushes, there is no `send`. `hook`: its provider calls us, there is `receive`
    as in `Hook`. `idempotent`: who gets a message twice shows it once, so that one of which nobody
    knows whether it arrived is simply sent again. A message holds `max_text`, counted in `unit`:
    characters, or the bytes of their UTF-8.
    """

    live: bool = False
    hook: bool = False
    idempotent: bool = False
    typing: bool = False
    recall: bool = False
    read_state: bool = False
    max_text: int = 8000
    unit: Literal["characters", "bytes"] = "characters"

    def length_of(self, text: str) -> int:
        """In the channel's own unit."""
        return len(text) if self.unit == "characters" else len(text.encode("utf-8", "replace"))

    def parts(self, text: str) -> list[str]:
        """The messages that a text becomes, none longer than the channel takes and none blank.

        Between two of them lies the end of a line, else of a sentence, else of a clause, where
        there is one in the second half, or else the end of what is seen as one character.
        """
        found, left = [], text
        while self.length_of(left) > self.max_text:
            cut = _seam(left, self._held(left))
            found.append(left[:cut].rstrip())
            left = left[cut:].lstrip()
        return [one for one in (*found, left) if one.strip()]

    def _held(self, text: str) -> int:
        """How many code points of a text fit, one at least."""
        most = text[: self.max_text]
        if self.unit == "bytes":
            cut = most.encode("utf-8", "replace")[: self.max_text]
            most = cut.decode("utf-8", "ignore")
        return max(1, len(most))


class Channel(Protocol):
    """An adapter. `kind` is its name in the registry, `Config` its settings."""

    kind: ClassVar[str]
    Config: ClassVar[type[Config]]
    abilities: ClassVar[Abilities]


class Sender(Channel, Protocol):
    """An adapter whose provider must be called."""

    reasons: ClassVar[Mapping[str, Reason]]

    @staticmethod
    async def send(config: Any, outbound: Outbound, http: aiohttp.ClientSession) -> Receipt:
        """Hand one message to the provider. Raises SendFailed, and nothing else it knows of."""
        ...


class Hook(Channel, Protocol):
    """An adapter whose provider calls `POST /hooks/{inbox}`."""

    @staticmethod
    def receive(config: Any, call: Call, now: datetime) -> Heard:
        """Verify and read one call. Raises Forged, or BadPayload with the field at fault."""
        ...


_SEAMS = [
    re.compile(r"\n"),
    re.compile(r"[。！？；…][”’」』）]?|[.!?;](?=\s)"),
    re.compile(r"[，、,：:](?=\s|[^\x00-\x7f])|\s"),
]
_JOINER = "\u200d"


def _seam(text: str, end: int) -> int:
    """Where to cut a text of which the first `end` code points fit."""
    half = end // 2
    for seam in _SEAMS:
        found = [
            one.start() if one.group().isspace() else one.end()
            for one in seam.finditer(text, half, end + 1)
        ]
        if inside := [place for place in found if half < place <= end]:
            return inside[-1]
    cut = end
    while cut > half and _belongs(text, cut):
        cut -= 1
    return cut if cut > half else end


def _belongs(text: str, place: int) -> bool:
    """Whether a code point is one character with the one before it."""
    here = text[place]
    return (
        here == _JOINER
        or text[place - 1] == _JOINER
        or unicodedata.category(here) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= here <= "\U0001f3ff"
    )
