"""Who is there: windows, the grace period, and what happens to the talks of those who left."""

import asyncio

import pytest

from console.desk import Desk
from console.desk.presence import Presence
from console.events import AgentChanged, ConversationChanged
from console.model.words import AgentId, Stage
from tests.desk.house import House

ANN, BEN = AgentId("ann"), AgentId("ben")
GRACE_S = 60.0


class Stopwatch:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


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
    assert presence.overdue() == [], "each is told once"


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


async def test_words_that_come_during_a_release_are_not_lost(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=5)
    people = [await house.shopper() for _ in range(5)]
    chats = [(await house.ask(one)).message.conversation_id for one in people]
    desk.left(agent, "window of 王芳")
    asked = (house.ask(one, f"第{n}问") for one in people for n in range(6))
    await asyncio.gather(*asked, desk.floor.release(agent.id))
    for chat in chats:
        now = await house.conversation(chat)
        assert (now.stage, now.last_seq, now.unread) == (Stage.WAITING, 7, 7)
        assert [one.seq for one in await house.messages(chat)] == list(range(1, 8))


async def test_after_a_restart_agents_are_expected(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", here=False)
    await desk.expect_agents(house.shop_id)
    late = Presence(0.0)
    late.expect(agent.id)
    assert late.overdue() == [agent.id]
    assert desk.presence.overdue() == [], "a minute has not gone by"
    await desk.arrived(agent, "w1")
    assert desk.presence.here(agent.id)
