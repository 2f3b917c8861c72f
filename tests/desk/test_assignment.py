"""Who gets what: first come first served, by group, load and capacity. Races: test_races."""

import asyncio
from datetime import timedelta

import pytest

from console.desk import Desk
from console.events import AgentChanged, ConversationChanged, QueueMoved
from console.model.words import Availability, Stage
from tests.desk.house import House

CROWD = 20
LIMIT = 3


async def test_many_who_take_the_next_get_different_ones(house: House, desk: Desk) -> None:
    agents = [
        await house.agent(f"客服{n}", state=Availability.BUSY, here=False) for n in range(CROWD)
    ]
    chats = []
    for _ in range(LIMIT):
        chats.append(await house.chat())
        house.clock.forward(seconds=1)
    done = await asyncio.gather(
        *(desk.floor.take(one, None) for one in agents), return_exceptions=True
    )
    got = [one.conversation.id for one in done if not isinstance(one, BaseException)]
    assert sorted(got) == sorted(chats)
    refused = [one for one in done if isinstance(one, BaseException)]
    assert [str(one) for one in refused] == ["not_found: nobody is waiting"] * (CROWD - LIMIT)


async def test_first_come_first_served(house: House, desk: Desk) -> None:
    chats = []
    for _ in range(5):
        chats.append(await house.chat())
        house.clock.forward(seconds=10)
    assert [(await house.overview(one)).place for one in chats] == [1, 2, 3, 4, 5]
    agent = await house.agent("王芳", capacity=2)
    assert [(await house.overview(one)).place for one in chats] == [None, None, 1, 2, 3]
    await desk.floor.close(agent, chats[1], None)
    assert (await house.conversation(chats[2])).agent_id == agent.id
    assert (await house.conversation(chats[3])).stage is Stage.WAITING
    newcomer = await house.chat()
    await desk.floor.close(agent, chats[0], None)
    assert (await house.conversation(chats[3])).agent_id == agent.id
    assert (await house.overview(newcomer)).place == 2, "nobody jumps the queue"


async def test_a_newcomer_does_not_overtake_who_waits(house: House, desk: Desk) -> None:
    """A place is free, but somebody waits for it: the newcomer queues behind."""
    agent = await house.agent("王芳", capacity=1, state=Availability.BUSY)
    first = await house.chat()
    house.clock.forward(seconds=1)
    await house.store.write(
        lambda tx: tx.run("UPDATE agent SET state = 'available' WHERE id = $1", agent.id)
    )
    second = await house.chat()
    assert (await house.conversation(second)).stage is Stage.WAITING
    assert await desk.routing.drain(house.shop_id) == 1
    assert (await house.conversation(first)).agent_id == agent.id


async def test_the_reason_is_kept_and_logged(house: House, desk: Desk) -> None:
    one = await house.agent("王芳")
    first = await house.chat()
    assert (await house.conversation(first)).assign_reason == "only_one"
    house.clock.forward(seconds=1)
    two = await house.agent("李雷")
    second = await house.chat()
    now = await house.conversation(second)
    assert (now.agent_id, now.assign_reason) == (two.id, "least_busy")
    house.clock.forward(seconds=1)
    third = await house.chat()
    now = await house.conversation(third)
    assert (now.agent_id, now.assign_reason) == (one.id, "longest_idle")
    logged = await house.logged("assigned")
    assert [(row["conversation"], row["agent"], row["reason"]) for row in logged] == [
        (first, one.id, "only_one"),
        (second, two.id, "least_busy"),
        (third, one.id, "longest_idle"),
    ]  # fmt: skip


async def test_a_group_s_talk_goes_to_that_group_only(house: House, desk: Desk) -> None:
    inbox = await house.inbox_with(group="售后")
    await house.agent("王芳", "售前")
    bound = await house.chat(inbox=inbox)
    free = await house.chat()
    assert (await house.conversation(bound)).stage is Stage.WAITING
    assert (await house.conversation(free)).stage is Stage.OPEN, "it waits for other people"
    member = await house.agent("李雷", "售中", "售后")
    now = await house.conversation(bound)
    assert (now.agent_id, now.assign_reason) == (member.id, "only_one")


async def test_more_who_wait_in_vain_do_not_hold_up_the_rest(house: House, desk: Desk) -> None:
    """A queue longer than one draining, all for a group that has gone home."""
    inbox = await house.inbox_with(group="售后")
    people = [await house.shopper(inbox) for _ in range(101)]
    await asyncio.gather(*(house.ask(one, inbox=inbox) for one in people))
    house.clock.forward(seconds=1)
    last = await house.chat()
    agent = await house.agent("王芳", "售前")
    assert (await house.conversation(last)).agent_id == agent.id


@pytest.mark.parametrize(
    ("state", "here"),
    [(Availability.BUSY, True), (Availability.AWAY, True), (Availability.AVAILABLE, False)],
)
async def test_who_is_not_free_gets_nothing(house: House, state: Availability, here: bool) -> None:
    await house.agent("王芳", state=state, here=here)
    assert (await house.conversation(await house.chat())).stage is Stage.WAITING


async def test_an_agent_of_no_capacity_gets_nothing(house: House) -> None:
    await house.agent("王芳", capacity=0)
    assert (await house.conversation(await house.chat())).stage is Stage.WAITING


async def test_the_estimate_is_the_mean_of_recent_waits(house: House, desk: Desk) -> None:
    first = await house.chat()
    assert (await house.overview(first)).estimate_s is None, "nobody has waited yet"
    house.clock.forward(seconds=20)
    second = await house.chat()
    house.clock.forward(seconds=20)
    agent = await house.agent("王芳", capacity=2)
    waited = [row["waited_s"] for row in await house.logged("assigned")]
    assert waited == [40.0, 20.0]
    third = await house.chat()
    found = await house.overview(third)
    assert (found.place, found.estimate_s) == (1, 30)
    assert (await house.overview(first)).estimate_s is None, "who is served waits no more"
    (state,) = [
        one for one in (await desk.views.desk(agent, {})).overviews if one.conversation.id == third
    ]
    assert state.estimate_s == 30
    house.clock.now += timedelta(days=4)
    assert (await house.overview(third)).estimate_s is None, "old waits say nothing"
    assert (await house.conversation(second)).agent_id == agent.id


async def test_what_is_told_when_somebody_is_served(house: House, desk: Desk) -> None:
    chat = await house.chat()
    house.heard.clear()
    agent = await house.agent("王芳")
    (changed,) = house.told(ConversationChanged)
    assert changed.before is not None
    assert changed.before.stage is Stage.WAITING
    assert changed.overview.conversation == await house.conversation(chat)
    assert changed.overview.agent_name == "王芳"
    assert house.told(QueueMoved) == [QueueMoved(house.shop_id)]
    assert AgentChanged(house.shop_id, agent.id) in house.told(AgentChanged)
