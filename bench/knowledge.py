"""`bench knowledge`: the owner's work on ten thousand entries, and what shoppers feel of it.

Ten chats go on at 20 messages a second, once in quiet and once while files of 10,000 千牛 phrases
are brought in and taken back, over and over; the second is told beside the first of the same round.
Then, with the last file's entries there: the list, searches, and changes, each timed until another
console has been told of it and the matcher answers with the new words. That is asked by
`/api/match`, which asks the matcher that suggestions come from. Last the page itself in Chromium.
"""

import argparse
import asyncio
import csv
import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from bench.chaos.signing_in import Pass, open_desk, sign_in
from bench.contenders import Product
from bench.generator import Talk, load
from bench.machine import description
from bench.painting import painted
from bench.programs import BenchFailed, Running, workshop
from bench.table import markdown, ratios, spread

LEAD = "bench-lead"
HEADER = ("快捷短语编码", "快捷短语", "快捷短语分组")
THINGS = ("青瓷壶", "主人杯", "公道杯", "盖碗", "茶滤", "杯垫", "茶盘", "茶巾", "水盂", "香炉")
ASKED = ("多少钱", "几天能发货", "有现货吗", "能刻字吗", "怎么清洗", "能退换吗", "送礼合适吗")
KEYS = ["发", "发货", "发货吗", "k77", "qch", "青瓷壶", "杯垫7", "能退换", "没有这句话", ""] * 3
WITHIN_S = 120.0
TOLD_S = 10.0

Json = dict[str, Any]


@dataclass(slots=True)
class Round:
    """What one round saw, in milliseconds but for the files' seconds."""

    calm: Talk
    busy: Talk
    import_s: list[float] = field(default_factory=list)
    undo_s: list[float] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    list_ms: list[float] = field(default_factory=list)
    search_ms: list[float] = field(default_factory=list)
    told_ms: list[float] = field(default_factory=list)
    matched_ms: list[float] = field(default_factory=list)
    asked_ms: float = 0.0
    painted_ms: float = 0.0
    keys_ms: list[float] = field(default_factory=list)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench knowledge", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rate", type=float, default=20, help="messages/s over the 10 chats")
    options = parser.parse_args(argv)
    print(description(), flush=True)
    with workshop() as folder:
        product = Product(folder, agents=2, capacity=200)
        product.hire(LEAD, "supervisor")
        rounds = [asyncio.run(measured(product, options)) for _ in range(options.rounds)]
    print(report(rounds, options))
    return 0 if all(one.calm.sound and one.busy.sound for one in rounds) else 1


async def measured(product: Product, options: argparse.Namespace) -> Round:
    with product.serving() as server:
        calm = await asyncio.to_thread(talking, product, server, options)
        async with at_work(product, server) as owner:
            talk = asyncio.create_task(asyncio.to_thread(talking, product, server, options))
            files = asyncio.create_task(bring_and_take_back(owner, options.entries, talk))
            one = Round(calm, await talk)
            one.import_s, one.undo_s, one.lines = await files
            await look_up(owner, one)
            await change(owner, one)
            seen = await painted(server.port, owner.signed, KEYS, options.entries)
            one.asked_ms, one.painted_ms, one.keys_ms = seen
    said = f"p99 {one.calm.delivery_ms.p99} ms calm, {one.busy.delivery_ms.p99} ms beside imports"
    print(f"{said} of {spread(one.import_s, 1)} s", flush=True)
    return one


def talking(product: Product, server: Running, options: argparse.Namespace) -> Talk:
    return load(
        Talk, server, wire={**product.wire, "language": "chinese"}, mode="open",
        rate=options.rate, seconds=options.seconds, shoppers=10, agents=2,
    )  # fmt: skip


@dataclass(slots=True)
class Owner:
    """Who edits; `heard` is set when another console is told that entries changed."""

    http: aiohttp.ClientSession
    address: str
    signed: Pass
    heard: asyncio.Event

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Cookie": self.signed.cookie, "X-CSRF-Token": self.signed.csrf}
        data = body if isinstance(body, bytes) else None
        json = None if isinstance(body, bytes) else body
        async with asyncio.timeout(WITHIN_S), self.http.request(
            method, f"{self.address}{path}", headers=headers, data=data, json=json
        ) as answer:  # fmt: skip
            text = await answer.read()
            if answer.status >= 300:
                raise BenchFailed(f"{method} {path}: {answer.status} {text[:200]!r}")
            lines = [orjson.loads(line) for line in text.splitlines() if line]
            return lines if answer.content_type == "application/x-ndjson" else lines[0]


@asynccontextmanager
async def at_work(product: Product, server: Running) -> AsyncIterator[Owner]:
    password = product.wire["password"]
    heard = asyncio.Event()

    def hear(event: str, payload: Json) -> None:
        if event == "entries":
            heard.set()

    async with aiohttp.ClientSession() as http:
        signed = await sign_in(http, server.port, LEAD, password)
        other = await sign_in(http, server.port, LEAD, password)
        line = await open_desk(http, server.port, other, hear=hear, raw=lambda _: None)
        await line.call("sync", {}, within=TOLD_S)
        await line.call("available", {"state": "away"}, within=TOLD_S)
        try:
            yield Owner(http, f"http://127.0.0.1:{server.port}/api", signed, heard)
        finally:
            await line.close()


