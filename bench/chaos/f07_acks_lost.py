"""F7: the message arrives, its acknowledgement does not. What is sent again is answered with the
first id and the first number, every time."""

import asyncio
import json
import random
import time
from dataclasses import dataclass

import aiohttp

from bench.chaos import truth
from bench.chaos.actor import World
from bench.chaos.fault import Result, Terms
from bench.chaos.ledger import Ack, Intent, Ledger
from bench.chaos.loop import perform
from bench.chaos.oracle import judge
from bench.chaos.proxy import CALM, Proxy
from bench.chaos.report import told
from bench.chaos.server import Shop, open_shop
from bench.chaos.shopper import Shopper
from bench.chaos.wire import Gone, Json, Line
from bench.programs import BenchFailed

TIMES = 1_000
SHOPPERS = 10
WITHIN_S = 10.0


@dataclass(slots=True)
class Seen:
    swallowed: int = 0
    answered_alike: int = 0


def run(terms: Terms) -> Result:
    times = 40 if terms.short else TIMES
    shop = Shop(terms.folder)
    with open_shop(shop):
        seen, ledger = perform(_swallow(shop, terms.seed, times // SHOPPERS))
    verdict = judge(ledger)
    return Result(
        "F7",
        "acknowledgements lost",
        f"{seen.swallowed} swallowed",
        f"zero; all {times} answered again with the first id",
        f"{told(verdict.counts())}; {seen.answered_alike} answered alike",
        passed=verdict.sound and seen.swallowed == seen.answered_alike == times,
    )


async def _swallow(shop: Shop, seed: int, each: int) -> tuple[Seen, Ledger]:
    seen, ledger = Seen(), Ledger()
    rng = random.Random(seed)
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    key = (await asyncio.to_thread(shop.inbox, "default")).key
    async with (
        aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http,
        Proxy(lambda: shop.port, rng=rng, weather=CALM) as proxy,
    ):
        world = World(http, ledger, seed, lambda: proxy.port)
        shoppers = []
        for i in range(SHOPPERS):
            secret = f"{rng.randrange(2**48):012x}"
            ledger.groups_of[secret].add("")
            shoppers.append(Shopper(world, f"s{i}", secret=secret, inbox=key))
        await asyncio.gather(*(_talk(one, proxy, seen, each) for one in shoppers))
        await truth.read(http, shop, ledger, shoppers=shoppers, agents=[])
    return seen, ledger


async def _talk(shopper: Shopper, proxy: Proxy, seen: Seen, times: int) -> None:
    """Lose the acknowledgement of each message once; the line it comes back on is the next's."""
    line = await _open(shopper)
    for _ in range(times):
        intent = shopper.write()
        shopper.outbox.clear()
        link = proxy.doom(line.port, "swallow")
        try:
            await _say(line, intent)
        except Gone:
            await line.close()
        else:
            raise BenchFailed("an acknowledgement came through that was to be swallowed")
        first = json.loads(link.acks[0])[0]
        seen.swallowed += 1
        line = await _open(shopper)
        again = await _say(line, intent)
        for one in (first, again):
            ack = Ack(one["id"], one["seq"], one["duplicate"], time.monotonic())
            intent.acks.append(ack)
        same = all(first[name] == again[name] for name in ("id", "seq", "at"))
        seen.answered_alike += same and (first["duplicate"], again["duplicate"]) == (False, True)
    await shopper.catch_up(line)
    await line.close()


async def _open(shopper: Shopper) -> Line:
    line = await shopper.connect()
    await shopper.catch_up(line)
    return line


async def _say(line: Line, intent: Intent) -> Json:
    intent.tries += 1
    frame = {"client_id": intent.client_id, "text": intent.body.text()}
    answer = await line.call("say", frame, within=WITHIN_S)
    if not answer["ok"]:
        raise BenchFailed(f"say: {answer['error']}")
    return answer
