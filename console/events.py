"""What happened, told after the commit to whoever shows it. A lost one is no lost message.

A listener that fails is logged and the walk goes on: the deed is done already (a failing
consequence never undoes a deed). Listeners are called in order of publication and must not block.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from console.failpoints import Failpoints
from console.model.conversation import Conversation, Message, Overview
from console.model.offer import Offer
from console.model.words import AgentId, Author, Delivery, InboxId, ShopId

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MessageAdded:
    conversation: Conversation
    message: Message


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """`before` is what it was, so that those who no longer may see it are told that it is gone."""

    overview: Overview
    before: Conversation | None


@dataclass(frozen=True, slots=True)
class ReadByShopper:
    conversation: Conversation
    seq: int


@dataclass(frozen=True, slots=True)
class ReadByAgent:
    """`shopper_seq` is the shopper's own number."""

    conversation: Conversation
    shopper_seq: int


@dataclass(frozen=True, slots=True)
class Recalled:
    conversation: Conversation
    message: Message


@dataclass(frozen=True, slots=True)
class FileArrived:
    """A file that a message waited for is here, or will never be."""

    conversation: Conversation
    message: Message


@dataclass(frozen=True, slots=True)
class Typing:
    conversation: Conversation
    author: Author
    author_id: str | None
    name: str | None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class AgentChanged:
    """Availability, presence or load of an agent may differ from what was last shown."""

    shop_id: ShopId
    agent_id: AgentId


@dataclass(frozen=True, slots=True)
class QueueMoved:
    shop_id: ShopId


@dataclass(frozen=True, slots=True)
class Hint:
    """A suggestion as shown: `why` are spans of the shopper's text, in code points, and `matched`
    those of `phrase`, the entry's closest phrasing; `lift` is what the shop's own use has added to
    the score, `pictures` are files that go with the answer."""

    entry: str
    score: float
    text: str
    question: str
    why: tuple[tuple[int, int], ...]
    phrase: str = ""
    matched: tuple[tuple[int, int], ...] = ()
    sure: bool = False
    lift: float = 0.0
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What was shown scored `show` at least; a first that is sure scored `sure` and led by
    `lead`."""

    show: float
    sure: float
    lead: float


@dataclass(frozen=True, slots=True)
class Suggested:
    conversation: Conversation
    for_seq: int
    items: tuple[Hint, ...]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Judged:
    """An offer is on record, or what became of it is: what it was before (None: not there)."""

    before: Offer | None
    after: Offer


@dataclass(frozen=True, slots=True)
class ShelfChanged:
    """Entries were written: those named, or without names any of them."""

    shop_id: ShopId
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewChanged:
    """More or less of what agents propose waits for a lead."""

    shop_id: ShopId


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """A message of the shop moved on its way to a provider; `reason` is the kept one."""

    conversation: Conversation
    seq: int
    state: Delivery
    reason: str | None


@dataclass(frozen=True, slots=True)
class UndeliveredChanged:
    """More or fewer messages wait for a person to send them again."""

    shop_id: ShopId


@dataclass(frozen=True, slots=True)
class Rung:
    """A provider says that there is something to fetch for an inbox."""

    inbox_id: InboxId


@dataclass(frozen=True, slots=True)
class SessionEnded:
    token_hash: str


@dataclass(frozen=True, slots=True)
class Flood:
    """So much was turned away, from so many addresses; 0 when it is over."""

    shop_id: ShopId
    turned_away: int
    addresses: int


Event = (
    MessageAdded
    | ConversationChanged
    | ReadByShopper
    | ReadByAgent
    | Recalled
    | FileArrived
    | Typing
    | AgentChanged
    | QueueMoved
    | Suggested
    | Judged
    | ShelfChanged
    | ReviewChanged
    | DeliveryChanged
    | UndeliveredChanged
    | Rung
    | SessionEnded
    | Flood
)
Listener = Callable[[Event], None]


@dataclass(slots=True)
class Events:
    """The house's one loudspeaker."""

    failpoints: Failpoints = field(default_factory=Failpoints)
    _listeners: list[tuple[Listener, tuple[type[Event], ...]]] = field(default_factory=list)
    _of_kind: dict[type[Event], list[Listener]] = field(default_factory=dict)

    def subscribe(self, listener: Listener, *kinds: type[Event]) -> None:
        """Tell it events of these kinds; without any, all of them."""
        self._listeners.append((listener, kinds))
        self._of_kind.clear()

    def publish(self, *events: Event) -> None:
        for event in events:
            kind = type(event)
            listeners = self._of_kind.get(kind)
            if listeners is None:
                listeners = [one for one, kinds in self._listeners if not kinds or kind in kinds]
                self._of_kind[kind] = listeners
            for listener in listeners:
                try:
                    listener(event)
                except Exception:
                    log.exception("listener failed on %s", type(event).__name__)
            if isinstance(event, MessageAdded):
                self.failpoints.hit("after_publish")
