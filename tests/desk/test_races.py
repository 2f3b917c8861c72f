"""Two processes of one shop and everybody at once: one winner, nobody filled past capacity, nobody
left waiting while somebody is free, and no lock taken the wrong way round (R24, R25, F19, F20).

On PostgreSQL each desk has a store of its own; on SQLite, which is one process, they share one.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from itertools import cycle
from typing import Any

import pytest

from console.model.people import Agent
from console.model.refusal import Refused
from console.model.routing import Candidate
from console.model.words import Availability, Role, Stage
from console.store import Store, Tx, floor, people
from tests.desk.house import House, node
from tests.store.databases import Database

CROWD = 50
ROUNDS = 4
LIMIT = 3
CHATS = 60


@pytest.fixture
async def nodes(house: House, database: Database) -> AsyncIterator[list[House]]:
    store = await database.open() if database.url else house.store
    other = node(house, store)
    for one in {id(house.store): house.store, id(store): store}.values():
        _fail_on_deadlock(one)
    yield [house, other]
    other.desk.library.close()
    if store is not house.store:
        await store.close()


def _fail_on_deadlock(store: Store) -> None:
    """PostgreSQL's victims are retried in service; here they would hide a wrong order of locks."""
    if store.kind == "postgresql":
        store._again = ()  # type: ignore[union-attr]


async def staff(nodes: list[House], count: int, **given: Any) -> list[Agent]:
    """Agents whom both processes know to be there."""
    hired = [await nodes[0].agent(f"客服{number}", **given) for number in range(count)]
    for agent in hired if given.get("here", True) else ():
        await nodes[1].desk.arrived(agent, "seen from the other process")
    return hired


async def refusals(deeds: list[Awaitable[Any]]) -> list[Refused]:
    """Do everything at once; what is refused is returned, what breaks is raised."""
    done = await asyncio.gather(*deeds, return_exceptions=True)
    broken = [one for one in done if isinstance(one, BaseException)]
    refused = [one for one in broken if isinstance(one, Refused)]
    assert [one for one in broken if not isinstance(one, Refused)] == []
    return refused


async def loads(house: House) -> dict[str, int]:
    rows = await house.rows(
        "SELECT agent_id, count(*) FROM conversation WHERE stage = 'open' GROUP BY agent_id"
    )
    return {row[0]: row[1] for row in rows}


async def test_fifty_take_one_and_one_has_it(nodes: list[House]) -> None:
    agents = await staff(nodes, CROWD, state=Availability.BUSY, here=False)
    for _ in range(ROUNDS):
        chat = await nodes[0].chat()
        takers = zip(agents, cycle(nodes), strict=False)
        late = await refusals([one.desk.floor.take(agent, chat) for agent, one in takers])
        now = await nodes[0].overview(chat)
        assert (now.conversation.stage, now.conversation.assign_epoch) == (Stage.OPEN, 2)
        assert len(late) == CROWD - 1
        assert {(one.code, one.message) for one in late} == {
            ("conflict", f"{now.agent_name} has this conversation")
        }


@pytest.mark.parametrize("by", ["answering", "taking the next"])
async def test_one_winner_whichever_the_way(nodes: list[House], by: str) -> None:
    agents = await staff(nodes, CROWD, state=Availability.BUSY, here=False)
    chat = await nodes[0].chat()
    late = await refusals(
        [
            one.answer(agent, chat) if by == "answering" else one.desk.floor.take(agent, None)
            for agent, one in zip(agents, cycle(nodes), strict=False)
        ]
    )
    assert len(late) == CROWD - 1
    assert sum((await loads(nodes[0])).values()) == 1
    assert len(await nodes[0].messages(chat)) == (2 if by == "answering" else 1)


