"""F21: agents drop and return, at 5, 55 and 65 seconds of a grace of 60; here all of it ten times
as fast. Back in time nothing happened; after it the conversation is back in the queue; no word is
lost either way.

Never more than 30 % of the agents at once, which would be a storm and freeze everything.
"""

import asyncio
import time
from dataclasses import dataclass

from bench.chaos.crew import Member, Visitor, crew, visitor
from bench.chaos.fault import Result, Terms
from bench.chaos.server import Shop, open_shop
from bench.chaos.wire import Json

GRACE_S = 6.0
AWAY_S = (0.5, 5.5, 6.5)
AGENTS, BATCHES = 20, 50
FEW, SHORT_BATCHES = 10, 1
BACK_WITHIN_S = 5.0
# one batch is forgotten by the guard against storms before the next
APART_S = 11.0


@dataclass(slots=True)
class Seen:
    in_time: int = 0
    unmoved: int = 0
    late: int = 0
    queued: int = 0
    slowest_s: float = 0.0
    words: int = 0
    shown: int = 0


def run(terms: Terms) -> Result:
    size, batches = (FEW, SHORT_BATCHES) if terms.short else (AGENTS, BATCHES)
    shop = Shop(terms.folder, environment={"CONSOLE_AGENT_GRACE_S": f"{GRACE_S:g}"})
    with open_shop(shop):
        seen = asyncio.run(_drops(shop, size, batches))
    return Result(
        "F21",
        "an agent drops and returns",
        f"{seen.in_time + seen.late} drops of {', '.join(f'{one:g}' for one in AWAY_S)} s"
        f" with a grace of {GRACE_S:g} s",
        f"in time: owner unchanged; late: in the queue <= {BACK_WITHIN_S:g} s; no word lost",
        f"unchanged {seen.unmoved} of {seen.in_time}, queued {seen.queued} of {seen.late}"
        f" after {seen.slowest_s:.1f} s, words shown {seen.shown} of {seen.words}",
        passed=seen.unmoved == seen.in_time > 0
        and seen.queued == seen.late > 0
        and seen.slowest_s <= BACK_WITHIN_S
        and seen.shown == seen.words > 0,
    )


async def _drops(shop: Shop, size: int, batches: int) -> Seen:
    key, seen = shop.inbox("default").key, Seen()
    at_once = int(size * 0.3) // len(AWAY_S) * len(AWAY_S)
    async with crew(shop, size, capacity=5) as (owner, agents):
        for one in agents:
            await one.must("available", state="busy")
        for batch in range(batches):
            begun = time.monotonic()
            going = [agents[(batch * at_once + place) % size] for place in range(at_once)]
            shoppers = [await visitor(owner.http, shop.port, key) for _ in going]
            pairs = list(zip(going, shoppers, AWAY_S * (at_once // len(AWAY_S)), strict=True))
            held = [await _take(agent, shopper) for agent, shopper, _ in pairs]
            await asyncio.gather(
                *(
                    _drop(one, pair, owner=owner, seen=seen)
                    for one, pair in zip(held, pairs, strict=True)
                )
            )
            for shopper in shoppers:
                await shopper.line.close()
            if batch + 1 < batches:
                await asyncio.sleep(max(0.0, APART_S - (time.monotonic() - begun)))
    return seen


async def _take(agent: Member, shopper: Visitor) -> str:
    """A shopper writes, the agent has them."""
    await shopper.say("在吗")
    return str((await agent.must("take"))["conversation"]["id"])


async def _drop(
    held: str, pair: tuple[Member, Visitor, float], *, owner: Member, seen: Seen
) -> None:
    agent, shopper, away_s = pair
    before = len(owner.told)
    await agent.go()
    gone = time.monotonic()
    await shopper.say("还在吗")
    await asyncio.sleep(away_s)
    late = away_s > GRACE_S
    if late:
        await asyncio.sleep(GRACE_S + BACK_WITHIN_S - away_s)
    changes = [(at, one) for at, one in owner.told[before:] if one["id"] == held]
    queued = [at for at, one in changes if one["stage"] == "waiting"]
    state = await agent.come()
    owned = next((_owner(one) for one in state["conversations"] if one["id"] == held), None)
    if late:
        seen.late += 1
        seen.queued += bool(queued) and owned is None
        seen.slowest_s = max(seen.slowest_s, (queued[0] - gone - GRACE_S) if queued else 0.0)
    else:
        seen.in_time += 1
        seen.unmoved += not queued and owned == agent.id
    await _words(agent, shopper, held=held, seen=seen)


async def _words(agent: Member, shopper: Visitor, *, held: str, seen: Seen) -> None:
    """What both said is there for both."""
    await agent.must("say", conversation=held, client_id=f"back-{held}", text="回来了")
    synced = await agent.must("sync", cursors={held: 0})
    at_desk = [one["text"] for one in synced["messages"] if not one.get("private")]
    page = await shopper.line.call("sync", {"after": 0}, within=5)
    at_shop = [one["text"] for one in page["messages"]]
    for texts in (at_desk, at_shop):
        seen.words += 3
        seen.shown += sum(texts.count(text) == 1 for text in ("在吗", "还在吗", "回来了"))
    await agent.must("close", conversation=held)


def _owner(one: Json) -> str | None:
    owner = one.get("agent")
    return str(owner["id"]) if owner else None
