"""Agents at their desks for the faults of assignment: each is a line, and what it was told."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp

from bench.chaos.server import Shop
from bench.chaos.signing_in import Pass, open_desk, sign_in
from bench.chaos.wire import Json, Line, open_line
from bench.programs import BenchFailed

PATIENCE_S = 15.0


@dataclass(slots=True)
class Member:
    """`told` are the changes of conversations in order, each with its moment."""

    http: aiohttp.ClientSession
    port: int
    signed: Pass
    told: list[tuple[float, Json]] = field(default_factory=list)
    line: Line | None = None

    @property
    def id(self) -> str:
        return self.signed.id

    async def come(self) -> Json:
        """Open a window; returns what it shows."""
        self.line = await open_desk(
            self.http, self.port, self.signed, hear=self._hear, raw=lambda _: None
        )
        return await self.call("sync")

    async def go(self) -> None:
        """The window is gone, without a word."""
        assert self.line is not None
        await self.line.close()

    async def call(self, event: str, **frame: object) -> Json:
        assert self.line is not None
        return await self.line.call(event, frame, within=PATIENCE_S)

    async def must(self, event: str, **frame: object) -> Json:
        answer = await self.call(event, **frame)
        if not answer["ok"]:
            raise BenchFailed(f"{event} was refused: {answer['error']}")
        return answer

    def _hear(self, event: str, payload: Json) -> None:
        if event == "conversation":
            self.told.append((time.monotonic(), payload))


@contextlib.asynccontextmanager
async def crew(
    shop: Shop, size: int, *, capacity: int
) -> AsyncIterator[tuple[Member, list[Member]]]:
    """The owner and so many agents, all of them there."""
    password = f"Aa7-{secrets.token_hex(12)}"
    names = [f"c{number}" for number in range(size)]
    groups = dict.fromkeys(names, frozenset[str]())
    await asyncio.to_thread(shop.hire, groups, password=password, capacity=capacity)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        known = [("owner", shop.owner_password()), *((name, password) for name in names)]
        everyone = []
        for name, word in known:
            signed = await sign_in(http, shop.port, name, word)
            everyone.append(Member(http, shop.port, signed))
        try:
            for one in everyone:
                await one.come()
            await _clear(everyone[0])
            yield everyone[0], everyone[1:]
        finally:
            for one in everyone:
                if one.line is not None:
                    await one.line.close()


async def _clear(owner: Member) -> None:
    """The owner gets nothing by themselves, and the demo's own conversations are closed."""
    await owner.must("available", state="busy")
    for one in (await owner.must("sync"))["conversations"]:
        await owner.must("close", conversation=one["id"])


@dataclass(slots=True)
class Visitor:
    """A shopper's line, and the texts it was shown."""

    line: Line
    texts: list[str]

    async def say(self, text: str) -> None:
        words = {"client_id": secrets.token_hex(16), "text": text}
        answer = await self.line.call("say", words, within=PATIENCE_S)
        if not answer["ok"]:
            raise BenchFailed(f"a shopper's words were refused: {answer['error']}")


async def visitor(http: aiohttp.ClientSession, port: int, key: str) -> Visitor:
    texts: list[str] = []

    def hear(event: str, payload: Json) -> None:
        if event == "message":
            texts.append(payload["text"])

    line = await open_line(http, port, "/widget", {"inbox": key}, hear=hear, raw=lambda _: None)
    await line.call("sync", {}, within=PATIENCE_S)
    return Visitor(line, texts)
