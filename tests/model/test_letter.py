"""How a letter's way goes on, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from console.model import letter as rules
from console.model.letter import BACK_OFF_S, LONGEST, Letter
from console.model.words import ConversationId, Delivery, InboxId

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
QUEUED = Letter(
    "l",
    ConversationId("c"),
    2,
    InboxId("i"),
    Delivery.QUEUED,
    created_at=NOW,
    since=NOW,
    due_at=NOW,
)


def failing(letter: Letter, at: datetime, luck: float = 0.0) -> Letter:
    called = rules.calling(letter, epoch=1, at=at)
    return rules.not_taken(called, again=True, reason="r", at=at, luck=luck)


def test_pauses_grow_and_then_stay() -> None:
    letter, at, pauses = QUEUED, NOW, []
    for _ in range(8):
        letter = failing(letter, at)
        pauses.append((letter.due_at - at).total_seconds())
        at = letter.due_at
    assert pauses == [*BACK_OFF_S, 900, 900]
    assert (letter.attempts, letter.tries, letter.state) == (8, 8, Delivery.RETRY)


@pytest.mark.parametrize(("luck", "pause"), [(0.0, 1.0), (0.5, 1.1), (1.0, 1.2)])
def test_luck_spreads_the_tries(luck: float, pause: float) -> None:
    assert (failing(QUEUED, NOW, luck).due_at - NOW).total_seconds() == pytest.approx(pause)


def test_a_day_is_the_end() -> None:
    letter, at = QUEUED, NOW
    while letter.state is not Delivery.DEAD:
        assert at - NOW <= LONGEST
        letter = failing(letter, at, luck=1.0)
        at = max(at, letter.due_at)
    assert LONGEST - timedelta(seconds=1200) < at - NOW <= LONGEST
    assert (letter.reason, letter.ended_at) == ("r", at)
    again = rules.resent(letter, at=at)
    assert (again.state, again.tries, again.attempts) == (Delivery.QUEUED, 0, letter.attempts)
    assert (again.since, again.due_at, again.reason, again.ended_at) == (at, at, None, None)
    assert failing(again, at).state is Delivery.RETRY, "sending again begins a new day"


def test_what_makes_no_sense_is_not_tried_again() -> None:
    called = rules.calling(QUEUED, epoch=7, at=NOW)
    assert (called.state, called.lease_epoch, called.called_at) == (Delivery.SENDING, 7, NOW)
    dead = rules.not_taken(called, again=False, reason="no", at=NOW, luck=0.0)
    assert (dead.state, dead.reason) == (Delivery.DEAD, "no")
    assert rules.unconfirmed(called, reason="?", at=NOW).state is Delivery.UNCONFIRMED
    sent = rules.taken(called, provider_id="p1", at=NOW)
    assert (sent.state, sent.provider_id, sent.ended_at) == (Delivery.SENT, "p1", NOW)


def test_giving_up_keeps_the_reason_that_was_there() -> None:
    dead = rules.not_taken(QUEUED, again=False, reason="no", at=NOW, luck=0.0)
    assert rules.given_up(dead, reason=None, at=NOW).reason == "no"
    assert rules.given_up(dead, reason="recalled", at=NOW).reason == "recalled"
