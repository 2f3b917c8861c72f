"""Passes: fetched by one of many, renewed before they end and when refused; sealed at rest."""

import asyncio

import pytest

from channels.base import SendFailed, Token
from console.desk.tokens import PassBook
from console.seal import Seal
from tests.desk.house import House

SEAL = Seal("a secret of the tests")


class Provider:
    """Gives passes that last two hours; `asked` counts."""

    def __init__(self, lasts_s: float = 7200) -> None:
        self.asked = 0
        self.lasts_s = lasts_s
        self.failing = False
        self.slow = asyncio.Event()
        self.slow.set()

    async def fetch(self) -> Token:
        self.asked += 1
        name = f"pass-{self.asked}"
        await self.slow.wait()
        if self.failing:
            raise SendFailed("unreachable", retry=True)
        return Token(name, self.lasts_s)


def book(house: House) -> PassBook:
    """Of another process each time."""
    return PassBook(house.store, SEAL, house.clock)


async def test_one_fetches_for_all(house: House) -> None:
    here, there, provider = book(house), book(house), Provider()
    got = await asyncio.gather(
        *[one.get("wechat:a", provider.fetch) for one in (here, there) for _ in range(10)]
    )
    assert (set(got), provider.asked) == ({"pass-1"}, 1)
    assert await book(house).get("wechat:a", provider.fetch) == "pass-1"
    assert await here.get("wechat:b", provider.fetch) == "pass-2"


async def test_it_is_renewed_some_minutes_before_its_end(house: House) -> None:
    here, provider = book(house), Provider()
    await here.get("a", provider.fetch)
    house.clock.forward(seconds=7200 - 301)
    assert await here.get("a", provider.fetch) == "pass-1"
    house.clock.forward(seconds=2)
    assert await here.get("a", provider.fetch) == "pass-2"


async def test_a_refused_one_is_renewed_once_for_all_who_were_refused(house: House) -> None:
    here, there, provider = book(house), book(house), Provider()
    for one in (here, there):
        await one.get("a", provider.fetch)
    got = await asyncio.gather(
        *[one.get("a", provider.fetch, stale="pass-1") for one in (here, there) for _ in range(5)]
    )
    assert (set(got), provider.asked) == ({"pass-2"}, 2)


async def test_a_failure_goes_to_who_asked_and_holds_nobody_up(house: House) -> None:
    here, provider = book(house), Provider()
    provider.failing = True
    with pytest.raises(SendFailed):
        await here.get("a", provider.fetch)
    provider.failing = False
    assert await book(house).get("a", provider.fetch) == "pass-2"


async def test_who_died_while_fetching_is_not_waited_for(house: House) -> None:
    here, there, provider = book(house), book(house), Provider()
    assert await here._hold("a")
    asked = asyncio.create_task(there.get("a", provider.fetch))
    await asyncio.sleep(0.1)
    assert provider.asked == 0
    house.clock.forward(seconds=31)
    assert await asked == "pass-1"


async def test_a_short_one_is_used_for_half_its_time(house: House) -> None:
    here, provider = book(house), Provider(lasts_s=120)
    await here.get("a", provider.fetch)
    house.clock.forward(seconds=59)
    assert await here.get("a", provider.fetch) == "pass-1"
    house.clock.forward(seconds=2)
    assert await here.get("a", provider.fetch) == "pass-2"


async def test_it_is_sealed_at_rest(house: House) -> None:
    provider = Provider()
    await book(house).get("a", provider.fetch)
    kept = str(await house.rows("SELECT sealed FROM pass"))
    assert "pass-1" not in kept
    other = PassBook(house.store, Seal("another secret"), house.clock)
    assert await other.get("a", provider.fetch) == "pass-2"
