"""F9: a shopper stops reading while an agent writes 20,000 messages of 10 KB. The connection is cut
long before that fills the server, others hardly notice, and who comes back misses nothing.
"""

import asyncio
import contextlib
import itertools
import json
import resource
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.chaos.bystanders import bystanders
from bench.chaos.fault import Result, Terms
from bench.chaos.server import Shop, open_shop
from bench.chaos.signing_in import open_desk, sign_in
from bench.chaos.wire import Json, Line, open_line
from bench.programs import BenchFailed

WORDS = "退" * 3300  # 9,900 bytes
LANES = 8
OTHERS = 10
RSS_MIB, LATER_MS = 30.0, 50.0
WATCH_S = 0.1
PATIENCE_S = 60.0
SOCKET = "/socket.io/?EIO=4&transport=websocket"


@dataclass(slots=True)
class Flow:
    """The agent's words so far, and the most memory the server took while they were written."""

    line: Line
    conversation: str
    written: int = 0
    peak_mib: float = 0.0

    async def write(self, count: int, pid: int) -> None:
        numbers = itertools.count()
        self.peak_mib = 0.0

        async def lane() -> None:
            while next(numbers) < count:
                self.written += 1
                words = {"client_id": f"word-{self.written:08}", "text": WORDS}
                frame = {"conversation": self.conversation, **words}
                answer = await self.line.call("say", frame, within=PATIENCE_S)
                if not answer["ok"]:
                    raise BenchFailed(f"the agent's words were refused: {answer}")

        watching = asyncio.create_task(self._watch(pid), name="watch")
        await asyncio.gather(*(lane() for _ in range(LANES)))
        watching.cancel()

    async def _watch(self, pid: int) -> None:
        while True:
            self.peak_mib = max(self.peak_mib, resident_mib(pid))
            await asyncio.sleep(WATCH_S)


def run(terms: Terms) -> Result:
    count = 1000 if terms.short else 20_000
    with open_shop(Shop(terms.folder)) as shop:
        return asyncio.run(_flood(shop, shop.inbox("default").key, count))


async def _flood(shop: Shop, key: str, count: int) -> Result:
    async with (
        aiohttp.ClientSession() as http,
        bystanders(http, shop.port, key, count=OTHERS) as others,
    ):
        async with stalled(http, shop.port, key) as (reader, token):
            flow = await _agent(http, shop)
            reading = asyncio.create_task(_read_on(reader), name="reader")
            await flow.write(count // 4, shop.process.pid)
            usual, before = others.p99_ms(), flow.peak_mib
            reading.cancel()
            await asyncio.wait([reading])
            mark = len(others.took)
            await flow.write(count, shop.process.pid)
        cut = shop.log.read_text(errors="replace").count("slow reader cut")
        missing = await _missing(http, shop.port, key, token, expected=flow.written + 1)
        await flow.line.close()
    grown, later = flow.peak_mib - before, others.p99_ms(mark) - usual
    return Result(
        "F9",
        "a reader who stops reading",
        f"{count:,} messages of 10 KB",
        f"cut at 256 packets; RSS + <= {RSS_MIB:g} MiB; others' p99 + <= {LATER_MS:g} ms; resume",
        f"{cut} cut, RSS {grown:+.0f} MiB, others' p99 {usual:.0f} ms and {later:+.0f} ms, "
        f"{missing} missing after coming back",
        passed=bool(cut == 1 and grown <= RSS_MIB and later <= LATER_MS and not missing)
        and not others.failed,
    )


@contextlib.asynccontextmanager
async def stalled(
    http: aiohttp.ClientSession, port: int, key: str
) -> AsyncIterator[tuple[aiohttp.ClientWebSocketResponse, str]]:
    """A shopper with a conversation, who reads only when somebody reads the socket for them."""
    address = f"http://127.0.0.1:{port}{SOCKET}"
    async with http.ws_connect(address, timeout=aiohttp.ClientWSTimeout(ws_close=0.05)) as socket:
        await socket.send_str(f"40/widget,{json.dumps({'inbox': key})}")
        await socket.send_str('42/widget,1["sync",{}]')
        words = {"client_id": "the-reader", "text": "在吗"}
        await socket.send_str(f"42/widget,2{json.dumps(['say', words])}")
        token = ""
        async for frame in socket:
            if frame.data.startswith("43/widget,1["):
                token = json.loads(frame.data.removeprefix("43/widget,1"))[0]["visitor"]
            if frame.data.startswith("43/widget,2["):
                break
        yield socket, token


async def _read_on(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for frame in socket:
        if frame.data == "2":
            await socket.send_str("3")


async def _agent(http: aiohttp.ClientSession, shop: Shop) -> Flow:
    """The owner, who takes the reader's talk and no other."""
    session = await sign_in(http, shop.port, "owner", shop.owner_password())
    line = await open_desk(http, shop.port, session, hear=lambda *_: None, raw=lambda _: None)
    await line.call("available", {"state": "busy"}, within=PATIENCE_S)
    state = await line.call("sync", {}, within=PATIENCE_S)
    mine = [one["id"] for one in state["conversations"] if _is_readers(one)]
    if len(mine) != 1:
        raise BenchFailed(f"the reader has {len(mine)} conversations")
    await line.call("take", {"conversation": mine[0]}, within=PATIENCE_S)
    return Flow(line, mine[0])


def _is_readers(one: Json) -> bool:
    return bool(one.get("preview", {}).get("text") == "在吗")


async def _missing(
    http: aiohttp.ClientSession, port: int, key: str, token: str, *, expected: int
) -> int:
    """How many of the messages somebody who comes back does not get, or gets out of order."""
    auth = {"inbox": key, "visitor": token}
    line = await open_line(http, port, "/widget", auth, hear=lambda *_: None, raw=lambda _: None)
    last, whole, until = 0, 0, time.monotonic() + PATIENCE_S
    more = True
    while more and time.monotonic() < until:
        page = await line.call("sync", {"after": last}, within=PATIENCE_S)
        for message in page["messages"]:
            whole += message["seq"] == last + 1
            last = message["seq"]
        more = page["more"]
    await line.close()
    return expected - whole


def resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
