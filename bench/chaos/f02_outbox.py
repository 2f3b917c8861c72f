"""F2 on the way out: SIGKILL after a letter was noted as `sending` and before the call, and after
the call and before its receipt was stored.

One conversation, so one letter is on its way at a time, and the figures must agree exactly: each
death leaves one `unconfirmed` letter, those of the second point were received, nothing is sent
twice, and the far end gets what it gets in order.
"""

import asyncio
import contextlib
import random
import secrets
import time
from dataclasses import dataclass

import aiohttp

from bench.chaos import truth
from bench.chaos.actor import World
from bench.chaos.agent import Agent, Habits
from bench.chaos.bodies import Body, bodies
from bench.chaos.f02_points import struck
from bench.chaos.fault import Result, Terms
from bench.chaos.keeper import Keeper
from bench.chaos.ledger import Ledger, Reader
from bench.chaos.loop import perform
from bench.chaos.server import Shop, open_shop
from bench.chaos.shopbot import ShopBot
from bench.chaos.wire import Json

POINTS = ("after_sending", "after_call")
TIMES = 100
CHANCE = 0.1
PACE_S = 0.05
DEATH_AT_MOST_S = 15.0
SETTLES_WITHIN_S = 60.0
PERSON, AGENT, GROUP = "p1", "a1", "售前"
ON_ITS_WAY = ("queued", "sending", "retry")


@dataclass(frozen=True, slots=True)
class Seen:
    """`posted` by the person; `stored` in the end, answers with their delivery state; `got` by the
    far end."""

    posted: list[Body]
    acked: set[str]
    stored: list[Json]
    got: list[str]
    forged: int


def run(terms: Terms) -> Result:
    times = 2 if terms.short else TIMES
    place = terms.folder / "1"
    place.mkdir()
    shop = Shop(place)
    with open_shop(shop):
        password = f"Aa7-{secrets.token_hex(12)}"
        shop.hire({AGENT: frozenset({GROUP})}, password=password, capacity=10)
        seen = perform(_kill_on_the_way(shop, terms.seed, password, times))
    deaths = {point: struck(terms.folder, point) for point in POINTS}
    wrong = faults(seen, deaths)
    answers = [one for one in seen.stored if "delivery" in one]
    unconfirmed = sum(one["delivery"] == "unconfirmed" for one in answers)
    return Result(
        "F2",
        "SIGKILL around a provider's call",
        ", ".join(f"{point} {count}" for point, count in deaths.items()),
        f"zero; each point {times} times; nothing sent twice; one `unconfirmed` a death",
        f"{len(answers)} answers, {len(seen.got)} received, {unconfirmed} unconfirmed; "
        + ("; ".join(wrong) or "nothing lost, doubled or out of order"),
        passed=not wrong and set(deaths.values()) == {times},
    )


def faults(seen: Seen, deaths: dict[str, int]) -> list[str]:
    """Sentences; none when everything is as designed."""
    answers = {one["id"]: one["delivery"] for one in seen.stored if "delivery" in one}
    got = set(seen.got)
    asked = [body for one in seen.stored for body in bodies(one["text"]) if body.sender == PERSON]
    unconfirmed = {id for id, state in answers.items() if state == "unconfirmed"}
    sent = {id for id, state in answers.items() if state == "sent"}
    order = [id for id in answers if id in got]
    found = {
        "what was posted is not what is stored": asked != seen.posted,
        "lost: acknowledged, not stored": bool(seen.acked - answers.keys()),
        "lost: `sent`, not received": bool(sent - got),
        "sent twice": len(seen.got) != len(got),
        "received out of order": list(dict.fromkeys(seen.got)) != order,
        "received, never said": bool(got - answers.keys()),
        "neither `sent` nor `unconfirmed`": len(sent) + len(unconfirmed) != len(answers),
        "`unconfirmed` are not as many as deaths": len(unconfirmed) != sum(deaths.values()),
        "received unconfirmed ones are not as many as deaths after the call": (
            len(unconfirmed & got) != deaths["after_call"]
        ),
        "forged": bool(seen.forged),
    }
    return [sentence for sentence, holds in found.items() if holds]


async def _kill_on_the_way(shop: Shop, seed: int, password: str, times: int) -> Seen:
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with (
        aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http,
        ShopBot(secrets.token_hex(16)) as bot,
    ):
        settings = {"secret": bot.secret, "url": bot.url}
        inbox = await asyncio.to_thread(
            lambda: shop.open_inbox("far", kind="webhook", settings=settings)
        )
        hook = f"http://127.0.0.1:{shop.port}/hooks/{inbox.id}"
        world = World(http, Ledger(), seed, lambda: shop.port)
        world.ledger.readers[PERSON] = Reader(PERSON, secret="one")
        world.ledger.groups_of["one"].add("")
        habits = Habits(answer=1.0, note=0.0, hand_over=0.0, close=0.0)
        agent = Agent(world, AGENT, groups=frozenset({GROUP}), password=password, habits=habits)
        posted: list[Body] = []
        tasks = [
            asyncio.create_task(agent.run()),
            asyncio.create_task(_ask(http, bot, hook, posted)),
        ]
        try:
            keeper = Keeper(shop, random.Random(seed))
            deaths = times * len(POINTS)
            await keeper.by_failpoints(
                [f"{point}=kill@{CHANCE}" for point in POINTS],
                deaths=deaths,
                until=time.monotonic() + DEATH_AT_MOST_S * deaths,
            )
            tasks.pop().cancel()
            await bot.post(http, hook, posted[-1])  # it may have been cut off in the middle
            stored = await _settled(http, shop, agent)
        finally:
            agent.stop()
            for one in tasks:
                one.cancel()
            await asyncio.wait(tasks)
        acked = {ack.id for one in world.ledger.intents.values() for ack in one.acks}
        return Seen(posted, acked, stored, bot.got, bot.forged)


async def _ask(http: aiohttp.ClientSession, bot: ShopBot, hook: str, posted: list[Body]) -> None:
    while True:
        posted.append(Body("one", PERSON, len(posted) + 1))
        await bot.post(http, hook, posted[-1])
        await asyncio.sleep(PACE_S)


async def _settled(http: aiohttp.ClientSession, shop: Shop, agent: Agent) -> list[Json]:
    """What is stored when nobody answers any more and no letter is on its way."""
    stored: list[Json] = []
    agent.world.calm = True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SETTLES_WITHIN_S):
            agent.world.fresh_since = time.monotonic()
            agent.ask_anew()
            await agent.world.until(lambda: agent.fresh and agent.settled)
            while not stored or any(one.get("delivery") in ON_ITS_WAY for one in stored):
                await asyncio.sleep(PACE_S)
                named = {one.conversation for one in agent.world.ledger.screens.values()}
                found, _ = await truth.messages(http, shop, sorted(named))
                ours = (each for each in found.values() if any(map(_of_person, each)))
                stored = [one for each in ours for one in each]
    return stored


def _of_person(message: Json) -> bool:
    """The demo has talks of its own, which are none of ours."""
    return any(body.sender == PERSON for body in bodies(message["text"]))