async def test_nobody_is_filled_past_capacity(nodes: list[House]) -> None:
    agents = {one.id: one for one in await staff(nodes, 4, capacity=LIMIT)}
    shoppers = [await nodes[0].shopper() for _ in range(CHATS)]
    full = dict.fromkeys(agents, LIMIT)
    highest: list[int] = []
    watching = asyncio.create_task(_watch(nodes[0], highest))
    arrivals = [one.ask(person) for person, one in zip(shoppers, cycle(nodes), strict=False)]
    assert await refusals([*arrivals]) == []
    assert await loads(nodes[0]) == full

    for _ in range(3):
        held = await nodes[1].rows("SELECT id, agent_id FROM conversation WHERE stage = 'open'")
        assert await refusals(
            [
                *(one.desk.floor.close(agents[agent], chat, None)
                  for (chat, agent), one in zip(held, cycle(nodes), strict=False)),
                *(nodes[number % 2].chat() for number in range(LIMIT)),
                *(one.desk.routing.drain(one.shop_id) for one in nodes),
            ]
        ) == []  # fmt: skip
        assert await loads(nodes[0]) == full, "each place that was freed is filled, and no other"
    watching.cancel()
    await asyncio.wait([watching])
    assert max(highest) == LIMIT


async def _watch(house: House, highest: list[int]) -> None:
    """The highest load at every moment the database lets us look."""
    while True:
        highest.append(max((await loads(house)).values(), default=0))
        await asyncio.sleep(0)


async def test_nobody_waits_while_somebody_is_free(nodes: list[House]) -> None:
    """Whoever comes last, the place or the shopper: they meet, without waiting for the sweeper."""
    (agent,) = await staff(nodes, 1, capacity=1)
    held = await nodes[0].chat()
    for _ in range(10):
        newcomer = await nodes[1].shopper()
        closing = nodes[0].desk.floor.close(agent, held, None)
        assert await refusals([closing, nodes[1].ask(newcomer)]) == []
        rows = await nodes[0].rows("SELECT id FROM conversation WHERE stage = 'open'")
        ((held,),) = [tuple(row) for row in rows]


async def test_who_comes_with_a_talk_in_hand_does_not_wait(house: House) -> None:
    """It closed between the look and the lock, so that its agents are not held: then the queue."""
    agent = await house.agent("王芳")

    async def first(tx: Tx) -> list[Candidate]:
        await people.lock_agents(tx, house.shop_id)
        return await asyncio.wait_for(house.store.write(second), 5) if tx.for_update else []

    async def second(tx: Tx) -> list[Candidate]:
        return await floor.candidates(tx, house.shop_id, None, {agent.id})

    assert await house.store.write(first) == []
    assert [one.agent_id for one in await house.store.write(second)] == [agent.id]


async def test_everything_at_once_meets_no_deadlock(nodes: list[House]) -> None:
    agents = await staff(nodes, 6, capacity=4)
    lead = await nodes[0].agent("店长", role=Role.OWNER, state=Availability.BUSY)
    robot = await nodes[0].inbox_with(robot="true")
    shoppers = [await nodes[0].shopper() for _ in range(12)]
    asked = [await nodes[number % 2].ask(one) for number, one in enumerate(shoppers)]
    chats = [one.message.conversation_id for one in asked]
    for number in range(3):
        deeds: list[Awaitable[Any]] = []
        for place, (person, chat) in enumerate(zip(shoppers, chats, strict=True)):
            here, there = nodes[place % 2], nodes[1 - place % 2]
            agent, other = agents[(place + number) % 6], agents[(place + 1) % 6]
            deeds += [
                here.ask(person, f"第{number}问"),
                there.answer(agent, chat),
                here.desk.floor.take(lead if place % 3 == 0 else agent, chat),
                there.desk.floor.hand_over(
                    lead, chat, to_agent=other.id, to_group=None, note="请看"
                ),
                here.desk.floor.hand_over(lead, chat, to_agent=None, to_group="售后", note=None),
                there.desk.floor.close(agent, chat, None),
                here.desk.floor.reopen(agent, chat),
                here.desk.intake.human(robot, await here.shopper(robot)),
                there.desk.floor.available(other, Availability.AVAILABLE, None),
                there.desk.floor.release(agent.id),
            ]
        await refusals(deeds)
    for chat in chats:
        numbers = [one.seq for one in await nodes[0].messages(chat)]
        assert numbers == list(range(1, len(numbers) + 1))
