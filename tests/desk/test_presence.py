"""Who is there: windows, the grace period, and what happens to the talks of those who left."""

import asyncio

import pytest

from console.desk import Desk
from console.desk.presence import FREEZE_S, TTL_S, Presence
from console.events import AgentChanged, ConversationChanged, MessageAdded
from console.model.refusal import Refused
from console.model.words import AgentId, Author, Availability, Kind, Stage
from tests.desk.house import House, Stopwatch

ANN, BEN = AgentId("ann"), AgentId("ben")
GRACE_S = 60.0


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def presence(stopwatch: Stopwatch) -> Presence:
    return Presence(GRACE_S, stopwatch)


def test_an_agent_is_there_while_one_window_is(presence: Presence) -> None:
    assert presence.arrive(ANN, "w1")
    assert not presence.arrive(ANN, "w2"), "was there already"
    assert not presence.leave(ANN, "w1")
    assert presence.here(ANN)
    assert presence.leave(ANN, "w2")
    assert (presence.here(ANN), presence.present()) == (False, frozenset())
    assert not presence.leave(ANN, "w2"), "gone already"
    assert not presence.leave(BEN, "w9"), "never was there"
    presence.arrive(BEN, "w3")
    assert presence.present() == {BEN}


@pytest.mark.parametrize(
    ("away", "overdue"),
    [(0.0, []), (5.0, []), (55.0, []), (59.9, []), (60.0, [ANN]), (65, [ANN])],
)
def test_the_grace_period(
    presence: Presence, stopwatch: Stopwatch, away: float, overdue: list[AgentId]
) -> None:
    presence.arrive(ANN, "w1")
    stopwatch.at += 1000
    presence.leave(ANN, "w1")
    stopwatch.at += away
    assert presence.overdue() == overdue
    assert presence.overdue() == overdue, "until they are settled"
    presence.settle(ANN)
    assert presence.overdue() == []


def test_back_in_time_nothing_happened(presence: Presence, stopwatch: Stopwatch) -> None:
    presence.arrive(ANN, "w1")
    presence.leave(ANN, "w1")
    stopwatch.at += 55
    assert presence.arrive(ANN, "w2")
    stopwatch.at += 1000
    assert presence.overdue() == []


def test_after_a_restart_those_who_hold_talks_have_the_grace(
    presence: Presence, stopwatch: Stopwatch
) -> None:
    presence.arrive(BEN, "w1")
    for one in (ANN, BEN):
        presence.expect(one)
    stopwatch.at += 30
    presence.expect(ANN)
    stopwatch.at += 30
    assert presence.overdue() == [ANN], "and expecting twice does not begin anew"


def test_whoever_is_silent_is_not_there_and_may_speak_again(
    presence: Presence, stopwatch: Stopwatch
) -> None:
    """A connection nobody closed, as of a laptop that was shut: heard of no more, and again."""
    heard: dict[object, float] = {}
    for agent, windows in ((ANN, ("w1", "w2")), (BEN, ("w3",))):
        for window in windows:
            presence.arrive(agent, window)
    stopwatch.at += TTL_S - 1
    heard["w2"] = stopwatch.at
    assert presence.sweep(heard.get) == []
    stopwatch.at += 1
    assert presence.sweep(heard.get) == [BEN]
    assert presence.present() == {ANN}, "one window is enough"
    stopwatch.at += TTL_S - 1
    assert presence.sweep(heard.get) == [ANN]
    stopwatch.at += GRACE_S - TTL_S + 1
    assert presence.overdue() == [BEN], "the grace begins when the silence is noticed"
    heard["w3"] = stopwatch.at
    assert presence.sweep(heard.get) == [BEN]
    assert presence.overdue() == []
    assert presence.present() == {BEN}
    assert not presence.leave(ANN, "w1")
    assert not presence.leave(ANN, "w2"), "gone already"
    assert presence.leave(BEN, "w3")


def crowd(presence: Presence, size: int) -> list[AgentId]:
    agents = [AgentId(f"agent {number}") for number in range(size)]
    for one in agents:
        presence.arrive(one, one)
    return agents


@pytest.mark.parametrize(
    ("size", "gone", "apart_s", "storms"),
    [
        (3, 3, 0.0, 1),
        (9, 3, 4.0, 1),
        (10, 3, 0.0, 0),  # not more than 30 %
        (10, 4, 3.0, 1),
        (2, 2, 0.0, 0),  # too few to tell
        (9, 9, 6.0, 0),  # going home, not within ten seconds
    ],
)
def test_a_storm_is_many_at_once(
    presence: Presence, stopwatch: Stopwatch, size: int, gone: int, apart_s: float, storms: int
) -> None:
    for one in crowd(presence, size)[:gone]:
        presence.leave(one, one)
        stopwatch.at += apart_s
    assert presence.storms == storms


