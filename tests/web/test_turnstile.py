"""The door of the house: a few at a time, everybody in the end, and nobody after it is closed."""

import asyncio
import resource
import socket
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from console.web import turnstile as turnstiles
from console.web.turnstile import AT_ONCE, Turnstile

WITHIN_S = 10.0
HERD = 10 * AT_ONCE


class Guests:
    """Makes the protocols, and knows in which turn of the loop each was let in."""

    def __init__(self) -> None:
        self.turn = 0
        self.came: Counter[int] = Counter()
        self.inside: list[asyncio.BaseTransport] = []
        self.more = asyncio.Event()

    def __call__(self) -> asyncio.Protocol:
        guests = self

        class Guest(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                guests.came[guests.turn] += 1
                guests.inside.append(transport)
                guests.more.set()

        return Guest()

    async def count_turns(self) -> None:
        while True:
            self.turn += 1
            await asyncio.sleep(0)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(WITHIN_S):
            while len(self.inside) < count:
                self.more.clear()
                await self.more.wait()


@pytest.fixture
async def guests() -> AsyncIterator[Guests]:
    guests = Guests()
    turns = asyncio.create_task(guests.count_turns())
    yield guests
    turns.cancel()
    for one in guests.inside:
        one.close()


def knock(port: int, count: int) -> list[socket.socket]:
    """Connections that wait in the kernel's queue: the loop has not run meanwhile."""
    return [socket.create_connection(("127.0.0.1", port), WITHIN_S) for _ in range(count)]


async def test_a_herd_comes_in_by_handfuls(guests: Guests) -> None:
    door = Turnstile(guests)
    await door.open("127.0.0.1", 0)
    herd = knock(door.port, HERD)
    await guests.until(HERD)
    door.close()
    assert sum(guests.came.values()) == HERD
    assert max(guests.came.values()) <= AT_ONCE
    assert len(guests.came) >= HERD / AT_ONCE
    for one in herd:
        one.close()


async def test_while_no_file_is_free_they_wait_and_then_come_in(
    guests: Guests, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    door = Turnstile(guests)
    await door.open("127.0.0.1", 0)
    herd = knock(door.port, 3)
    rested, rest = asyncio.Event(), door._rest

    def resting(listener: socket.socket, seconds: float) -> None:
        rested.set()
        rest(listener, seconds)

    monkeypatch.setattr(door, "_rest", resting)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (herd[-1].fileno(), hard))
    try:
        async with asyncio.timeout(WITHIN_S):
            await rested.wait()
        assert not guests.inside
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    await guests.until(3)
    assert "nobody can be let in" in caplog.text
    door.close()
    for one in herd:
        one.close()


async def test_closed_it_lets_nobody_in_and_sends_nobody_out(guests: Guests) -> None:
    door = Turnstile(guests)
    await door.open("127.0.0.1", 0)
    port = door.port
    first = knock(port, 1)
    await guests.until(1)
    door.close()
    with pytest.raises(ConnectionRefusedError):
        knock(port, 1)
    assert not guests.inside[0].is_closing()
    first[0].close()


async def test_it_listens_on_all_that_a_name_means_or_on_nothing(guests: Guests) -> None:
    door = Turnstile(guests)
    await door.open("localhost", 0)
    assert {one.family for one in door._listeners} >= {socket.AF_INET}
    second = Turnstile(guests)
    with pytest.raises(OSError, match="in use"):
        await second.open("127.0.0.1", door.port)
    assert not second._listeners
    door.close()


async def test_closed_while_it_rests_it_stays_closed(
    guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turnstiles, "REST_S", 0.0)
    door = Turnstile(guests)
    await door.open("127.0.0.1", 0)
    herd = knock(door.port, HERD)
    await guests.until(AT_ONCE)
    door.close()
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(guests.inside) < HERD
    for one in herd:
        one.close()
