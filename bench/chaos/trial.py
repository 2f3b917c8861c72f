"""One run: actors behind a proxy talk to a shop that dies again and again; then calm, and the
judge. Every choice of ours comes from the seed; how they fall together does not.
"""

import asyncio
import contextlib
import random
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench.chaos import truth
from bench.chaos.actor import Actor, World
from bench.chaos.agent import Agent, Habits
from bench.chaos.keeper import Keeper
from bench.chaos.ledger import Ledger
from bench.chaos.loop import perform
from bench.chaos.oracle import judge
from bench.chaos.proxy import Proxy, Weather
from bench.chaos.report import Report
from bench.chaos.server import Shop, open_shop
from bench.chaos.shopper import Shopper
from bootstrap.places import ROOT

CALM_S = 60.0
GROUPS = (frozenset({"售前"}), frozenset({"售后"}), frozenset({"售前", "售后"}))
INBOXES = ("", "售前", "售后")


@dataclass(frozen=True, slots=True)
class Plan:
    """`kills` come from outside at random moments; with `failpoints` the server kills itself, by
    one rule after the other, and the load goes on until it has done so `deaths` times or `seconds`
    have passed."""

    seed: int
    seconds: float
    messages: int
    kills: int = 0
    shoppers: int = 40
    agents: int = 10
    weather: Weather = field(default_factory=Weather)
    habits: Habits = field(default_factory=Habits)
    failpoints: tuple[str, ...] = ()
    deaths: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    code: Path = ROOT


@dataclass(slots=True)
class Cast:
    """Everybody in the play, before the curtain. Inboxes are keys by group."""

    password: str
    groups: dict[str, frozenset[str]]
    inboxes: dict[str, str]


class Stage:
    """What a fault beside kills and cuts may lay its hands on while the load runs."""

    def __init__(self, shop: Shop, keeper: Keeper, proxy: Proxy, world: World) -> None:
        self.shop = shop
        self.keeper = keeper
        self.proxy = proxy
        self.world = world
        self.shoppers: list[Shopper] = []
        self.agents: list[Agent] = []

    @property
    def actors(self) -> list[Actor]:
        return [*self.agents, *self.shoppers]


Fault = Callable[[Stage], Coroutine[Any, Any, None]]


def run(plan: Plan, folder: Path, *, fault: Fault | None = None) -> Report:
    """Raises BenchFailed when the server does not come back, or ends by itself."""
    shop = Shop(folder, environment=plan.environment, code=plan.code)
    with open_shop(shop):
        return perform(play(plan, shop, furnish(shop, plan), fault))


def furnish(shop: Shop, plan: Plan) -> Cast:
    """Agents and an inbox for each group, by the command line."""
    password = f"Aa7-{secrets.token_hex(12)}"
    groups = {f"a{i}": GROUPS[i % len(GROUPS)] for i in range(plan.agents)}
    shop.hire(groups, password=password, capacity=max(4, 2 * plan.shoppers // plan.agents))

    def key(group: str) -> str:
        if not group:
            return shop.inbox("default").key
        return shop.open_inbox(f"chaos {group}", settings={"group": group}).key

    with ThreadPoolExecutor(len(INBOXES)) as several:
        keys = several.map(key, INBOXES)
    return Cast(password, groups, dict(zip(INBOXES, keys, strict=True)))


async def play(plan: Plan, shop: Shop, cast: Cast, fault: Fault | None) -> Report:
    rng = random.Random(plan.seed)
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with (
        aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http,
        Proxy(lambda: shop.port, rng=rng, weather=plan.weather) as proxy,
    ):
        world = World(http, Ledger(), plan.seed, lambda: proxy.port)
        stage = Stage(shop, Keeper(shop, rng), proxy, world)
        stage.agents = _agents(plan, cast, world)
        stage.shoppers = _shoppers(plan, cast, world)
        calm_s = await _together(_acts(plan, stage, fault), [one.run() for one in stage.actors])
        await truth.read(http, shop, world.ledger, shoppers=stage.shoppers, agents=stage.agents)
    return Report(
        plan.seed, world.ledger, judge(world.ledger), proxy.tally, stage.keeper.outages,
        world.counted, calm_s,
    )  # fmt: skip


def _agents(plan: Plan, cast: Cast, world: World) -> list[Agent]:
    return [
        Agent(world, name, groups=groups, password=cast.password, habits=plan.habits)
        for name, groups in cast.groups.items()
    ]


def _shoppers(plan: Plan, cast: Cast, world: World) -> list[Shopper]:
    shoppers = []
    for i in range(plan.shoppers):
        group = INBOXES[i % len(INBOXES)]
        secret = f"{random.Random(f'{plan.seed}:secret:{i}').randrange(2**48):012x}"
        world.ledger.groups_of[secret].add(group)
        shoppers.append(Shopper(world, f"s{i}", secret=secret, inbox=cast.inboxes[group]))
    return shoppers


async def _acts(plan: Plan, stage: Stage, fault: Fault | None) -> float:
    """The load with its faults, then the calm; how many seconds of it were needed."""
    begun = time.monotonic()
    rng = random.Random(f"{plan.seed}:moments")
    if plan.failpoints:
        dying = stage.keeper.by_failpoints(
            plan.failpoints, deaths=plan.deaths, until=begun + plan.seconds
        )
    else:
        moments = sorted(begun + rng.random() * plan.seconds for _ in range(plan.kills))
        dying = stage.keeper.kill_at(moments)
    faults = [asyncio.create_task(dying)]
    if fault is not None:
        faults.append(asyncio.create_task(fault(stage)))
    writing = asyncio.create_task(_write(plan, stage, rng))
    try:
        await _all(faults)
        if not (plan.failpoints or fault):
            await writing
    finally:
        for one in (*faults, writing):
            one.cancel()
        await asyncio.wait([*faults, writing])
    stage.keeper.check()
    return await _calm(stage)


async def _calm(stage: Stage) -> float:
    """No more faults; everybody says what is left to say, and then asks for news once more."""
    begun = time.monotonic()
    stage.world.calm = True
    stage.proxy.calm()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CALM_S):
            await stage.world.until(lambda: all(one.settled for one in stage.actors))
            stage.world.fresh_since = time.monotonic()
            for one in stage.actors:
                one.ask_anew()
            await stage.world.until(lambda: all(one.settled and one.fresh for one in stage.actors))
    for one in stage.actors:
        one.stop()
    return time.monotonic() - begun


async def _write(plan: Plan, stage: Stage, rng: random.Random) -> None:
    """Every message has its moment and its shopper, whatever state the world is in then."""
    begun = time.monotonic()
    moments = sorted(rng.random() * plan.seconds for _ in range(plan.messages))
    for moment in moments:
        await asyncio.sleep(max(0.0, begun + moment - time.monotonic()))
        rng.choice(stage.shoppers).write()


async def _together(
    acts: Coroutine[Any, Any, float], actors: list[Coroutine[Any, Any, None]]
) -> float:
    """Run the acts while the actors live; the first failure of anybody ends it all."""
    main = asyncio.create_task(acts)
    tasks: list[asyncio.Task[Any]] = [main, *map(asyncio.create_task, actors)]
    try:
        await _all(tasks)
        return main.result()
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.wait(tasks)


async def _all(tasks: Sequence[asyncio.Task[Any]]) -> None:
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for one in done:
        one.result()
