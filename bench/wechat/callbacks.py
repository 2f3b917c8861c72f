"""Callbacks in: at an even pace with their answers' times, or each up to four times, mixed."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from bench.wechat.account import Callback, Keys, sealed

AT_ONCE = 64
ANSWER_S = 5.0  # WeChat waits so long, and sends again
PEOPLE = 400


@dataclass(frozen=True, slots=True)
class Answers:
    """How long they took from the moment they were due, in milliseconds, and how many were no
    `success` in time."""

    p50: float
    p99: float
    slowest: float
    failed: int


async def paced(url: str, keys: Keys, *, rate: float, seconds: float, number: int) -> Answers:
    """Open loop: one is sent when it is due, whatever became of those before."""
    count = int(rate * seconds)
    calls = [
        sealed(
            keys, person=f"o{one % PEOPLE}", number=number + one, text=f"第 {one} 条什么时候发货"
        )
        for one in range(count)
    ]
    times: list[float] = []
    failed = 0
    async with _session() as http:
        begun = time.perf_counter() + 0.2

        async def one(call: Callback, due: float) -> None:
            nonlocal failed
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            failed += not await _taken(http, url, call)
            times.append((time.perf_counter() - due) * 1000)

        async with asyncio.TaskGroup() as group:
            for place, call in enumerate(calls):
                group.create_task(one(call, begun + place / rate))
    times.sort()
    return Answers(_share(times, 0.5), _share(times, 0.99), times[-1], failed)


async def repeated(url: str, keys: Keys, *, count: int, seed: int, number: int) -> tuple[int, int]:
    """Each of `count` one to four times, all mixed; how many were sent, and not taken at all."""
    luck = random.Random(seed)
    posts = [one for one in range(count) for _ in range(luck.randint(1, 4))]
    luck.shuffle(posts)
    taken: set[int] = set()
    places = asyncio.Semaphore(AT_ONCE)
    async with _session() as http:

        async def one(which: int) -> None:
            async with places:
                call = sealed(
                    keys, person=f"r{which % PEOPLE}", number=number + which, text=f"重复 {which}"
                )
                if await _taken(http, url, call):
                    taken.add(which)

        async with asyncio.TaskGroup() as group:
            for which in posts:
                group.create_task(one(which))
    return len(posts), count - len(taken)


async def first_words(url: str, keys: Keys, people: Sequence[str], *, number: int) -> None:
    """Each says something, so that they can be answered."""
    async with _session() as http:
        for place, person in enumerate(people):
            call = sealed(keys, person=person, number=number + place, text=f"在吗 {person}")
            if not await _taken(http, url, call):
                raise RuntimeError(f"{person} was not heard")


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=ANSWER_S),
    )


async def _taken(http: aiohttp.ClientSession, url: str, call: Callback) -> bool:
    try:
        async with http.post(url, params=call.query, data=call.body) as answer:
            return answer.status == 200 and await answer.text() == "success"
    except (aiohttp.ClientError, TimeoutError):
        return False


def _share(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]
