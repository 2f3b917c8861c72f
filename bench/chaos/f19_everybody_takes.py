"""F19: fifty agents click on the same waiting conversation at once. One has it; the others are told
who."""

import asyncio
import time
from dataclasses import dataclass, field

from bench.chaos.crew import Member, crew, visitor
from bench.chaos.fault import Result, Terms
from bench.chaos.server import Shop, open_shop
from bench.chaos.wire import Json

AGENTS, ROUNDS = 50, 1000
FEW, SHORT_ROUNDS = 12, 20
WITHIN_S = 1.0


@dataclass(slots=True)
class Seen:
    rounds: int = 0
    one_winner: int = 0
    told_who: int = 0
    slowest_s: float = 0.0
    wrong: set[str] = field(default_factory=set)


def run(terms: Terms) -> Result:
    agents, rounds = (FEW, SHORT_ROUNDS) if terms.short else (AGENTS, ROUNDS)
    with open_shop(Shop(terms.folder)) as shop:
        seen = asyncio.run(_race(shop, agents, rounds))
    wrong = f"; also {', '.join(sorted(seen.wrong))}" if seen.wrong else ""
    return Result(
        "F19",
        f"{agents} agents take one conversation",
        f"{seen.rounds} rounds",
        f"one winner in each; the others `conflict` with the name, <= {WITHIN_S:g} s",
        f"one winner {seen.one_winner}, conflict {seen.told_who} of {rounds * (agents - 1)},"
        f" slowest {seen.slowest_s:.2f} s{wrong}",
        passed=seen.one_winner == rounds
        and seen.told_who == rounds * (agents - 1)
        and seen.slowest_s <= WITHIN_S,
    )


async def _race(shop: Shop, size: int, rounds: int) -> Seen:
    key, seen = shop.inbox("default").key, Seen()
    async with crew(shop, size, capacity=5) as (owner, agents):
        for one in agents:
            await one.must("available", state="busy")
        shopper = await visitor(owner.http, shop.port, key)
        await shopper.say("在吗")
        state = await owner.must("sync")
        wanted = next(one["id"] for one in state["conversations"] if one["stage"] == "waiting")
        for _ in range(rounds):
            winner = await _round(agents, wanted, seen)
            await (winner or owner).must("close", conversation=wanted)
            await shopper.say("还有")
        await shopper.line.close()
    return seen


async def _round(agents: list[Member], wanted: str, seen: Seen) -> Member | None:
    async def take(one: Member) -> Json:
        begun = time.monotonic()
        answer = await one.call("take", conversation=wanted)
        seen.slowest_s = max(seen.slowest_s, time.monotonic() - begun)
        return answer

    answers = await asyncio.gather(*map(take, agents))
    winners = [one for one, answer in zip(agents, answers, strict=True) if answer["ok"]]
    errors = [answer["error"] for answer in answers if not answer["ok"]]
    named = [one for one in errors if one["message"].endswith("has this conversation")]
    seen.rounds += 1
    seen.one_winner += len(winners) == 1
    seen.told_who += sum(one["code"] == "conflict" for one in named)
    seen.wrong |= {one["code"] for one in errors if one["code"] != "conflict"}
    return winners[0] if winners else None
