"""The rules by which a conversation changes, as tables of before and after."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from console.model.conversation import (
    PREVIEW,
    Conversation,
    Message,
    assigned,
    closed,
    may_reopen,
    queued,
    read_by_agent,
    read_by_shopper,
    with_message,
)
from console.model.words import (
    AgentId,
    Author,
    ContactId,
    ConversationId,
    GroupId,
    IdentityId,
    InboxId,
    Kind,
    ShopId,
    Stage,
)

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=3)
AGENT = AgentId("a1")


def conversation(**more: Any) -> Conversation:
    given: dict[str, Any] = {"stage": Stage.OPEN, "agent_id": AGENT, "last_seq": 4} | more
    return Conversation(
        ConversationId("c1"), ShopId("s1"), InboxId("i1"), ContactId("p1"), IdentityId("d1"),
        created_at=EARLIER, **given,
    )  # fmt: skip


def message(**more: Any) -> Message:
    given: dict[str, Any] = {
        "author": Author.SHOPPER, "kind": Kind.TEXT, "text": "在吗", "shopper_seq": 4,
    } | more  # fmt: skip
    return Message(
        "m1", ConversationId("c1"), 5, author_id=None, author_name=None, at=NOW,
        client_id="key", **given,
    )  # fmt: skip


ANSWER = {"author": Author.AGENT, "text": "在的"}
NOTE = {**ANSWER, "private": True, "shopper_seq": None}
RATING = {"kind": Kind.RATING, "text": ""}
SYSTEM = {"author": Author.SYSTEM, "kind": Kind.EVENT, "text": "已转接"}
ROBOT = {"author": Author.ROBOT, "text": "您好"}


@pytest.mark.parametrize(
    ("before", "said", "waiting_since", "unread", "agent_read"),
    [
        ({}, {}, NOW, 1, 0),
        ({"waiting_since": EARLIER, "unread": 2}, {}, EARLIER, 3, 0),
        ({"waiting_since": EARLIER, "unread": 2}, ANSWER, None, 0, 5),
        ({"waiting_since": EARLIER, "unread": 2}, NOTE, EARLIER, 2, 0),
        ({"waiting_since": EARLIER, "unread": 2}, RATING, EARLIER, 2, 0),
        ({}, RATING, None, 0, 0),
        ({"waiting_since": EARLIER, "unread": 2}, SYSTEM, EARLIER, 2, 0),
        ({"waiting_since": EARLIER, "unread": 2}, ROBOT, EARLIER, 2, 0),
        ({"agent_read": 3}, ANSWER, None, 0, 5),
    ],
)
def test_a_message_opens_or_ends_a_round(
    before: dict[str, Any],
    said: dict[str, Any],
    waiting_since: datetime | None,
    unread: int,
    agent_read: int,
) -> None:
    after = with_message(conversation(**before), message(**said))
    found = (after.waiting_since, after.unread, after.agent_read)
    assert found == (waiting_since, unread, agent_read)
    assert after.last_seq == 5


@pytest.mark.parametrize(
    ("said", "preview"),
    [
        ({}, ("在吗", Kind.TEXT, Author.SHOPPER, NOW)),
        (ANSWER, ("在的", Kind.TEXT, Author.AGENT, NOW)),
        (RATING, ("", Kind.RATING, Author.SHOPPER, NOW)),
        ({"text": "长" * 200}, ("长" * PREVIEW, Kind.TEXT, Author.SHOPPER, NOW)),
        (NOTE, (None, None, None, None)),
        (SYSTEM, (None, None, None, None)),
    ],
)
def test_the_list_shows_the_last_words_both_sides_see(
    said: dict[str, Any], preview: tuple[Any, ...]
) -> None:
    after = with_message(conversation(), message(**said))
    assert (after.last_text, after.last_kind, after.last_author, after.last_at) == preview


def test_a_note_takes_no_number_of_the_shopper() -> None:
    before = conversation(shopper_seq=3)
    assert with_message(before, message(**NOTE)).shopper_seq == 3
    assert with_message(before, message(**ANSWER)).shopper_seq == 4


def test_queued_keeps_its_place_and_forgets_the_agent() -> None:
    open_one = conversation(assign_epoch=2, assign_reason="taken", closed_at=EARLIER)
    after = queued(open_one, at=NOW)
    assert (after.stage, after.agent_id, after.assign_reason) == (Stage.WAITING, None, None)
    assert (after.queued_at, after.assign_epoch, after.closed_at) == (NOW, 3, None)
    assert queued(after, at=NOW + timedelta(hours=1)).queued_at == NOW
    assert after.group_id is None
    bound = queued(after, at=NOW, group_id=GroupId("g1"))
    assert bound.group_id == "g1"
    assert queued(bound, at=NOW).group_id == "g1", "no group given means the one it has"


def test_assigned_leaves_the_queue() -> None:
    waiting = queued(conversation(waiting_since=EARLIER), at=NOW)
    after = assigned(waiting, agent_id=AGENT, reason="only_one")
    assert (after.stage, after.agent_id, after.assign_reason) == (Stage.OPEN, AGENT, "only_one")
    assert (after.queued_at, after.assign_epoch) == (None, waiting.assign_epoch + 1)
    assert after.waiting_since == EARLIER, "the shopper has no answer yet"


def test_closed_keeps_the_agent_and_an_old_summary() -> None:
    before = conversation(waiting_since=EARLIER, queued_at=EARLIER, unread=2, summary="旧")
    after = closed(before, at=NOW, summary=None)
    assert (after.stage, after.agent_id, after.closed_at) == (Stage.CLOSED, AGENT, NOW)
    assert (after.waiting_since, after.queued_at, after.unread) == (None, None, 0)
    assert (after.summary, after.assign_epoch) == ("旧", before.assign_epoch + 1)
    assert closed(before, at=NOW, summary="新").summary == "新"


@pytest.mark.parametrize(
    ("closed_at", "hours", "may"),
    [
        (None, 24, False),
        (NOW, 0, True),
        (NOW - timedelta(milliseconds=1), 0, False),
        (NOW - timedelta(hours=24), 24, True),
        (NOW - timedelta(hours=24, milliseconds=1), 24, False),
    ],
)
def test_may_reopen(closed_at: datetime | None, hours: int, may: bool) -> None:
    assert may_reopen(conversation(closed_at=closed_at), now=NOW, hours=hours) is may


@pytest.mark.parametrize(
    ("was", "seq", "now", "unread"),
    [(2, 3, 3, 5), (3, 2, 3, 5), (2, 4, 4, 0), (2, 99, 4, 0), (2, -1, 2, 5)],
)
def test_read_by_agent_only_rises_and_never_passes_the_end(
    was: int, seq: int, now: int, unread: int
) -> None:
    after = read_by_agent(conversation(agent_read=was, unread=5), seq)
    assert (after.agent_read, after.unread) == (now, unread)


@pytest.mark.parametrize(("was", "seq", "now"), [(2, 3, 3), (3, 2, 3), (2, 99, 4), (0, -1, 0)])
def test_read_by_shopper_only_rises_and_never_passes_the_end(was: int, seq: int, now: int) -> None:
    before = conversation(shopper_read=was, unread=5)
    assert read_by_shopper(before, seq) == replace(before, shopper_read=now)


def test_what_asks_nothing_keeps_nobody_waiting() -> None:
    sign = message(author=Author.SHOPPER, kind=Kind.EVENT, data={"asks": False})
    after = with_message(conversation(), sign)
    assert (after.waiting_since, after.unread, after.last_seq) == (None, 0, sign.seq)
