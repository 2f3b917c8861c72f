"""A letter: one message on its way to a provider; and the pure rules of how its way goes on.

`queued -> sending -> sent`, or `retry` and again, or `unconfirmed` (it left, nobody knows), or
`dead`. The last two wait for a person, who sends it again or dismisses it as `failed`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from console.model.words import ConversationId, Delivery, InboxId, Kind

BACK_OFF_S = (1, 5, 15, 60, 300, 900)
JITTER = 0.2
LONGEST = timedelta(hours=24)

WAITING = frozenset({Delivery.QUEUED, Delivery.RETRY})
UNDELIVERED = frozenset({Delivery.DEAD, Delivery.UNCONFIRMED})
RESENT_FROM = UNDELIVERED | {Delivery.FAILED}
DISMISSED_FROM = UNDELIVERED | {Delivery.RETRY}
REASONED = UNDELIVERED | {Delivery.RETRY, Delivery.FAILED}


@dataclass(frozen=True, slots=True)
class Letter:
    """`attempts` counts all tries, `tries` those since `since`, when it was queued or sent again.

    `lease_epoch` is under whose lease the latest try was made; `reason` is why it is not there.
    `parts` counts what the provider has taken of one that leaves in parts: no try repeats those.
    """

    id: str
    conversation_id: ConversationId
    seq: int
    inbox_id: InboxId
    state: Delivery
    created_at: datetime
    since: datetime
    due_at: datetime
    attempts: int = 0
    tries: int = 0
    lease_epoch: int = 0
    provider_id: str | None = None
    reason: str | None = None
    called_at: datetime | None = None
    ended_at: datetime | None = None
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter as the screen of undelivered messages shows it."""

    letter: Letter
    inbox: tuple[str, str]
    contact: tuple[str, str]
    author: tuple[str, str] | None
    kind: Kind
    text: str
    at: datetime


def calling(letter: Letter, *, epoch: int, at: datetime) -> Letter:
    """Written down before the provider is called."""
    return replace(
        letter,
        state=Delivery.SENDING,
        attempts=letter.attempts + 1,
        tries=letter.tries + 1,
        lease_epoch=epoch,
        called_at=at,
        reason=None,
    )


def part_taken(letter: Letter) -> Letter:
    """One part is there, another follows under the same try."""
    return replace(letter, parts=letter.parts + 1)


def taken(letter: Letter, *, provider_id: str | None, at: datetime) -> Letter:
    """All of it, or the last part."""
    return replace(
        letter,
        state=Delivery.SENT,
        provider_id=provider_id,
        ended_at=at,
        reason=None,
        parts=letter.parts + 1,
    )


def bounced(letter: Letter, *, reason: str, at: datetime) -> Letter:
    """The provider took it, and says later that it did not arrive: none of its parts counts."""
    return replace(letter, state=Delivery.DEAD, reason=reason, ended_at=at, parts=0)


def not_taken(letter: Letter, *, again: bool, reason: str, at: datetime, luck: float) -> Letter:
    """Tried again later, for 24 hours at most; at once dead where that makes no sense."""
    due = at + back_off(letter.tries, luck)
    if again and due - letter.since <= LONGEST:
        return replace(letter, state=Delivery.RETRY, due_at=due, reason=reason)
    return replace(letter, state=Delivery.DEAD, ended_at=at, reason=reason)


def unconfirmed(letter: Letter, *, reason: str, at: datetime) -> Letter:
    """It left and nobody knows whether it arrived: a person decides (R20)."""
    return replace(letter, state=Delivery.UNCONFIRMED, ended_at=at, reason=reason)


def resent(letter: Letter, *, at: datetime) -> Letter:
    """From the beginning, in the same place."""
    return replace(
        letter,
        state=Delivery.QUEUED,
        since=at,
        due_at=at,
        tries=0,
        reason=None,
        ended_at=None,
    )


def given_up(letter: Letter, *, reason: str | None, at: datetime) -> Letter:
    """A person decided against it."""
    return replace(letter, state=Delivery.FAILED, ended_at=at, reason=reason or letter.reason)


def back_off(tries: int, luck: float) -> timedelta:
    """How long to wait after a try; `luck`, from 0 to 1, keeps many from coming back at once."""
    step = BACK_OFF_S[min(max(tries, 1), len(BACK_OFF_S)) - 1]
    return timedelta(seconds=step * (1 + JITTER * luck))
