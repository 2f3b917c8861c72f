"""F20: sixty shoppers at once for agents who may have three each, who close while others arrive.
Nobody ever has four, and nobody waits while somebody is free.
"""

import asyncio
import time
from dataclasses import dataclass

from bench.chaos.crew import Member, Visitor, crew, visitor
from bench.chaos.fault import Result, Terms
from bench.chaos.server import Shop, open_shop
from bench.chaos.wire import Json

LIMIT, CHATS = 3, 60
AGENTS, ROUNDS = 6, 500
SHORT_ROUNDS = 2
LOOK_S = 0.05
STARVING_S = 10.0
ROUND_S = 120.0


@dataclass(slots=True)
class Seen:
    looks: int = 0
    highest: int = 0
    starved_s: float = 0.0
    served: int = 0


def run(terms: Terms) -> Result:
    rounds = SHORT_ROUNDS if terms.short else ROUNDS
    with open_shop(Shop(terms.folder)) as shop:
        seen = asyncio.run(_race(shop, rounds))
    return Result(
        "F20",
        f"{CHATS} shoppers at once, {AGENTS} agents of {LIMIT}",
        f"{rounds} rounds, {seen.looks} looks at the loads",
        f"load never above {LIMIT}; nobody waits > {STARVING_S:g} s while somebody is free",
        f"highest load {seen.highest}, longest such wait {seen.starved_s:.2f} s,"
        f" {seen.served} of {rounds * CHATS} served",
        passed=seen.highest == LIMIT
        and seen.starved_s <= STARVING_S
        and seen.served == rounds * CHATS,
    )


async def _race(shop: Shop, rounds: int) -> Seen:
    key, seen = shop.inbox("default").key, Seen()
    async with crew(shop, AGENTS, capacity=LIMIT) as (owner, agents):
        shoppers = [await visitor(owner.http, shop.port, key) for _ in range(CHATS)]
        for _ in range(rounds):
            watching = asyncio.create_task(_watch(owner, {one.id for one in agents}, seen))
            try:
                async with asyncio.timeout(ROUND_S):
                    await _round(shoppers, agents, seen)
            except TimeoutError:
                break
            finally:
                watching.cancel()
                await asyncio.wait([watching])
        for one in shoppers:
            await one.line.close()
    return seen


async def _round(shoppers: list[Visitor], agents: list[Member], seen: Seen) -> None:
    """Everybody writes, everybody is served; who was closed before begins again."""
    left = asyncio.Semaphore(0)
    serving = [asyncio.create_task(_serve(one, left)) for one in agents]
    try:
        await asyncio.gather(*(one.say("在吗") for one in shoppers))
        for _ in shoppers:
            await left.acquire()
            seen.served += 1
    finally:
        for one in serving:
            one.cancel()
        await asyncio.wait(serving)


async def _serve(agent: Member, done: asyncio.Semaphore) -> None:
    """Close what one has, as fast as one sees it."""
    while True:
        for one in (await agent.must("sync"))["conversations"]:
            if one.get("agent", {}).get("id") == agent.id:
                await agent.must("close", conversation=one["id"])
                done.release()
        await asyncio.sleep(LOOK_S)


async def _watch(owner: Member, agents: set[str], seen: Seen) -> None:
    """Look at the loads and the queue all the time."""
    free_since: float | None = None
    while True:
        state = await owner.must("sync")
        now = time.monotonic()
        loads = _loads(state, agents)
        seen.looks += 1
        seen.highest = max(seen.highest, *loads)
        idle = state["queue"]["waiting"] > 0 and min(loads) < LIMIT
        free_since = (free_since or now) if idle else None
        if free_since is not None:
            seen.starved_s = max(seen.starved_s, now - free_since)
        await asyncio.sleep(LOOK_S)


def _loads(state: Json, agents: set[str]) -> list[int]:
    return [one["load"] for one in state["agents"] if one["id"] in agents]
