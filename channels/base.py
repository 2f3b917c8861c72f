"""The contract between a provider's adapter and the console: what goes in and out, how it fails.

An adapter parses and sends; it never stores, routes or logs. Of ours it imports this module alone.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Protocol

import aiohttp
import msgspec

from channels.abilities import Abilities as Abilities


@dataclass(frozen=True, slots=True)
class Grant:
    """What the provider lets us say because of a deed: so many messages, for so long from now.

    A later deed of the same `trigger` grants afresh, and adds nothing up. `messages` 0: nothing may
    be said any more, whatever was granted before.
    """

    trigger: str
    messages: int
    lasts_s: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a provider tells of a person beside the name: `union` is the same over its accounts."""

    avatar: str | None = None
    union: str | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a shopper did, as the adapter read it.

    `person` is who did it on this inbox; `key` is the provider's or the client's own id of the
    deed, by which a repeat is known. `data` holds the card of a product or an order, or what else
    a screen shows; of an image or a file `{"file": {"id": …}}`, the file having been uploaded as
    the person's own before, or `{"media": {"id", "type"}}` where the provider keeps it still, as in
    `Fetcher`. `asks` is false where nobody expects an answer: it queues nobody. `raw` is the
    provider's own payload, kept beside the message. `at` is when it was done, where that was
    another time than now.
    """

    person: str
    key: str
    kind: Literal["text", "image", "file", "product", "order", "rating", "event"]
    text: str
    data: Mapping[str, Any] | None = None
    name: str | None = None
    asks: bool = True
    grant: Grant | None = None
    raw: str | None = None
    portrait: Portrait | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a provider to an inbox's hook; the names of headers are in small letters."""

    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ring:
    """A provider says that there is something to `pull`; `word` is what it gave for that, `account`
    which of its accounts it is of, for one hook may hear for several inboxes."""

    account: str
    word: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a call brought, and what the provider hears once that is stored.

    `once` names the call itself: the console answers one that it has answered already as before,
    without effect, and forgets the name after ten minutes. `first_wins`: what comes again under
    the key of something else is that again, for this provider signs what it sends; without it that
    is a conflict.
    """

    inbound: tuple[Inbound, ...]
    answer: str
    answer_type: str = "text/plain"
    once: str = ""
    first_wins: bool = False
    ring: Ring | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A picture or another file that a provider kept, whole."""

    name: str
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message of the shop on its way to a provider.

    `key` is ours and the same at every try; `letter` likewise, and what a later word of the
    provider about this message must name. A message that leaves in parts is sent part by part:
    `part` is how many the provider has taken. Of kind `image` or `file`, `data["file"]` is what it
    is: `id, name, type, size, url`, and of a picture `width, height`; `content` is where its bytes
    are, for providers that take those.
    """

    person: str
    key: str
    kind: str
    text: str
    conversation: str
    at: datetime
    data: Mapping[str, Any] | None = None
    letter: str = ""
    part: int = 0
    content: Path | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took it; `provider_id` is its name for the message, where it has one. `more`:
    it took the part it was given, and there is another."""

    provider_id: str | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Bounced:
    """What a provider took under `letter` did not arrive after all; `code` is one of `reasons`."""

    letter: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A shopper took back what they did under `key`."""

    person: str
    key: str


@dataclass(frozen=True, slots=True)
class Page:
    """What was pulled: in order, with the place to go on from. `then` is for the adapter to do once
    that is stored; it fails at nobody's cost."""

    happened: tuple[Inbound | Bounced | TakenBack, ...]
    cursor: str
    more: bool
    then: tuple[Callable[[], Awaitable[None]], ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A provider's pass for our calls, and how long it lasts."""

    value: str = field(repr=False)
    lasts_s: float


class Tokens(Protocol):
    """Where the console keeps passes: one a name, over all processes, sealed."""

    async def get(
        self, name: str, fetch: Callable[[], Awaitable[Token]], *, stale: str = ""
    ) -> str:
        """The pass of that name, fetched by one caller at a time when there is none, when it is
        about to end, or when it is `stale`, which the provider refused. What `fetch` raises goes
        to whoever asked."""
        ...


@dataclass(frozen=True, slots=True)
class Wire:
    """What an adapter may use of the world."""

    http: aiohttp.ClientSession
    tokens: Tokens


class SendFailed(Exception):
    """A send that did not succeed, classified by the adapter; the sender decides what follows.

    `code` is one of the channel's `reasons`, `detail` what fills its sentence. `ambiguous` says
    that the message left and nobody knows whether it arrived; `most` how many tries make sense, 0
    for as many as there are; `closed` that the provider takes nothing more until the shopper does
    something.
    """

    def __init__(
        self,
        code: str,
        *,
        retry: bool,
        ambiguous: bool = False,
        detail: str = "",
        most: int = 0,
        closed: bool = False,
    ) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.retry = retry
        self.ambiguous = ambiguous
        self.detail = detail
        self.most = most
        self.closed = closed


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message is not with its reader, as agents read it; `{detail}` is filled in."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of an inbox found, and what to do about it; `zh` and `en` say the same."""

    level: Literal["ok", "warning", "error"]
    zh: str
    en: str


class BadPayload(Exception):
    """What came in is not what the channel accepts. `field` names the part at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Forged(Exception):
    """What came in does not prove that it comes from the provider. The message says what fails."""


class Unsealed(Forged):
    """What came in is in plain text, because the account there is set to a mode without seal."""


class Config(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Base of each adapter's settings: what every inbox has. A field whose Meta has
    `extra={"secret": True}` is stored encrypted."""

    reopen_hours: Annotated[int, msgspec.Meta(ge=0, le=720)] = 24
    group: Annotated[str, msgspec.Meta(max_length=200)] = ""

    @property
    def robot(self) -> bool:
        """Whether a robot speaks first: only where the shopper can ask for a person."""
        return False


class Channel(Protocol):
    """An adapter. `kind` is its name in the registry, `Config` its settings."""

    kind: ClassVar[str]
    Config: ClassVar[type[Config]]
    abilities: ClassVar[Abilities]


class Sender(Channel, Protocol):
    """An adapter whose provider must be called."""

    reasons: ClassVar[Mapping[str, Reason]]

    @staticmethod
    async def send(config: Any, outbound: Outbound, wire: Wire) -> Receipt:
        """Hand one message, or its next part, to the provider. Raises SendFailed, and nothing else
        it knows of."""
        ...


class Typist(Sender, Protocol):
    """An adapter whose provider can show that somebody is writing."""

    @staticmethod
    async def typing(config: Any, person: str, wire: Wire) -> None:
        """Show it for some seconds. Raises SendFailed, which nobody needs to hear of."""
        ...


class Fetcher(Sender, Protocol):
    """An adapter whose provider keeps what people sent as files."""

    @staticmethod
    async def media(config: Any, media_id: str, wire: Wire) -> Content:
        """Fetch one, within limits of size and type. Raises SendFailed, as `send` does."""
        ...


class Profiler(Sender, Protocol):
    """An adapter whose provider can be asked who somebody is."""

    @staticmethod
    async def profile(config: Any, person: str, wire: Wire) -> Portrait:
        """What it tells of one. Raises SendFailed, as `send` does."""
        ...


class Checker(Channel, Protocol):
    """An adapter that can try its settings at the provider."""

    @staticmethod
    async def check(config: Any, wire: Wire) -> tuple[Finding, ...]:
        """What the provider says to them. Says nothing to anybody, and raises nothing it knows."""
        ...


class Hook(Channel, Protocol):
    """An adapter whose provider calls `POST /hooks/{inbox}`."""

    @staticmethod
    def receive(config: Any, call: Call, now: datetime) -> Heard:
        """Verify and read one call. Raises Forged, or BadPayload with the field at fault."""
        ...


class Verifier(Hook, Protocol):
    """An adapter whose provider tries the address with `GET /hooks/{inbox}` first."""

    @staticmethod
    def verify(config: Any, call: Call, now: datetime) -> str:
        """What is answered to it, as plain text. Raises Forged."""
        ...


class Puller(Sender, Protocol):
    """An adapter that fetches what people wrote, a page at a time."""

    @staticmethod
    def account(config: Any) -> str:
        """Which account of the provider the inbox is, as in `Ring`."""
        ...

    @staticmethod
    async def pull(config: Any, cursor: str, ring: str, wire: Wire, now: datetime) -> Page:
        """The page after `cursor`, which is empty at the very first; `ring` is of the latest call
        that announced something, else empty. Raises SendFailed, and nothing else it knows of."""
        ...