def test_in_a_storm_nothing_is_taken_from_anybody(
    presence: Presence, stopwatch: Stopwatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, *others = crowd(presence, 4)
    presence.leave(first, first)
    stopwatch.at += GRACE_S - 1
    for one in others:
        presence.leave(one, one)
    assert caplog.messages == [
        "3 of 3 agents vanished within 10 s: nothing is taken from them for 90 s"
    ]
    stopwatch.at += FREEZE_S - 1
    assert presence.overdue() == [], "not even from who left before"
    assert presence.arrive(others[0], "again")
    stopwatch.at += 1
    assert set(presence.overdue()) == {first, *others[1:]}


def test_the_same_few_who_come_and_go_are_no_storm(
    presence: Presence, stopwatch: Stopwatch
) -> None:
    first, second, *_ = crowd(presence, 4)
    for _ in range(3):
        for one in (first, second):
            presence.leave(one, one)
            presence.arrive(one, one)
    assert presence.storms == 0


def test_who_is_missed_after_the_grace_is_overdue_at_once(
    presence: Presence, stopwatch: Stopwatch
) -> None:
    presence.miss(BEN)
    assert presence.overdue() == [], "never seen: the grace begins"
    presence.arrive(ANN, "w1")
    presence.miss(ANN)
    presence.leave(ANN, "w1")
    stopwatch.at += GRACE_S
    assert set(presence.overdue()) == {ANN, BEN}
    for one in (ANN, BEN):
        presence.settle(one)
    stopwatch.at += GRACE_S
    presence.expect(BEN)
    presence.miss(ANN)
    assert presence.overdue() == [ANN], "who is given something has the grace anew"


async def test_a_window_more_or_less_is_told_when_it_matters(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", here=False)
    chat = await house.chat()
    house.heard.clear()
    await desk.arrived(agent, "w1")
    assert house.told(AgentChanged)[0] == AgentChanged(house.shop_id, agent.id)
    assert (await house.conversation(chat)).agent_id == agent.id, "and the queue moves"
    told = len(house.heard)
    await desk.arrived(agent, "w2")
    desk.left(agent, "w1")
    assert len(house.heard) == told
    desk.left(agent, "w2")
    assert house.heard[told:] == [AgentChanged(house.shop_id, agent.id)]
    late = await house.chat()
    assert (await house.conversation(late)).stage is Stage.WAITING, "no new talk at once"
    assert (await house.conversation(chat)).agent_id == agent.id, "but the old ones stay"


async def test_release_puts_the_unanswered_at_the_head(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=3)
    answered, unanswered, finished = [await house.chat() for _ in range(3)]
    await house.answer(agent, answered)
    await desk.floor.close(agent, finished, None)
    house.clock.forward(minutes=5)
    desk.left(agent, "window of 王芳")
    waiting = await house.chat()
    house.heard.clear()
    assert await desk.floor.release(agent.id) == 1
    now = await house.conversation(unanswered)
    assert (now.stage, now.agent_id, now.queued_at) == (Stage.WAITING, None, now.waiting_since)
    assert [(await house.overview(one)).place for one in (unanswered, waiting)] == [1, 2]
    assert (await house.conversation(answered)).agent_id == agent.id
    assert (await house.conversation(finished)).stage is Stage.CLOSED
    (changed,) = house.told(ConversationChanged)
    assert changed.before is not None
    assert (changed.before.agent_id, changed.overview.conversation) == (agent.id, now)
    assert [(row["conversation"], row["agent"]) for row in await house.logged("released")] == [
        (unanswered, agent.id)
    ]
    other = await house.agent("李雷", capacity=1)
    assert (await house.conversation(unanswered)).agent_id == other.id
    assert await desk.floor.release(agent.id) == 0


async def test_who_was_let_down_stands_before_everybody(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=2)
    early, late = await house.shopper(), await house.shopper()
    chats = [(await house.ask(one)).message.conversation_id for one in (early, late)]
    for chat in chats:
        await house.answer(agent, chat)
    newcomer = await house.chat()
    for one in (early, late):
        house.clock.forward(minutes=1)
        await house.ask(one, "还在吗")
    desk.left(agent, "window of 王芳")
    assert await desk.floor.release(agent.id) == 2
    assert [(await house.overview(one)).place for one in (*chats, newcomer)] == [1, 2, 3]


async def test_a_note_inside_says_why_and_who_comes_back_sees_it(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", "售前")
    chat = await house.chat()
    desk.left(agent, "window of 王芳")
    house.heard.clear()
    await desk.floor.release(agent.id)
    note = (await house.messages(chat))[-1]
    assert (note.author, note.kind, note.private, note.seq) == (Author.SYSTEM, Kind.EVENT, True, 2)
    assert note.text == "客服 王芳 已离线，会话回到排队"
    assert note.data == {"released": {"agent": "王芳"}}
    assert [one.text for one in await house.seen_by_shopper(chat)] == ["在吗"]
    assert [one.message for one in house.told(MessageAdded)] == [note]
    other = await house.agent("李雷")
    await house.answer(other, chat, "我来")
    await desk.arrived(agent, "a new window")
    state = await desk.views.desk(agent, {chat: 1})
    (seen,) = state.overviews
    assert (seen.conversation.agent_id, seen.agent_name) == (other.id, "李雷")
    assert [one.text for one in state.messages] == [note.text, "我来"]


async def test_who_came_back_meanwhile_loses_nothing(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    before = await house.conversation(chat)
    assert await desk.floor.release(agent.id) == 0
    assert await house.conversation(chat) == before


@pytest.mark.parametrize(("away", "back"), [(5.0, True), (55.0, True), (65.0, False)])
async def test_an_agent_drops_and_returns(
    house: House, desk: Desk, away: float, back: bool
) -> None:
    """F21: within the grace nothing happened; after it the talk is in the queue, and no word is
    lost either way."""
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    epoch = (await house.conversation(chat)).assign_epoch
    desk.left(agent, "window of 王芳")
    for second in range(int(away)):
        house.stopwatch.at += 1
        if second % 20 == 0:
            await house.ask(person, f"第{second}秒")
        await desk.watch({}.get)
    await desk.arrived(agent, "a new window")
    now = await house.conversation(chat)
    assert (now.agent_id, now.assign_epoch == epoch) == (agent.id, back), "or given back to them"
    assert len(await house.logged("released")) == (not back)
    texts = [one.text for one in await house.seen_by_shopper(chat)]
    assert texts == ["在吗", *(f"第{second}秒" for second in range(0, int(away), 20))]


async def test_words_to_one_who_is_long_gone_go_to_the_queue(house: House, desk: Desk) -> None:
    """An answered talk stays with its agent; the next words do not wait for them (R28)."""
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    await house.answer(agent, chat)
    desk.left(agent, "window of 王芳")
    house.stopwatch.at += 1000
    await desk.watch({}.get)
    assert (await house.conversation(chat)).agent_id == agent.id
    await house.ask(person, "还有个问题")
    await desk.watch({}.get)
    assert (await house.conversation(chat)).stage is Stage.WAITING


async def test_a_release_that_fails_is_tried_again(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    desk.left(agent, "window of 王芳")
    house.stopwatch.at += GRACE_S
    with monkeypatch.context() as broken:

        async def away(_: object) -> None:
            raise Refused("unavailable", "store: database out of reach")

        broken.setattr(house.store, "write", away)
        with pytest.raises(Refused):
            await desk.watch({}.get)
    await desk.watch({}.get)
    assert (await house.conversation(chat)).stage is Stage.WAITING


async def test_a_talk_reopened_by_its_shopper(house: House, desk: Desk) -> None:
    """R30: it goes back to who had it, and to the queue when they are not there."""
    agent = await house.agent("王芳")
    other = await house.agent("李雷", state=Availability.BUSY)
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    await desk.floor.close(agent, chat, None)
    await house.ask(person, "还有")
    assert (await house.conversation(chat)).agent_id == agent.id
    await desk.floor.close(agent, chat, None)
    desk.left(agent, "window of 王芳")
    await house.ask(person, "还有")
    assert (await house.conversation(chat)).stage is Stage.WAITING
    await desk.floor.available(other, Availability.AVAILABLE, None)
    assert (await house.conversation(chat)).agent_id == other.id


async def test_words_that_come_during_a_release_are_not_lost(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=5)
    people = [await house.shopper() for _ in range(5)]
    chats = [(await house.ask(one)).message.conversation_id for one in people]
    desk.left(agent, "window of 王芳")
    asked = (house.ask(one, f"第{n}问") for one in people for n in range(6))
    await asyncio.gather(*asked, desk.floor.release(agent.id))
    for chat in chats:
        now = await house.conversation(chat)
        assert (now.stage, now.last_seq, now.shopper_seq, now.unread) == (Stage.WAITING, 8, 7, 7)
        assert [one.seq for one in await house.messages(chat)] == list(range(1, 9))


async def test_after_a_restart_agents_are_expected(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", here=False)
    await desk.expect_agents(house.shop_id)
    late = Presence(0.0)
    late.expect(agent.id)
    assert late.overdue() == [agent.id]
    assert desk.presence.overdue() == [], "a minute has not gone by"
    await desk.arrived(agent, "w1")
    assert desk.presence.here(agent.id)