async def bring_and_take_back(
    owner: Owner, entries: int, talk: "asyncio.Task[Talk]"
) -> tuple[list[float], list[float], list[int]]:
    """While the talk goes on; the last file stays."""
    data = phrases(entries)
    imports: list[float] = []
    undos: list[float] = []
    lines: list[int] = []
    while True:
        begun = time.perf_counter()
        said = await owner.ask("POST", "/imports?name=phrases.csv", data)
        imports.append(time.perf_counter() - begun)
        lines.append(len(said))
        done = said[-1].get("import")
        if done is None or done["counts"]["new"] != entries:
            raise BenchFailed(f"the import ended with {said[-1]}")
        if talk.done():
            return imports, undos, lines
        begun = time.perf_counter()
        await owner.ask("POST", f"/imports/{done['id']}/undo", {})
        undos.append(time.perf_counter() - begun)


async def look_up(owner: Owner, one: Round) -> None:
    await owner.ask("GET", "/entries")  # what lists show is made when it is first shown
    for _ in range(5):
        one.list_ms.append(await timed(owner, "/entries?limit=200"))
    for n in range(50):
        wanted = (ASKED[n % 7], THINGS[n % 10], f"k{n}", "fahuo", "qch")[n % 5]
        one.search_ms.append(await timed(owner, f"/entries?limit=200&q={wanted}"))


async def timed(owner: Owner, path: str) -> float:
    begun = time.perf_counter()
    await owner.ask("GET", path)
    return (time.perf_counter() - begun) * 1000


async def change(owner: Owner, one: Round) -> None:
    for n in range(20):
        words = f"独一无二的问法第{'零一二三四五六七八九'[n % 10]}{'甲乙'[n // 10]}种"
        entry = (await owner.ask("POST", "/entries", {"question": words, "answer": "好"}))["id"]
        owner.heard.clear()
        begun = time.perf_counter()
        await owner.ask("PATCH", f"/entries/{entry}", {"question": f"{words}改"})
        async with asyncio.timeout(TOLD_S):
            await owner.heard.wait()
        one.told_ms.append((time.perf_counter() - begun) * 1000)
        found = await owner.ask("POST", "/match", {"texts": [f"{words}改"]})
        best = found["items"][0]["found"][0]
        if best["entry"] != entry or best["score"] < 1:
            raise BenchFailed(f"a changed entry is not found: {best}")
        one.matched_ms.append((time.perf_counter() - begun) * 1000)


def phrases(count: int) -> bytes:
    """Rows as a shop of ten things and a thousand variants has them, in GBK."""
    into = io.StringIO()
    rows = csv.writer(into)
    rows.writerow(HEADER)
    for n in range(count):
        thing, asked = THINGS[n % 10], ASKED[n // 10 % 7]
        rows.writerow((f"k{n}", f"亲，{thing}{n}号{asked}？这款您可以放心拍。", f"商品/{thing}"))
    return into.getvalue().encode("gbk")


def report(rounds: list[Round], options: argparse.Namespace) -> str:
    calm = [one.calm.delivery_ms.p99 or 0.0 for one in rounds]
    busy = [one.busy.delivery_ms.p99 or 0.0 for one in rounds]
    lost, doubled = [one.busy.lost for one in rounds], [one.busy.doubled for one in rounds]
    imports = [s for one in rounds for s in one.import_s]
    rows = [
        ["messages, calm: p99 ms", spread(calm, 1)],
        ["messages beside imports: p99 ms", spread(busy, 1)],
        ["the one over the other", spread(ratios(busy, calm), 1)],
        ["lost, doubled", f"{sum(lost)}, {sum(doubled)}"],
        [f"import of {options.entries:,} rows: s", spread(imports, 1)],
        ["lines of progress in one", spread(n for r in rounds for n in r.lines)],
        ["undo of it: s", spread((s for r in rounds for s in r.undo_s), 1)],
        ["list, first 200: ms", spread((ms for r in rounds for ms in r.list_ms), 1)],
        ["search: ms", spread((ms for r in rounds for ms in r.search_ms), 1)],
        ["page: list asked to painted: ms", spread((one.asked_ms for one in rounds), 0)],
        ["page: list there to painted: ms", spread((one.painted_ms for one in rounds), 0)],
        ["page: key to painted: ms", spread((ms for one in rounds for ms in one.keys_ms), 0)],
        ["change to told elsewhere: ms", spread((ms for r in rounds for ms in r.told_ms), 1)],
        ["change to matched: ms", spread((ms for r in rounds for ms in r.matched_ms), 1)],
    ]  # fmt: skip
    return markdown(("what", "median [min-max]"), rows)
