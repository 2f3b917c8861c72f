"""What every client wrote down of its own, and what was found stored in the end."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from bench.chaos.bodies import Body

Sent = tuple[str, int]


class Ack(NamedTuple):
    id: str
    seq: int
    duplicate: bool
    at: float


class Shown(NamedTuple):
    """A message as a reader got it: by the reader's own numbers. `body` None is none of ours."""

    id: str
    seq: int
    body: Body | None
    at: float = 0.0


@dataclass(slots=True)
class Intent:
    """One message that somebody meant to send, and what became of it as far as they know."""

    body: Body
    client_id: str
    at: float
    first_sent: float | None = None
    tries: int = 0
    acks: list[Ack] = field(default_factory=list)
    failed: str | None = None

    @property
    def settled(self) -> bool:
        return bool(self.acks) or self.failed is not None


@dataclass(slots=True)
class Reader:
    """A shopper (`secret` is theirs) or an agent (`groups`, and what was handed to them)."""

    name: str
    secret: str | None = None
    groups: frozenset[str] = frozenset()
    given: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Screen:
    """What one reader was shown of one conversation, in order; a new segment after a `resync`.

    `whole`: the reader has the right to all of it in the end, and was there to read it.
    """

    reader: str
    conversation: str
    segments: list[list[Shown]] = field(default_factory=lambda: [[]])
    whole: bool = False


@dataclass(slots=True)
class Ledger:
    """`groups_of`: every group a conversation (by its secret) was ever meant for; "" is everyone.

    `stored` is what a lead reads from the beginning after the calm, by conversation; `own` what
    each shopper reads, by secret.
    """

    readers: dict[str, Reader] = field(default_factory=dict)
    groups_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    intents: dict[Sent, Intent] = field(default_factory=dict)
    screens: dict[tuple[str, str], Screen] = field(default_factory=dict)
    heard: set[tuple[str, Body]] = field(default_factory=set)
    stored: dict[str, list[Shown]] = field(default_factory=dict)
    own: dict[str, list[Shown]] = field(default_factory=dict)

    def intend(self, body: Body, client_id: str, at: float) -> Intent:
        intent = Intent(body, client_id, at)
        self.intents[body.sender, body.n] = intent
        return intent

    def screen(self, reader: str, conversation: str) -> Screen:
        key = (reader, conversation)
        if key not in self.screens:
            self.screens[key] = Screen(reader, conversation)
        return self.screens[key]

    def unsettled(self) -> list[Intent]:
        return [one for one in self.intents.values() if not one.settled]
