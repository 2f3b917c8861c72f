"""Honest shoppers beside a fault: they say something now and then, and note how long it took."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator

import aiohttp

from bench.chaos.wire import Gone, Line, open_line

EVERY_S = 0.1
PATIENCE_S = 30.0


class Bystanders:
    """`took` are seconds of answered words in the order of their ends; `failed` had no answer."""

    def __init__(self, lines: list[Line]) -> None:
        self.took: list[float] = []
        self.failed: list[str] = []
        self._lines = lines
        self._going = True

    def p99_ms(self, since: int = 0) -> float:
        """Of those from a place in `took` on."""
        some = sorted(self.took[since:])
        return some[min(len(some) - 1, int(0.99 * len(some)))] * 1000 if some else float("inf")

    async def talk(self) -> None:
        await asyncio.gather(*map(self._talk, self._lines))

    def stop(self) -> None:
        self._going = False

    async def _talk(self, line: Line) -> None:
        while self._going:
            words = {"client_id": str(uuid.uuid4()), "text": "还在吗"}
            begun = time.monotonic()
            try:
                answer = await line.call("say", words, within=PATIENCE_S)
            except Gone as gone:
                self.failed.append(str(gone))
                return
            if answer["ok"]:
                self.took.append(time.monotonic() - begun)
            else:
                self.failed.append(str(answer["error"]))
            await asyncio.sleep(EVERY_S)


@contextlib.asynccontextmanager
async def bystanders(
    http: aiohttp.ClientSession, port: int, key: str, *, count: int
) -> AsyncIterator[Bystanders]:
    """They talk until the block ends."""
    lines = [await visitor(http, port, key) for _ in range(count)]
    one = Bystanders(lines)
    talking = asyncio.create_task(one.talk(), name="bystanders")
    try:
        yield one
    finally:
        one.stop()
        await talking
        for line in lines:
            await line.close()


async def visitor(http: aiohttp.ClientSession, port: int, key: str) -> Line:
    """A shopper who hears nothing but acknowledgements."""
    return await open_line(
        http, port, "/widget", {"inbox": key}, hear=lambda *_: None, raw=lambda _: None
    )
