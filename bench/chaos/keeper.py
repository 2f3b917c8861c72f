"""Who kills the server and starts it again: from outside at given moments, or by its failpoints."""

import asyncio
import itertools
import os
import random
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.chaos.server import Shop
from bench.programs import BenchFailed, tail

DEAD_AT_MOST_S = 0.3
FAILPOINTS = "CONSOLE_FAILPOINTS"


@dataclass(frozen=True, slots=True)
class Outage:
    killed: float
    ready: float

    @property
    def seconds(self) -> float:
        return self.ready - self.killed


class Keeper:
    """`outages` so far; each begins with a SIGKILL and ends when the server is ready again."""

    def __init__(self, shop: Shop, rng: random.Random) -> None:
        self.outages: list[Outage] = []
        self._shop = shop
        self._rng = rng

    async def kill_at(self, moments: Sequence[float]) -> None:
        """Kill at these moments of the monotonic clock, or as soon as it is up again."""
        for moment in moments:
            await asyncio.sleep(max(0.0, moment - time.monotonic()))
            self.check()
            killed = time.monotonic()
            self._shop.kill()
            await asyncio.sleep(self._rng.random() * DEAD_AT_MOST_S)
            await self._start(killed)

    async def by_failpoints(self, rules: Sequence[str], *, deaths: int, until: float) -> None:
        """Let it kill itself so many times, by one rule after the other; then no more."""
        await asyncio.to_thread(self._shop.stop)
        killed = time.monotonic()
        for _, rule in zip(range(deaths), itertools.cycle(rules), strict=False):
            seeded = f"{rule},seed={self._rng.randrange(2**31)}"
            if not await self._start_to_die(killed, {FAILPOINTS: seeded}):
                continue
            try:
                async with asyncio.timeout(max(0.0, until - time.monotonic())):
                    await ended(self._shop.process)
            except TimeoutError:
                break
            killed = time.monotonic()
            self._expect(-signal.SIGKILL)
        await asyncio.to_thread(self._shop.stop)
        await self._start(killed)
        del self.outages[:1]  # the first start was no outage

    def check(self) -> None:
        """Raises BenchFailed when the server has ended and nobody killed it."""
        if self._shop.process.poll() is not None:
            self._expect(None)

    async def _start(self, killed: float, *, environment: dict[str, str] | None = None) -> None:
        self._shop.environment.pop(FAILPOINTS, None)
        self._shop.environment.update(environment or {})
        await asyncio.to_thread(self._shop.start)
        self.outages.append(Outage(killed, time.monotonic()))

    async def _start_to_die(self, killed: float, environment: dict[str, str]) -> bool:
        """False where it died again before anybody saw that it was ready: no outage of its own."""
        try:
            await self._start(killed, environment=environment)
        except BenchFailed:
            self._expect(-signal.SIGKILL)
            return False
        return True

    def _expect(self, code: int | None) -> None:
        there = self._shop.process.returncode
        if there != code:
            raise BenchFailed(f"the server ended with {there}:\n{tail(self._shop.log)}")


async def ended(process: "subprocess.Popen[bytes]") -> None:
    """Wait for the end of a child without a thread."""
    if process.poll() is not None:
        return
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    descriptor = os.pidfd_open(process.pid)
    loop.add_reader(descriptor, over.set)
    try:
        await over.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    process.wait()
