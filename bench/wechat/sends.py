"""Answers out: an agent answers everybody, and every answer is followed to its end."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp

from bench.chaos.signing_in import open_desk, sign_in
from bench.chaos.wire import Json, Line
from bench.programs import BenchFailed

ENDS = frozenset({"sent", "unconfirmed", "dead"})
ACK_S = 30.0
AT_ONCE = 40


@dataclass
class Desk:
    """What the agent's screen was told: conversations, and how each answer stands."""

    talks: dict[str, str] = field(default_factory=dict)
    states: dict[tuple[str, int], str] = field(default_factory=dict)
    words: dict[tuple[str, int], str] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, event: str, data: Json) -> None:
        if event == "message" and data["author"]["kind"] == "shopper":
            self.talks.setdefault(data["conversation"], data["text"])
        elif event == "delivery":
            self.states[data["conversation"], data["seq"]] = data["state"]
        self.changed.set()

    def ended(self) -> int:
        return sum(self.states.get(key) in ENDS for key in self.words)

    def by_end(self) -> Counter[str]:
        return Counter(self.states.get(key, "queued") for key in self.words)

    def saying(self, state: str) -> set[str]:
        return {text for key, text in self.words.items() if self.states.get(key) == state}

    async def until(self, fits: Callable[[], bool], within: float) -> bool:
        """Whether it came to that in time."""
        deadline = time.monotonic() + within
        while not fits() and (left := deadline - time.monotonic()) > 0:
            self.changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self.changed.wait()
        return fits()


@asynccontextmanager
async def at_the_desk(port: int, name: str, password: str) -> AsyncIterator[tuple[Desk, Line]]:
    desk = Desk()
    async with aiohttp.ClientSession() as http:
        signed = await sign_in(http, port, name, password)
        line = await open_desk(http, port, signed, hear=desk.hear, raw=lambda _: None)
        try:
            await line.call("sync", {}, within=ACK_S)
            yield desk, line
        finally:
            await line.close()


async def answer_all(desk: Desk, line: Line, *, each: int) -> None:
    """So many answers to everybody, one after the other to each and side by side to all."""

    async def one(talk: str, place: int) -> None:
        for turn in range(each):
            text = f"答 {place}-{turn}"
            frame = {"conversation": talk, "client_id": secrets.token_hex(12), "text": text}
            said = await line.call("say", frame, within=ACK_S)
            if not said["ok"]:
                raise BenchFailed(f"an answer was refused: {said['error']}")
            desk.words[talk, said["seq"]] = text

    talks = list(desk.talks)
    for begin in range(0, len(talks), AT_ONCE):
        async with asyncio.TaskGroup() as group:
            for place in range(begin, min(begin + AT_ONCE, len(talks))):
                group.create_task(one(talks[place], place))
