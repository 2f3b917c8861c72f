"""One server for all tests of the wires; each test leaves the floor swept."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from itertools import count

import pytest

from tests.clients import Client, agent, sign_in
from tests.program import Program
from tests.servers import stop
from tests.web.browsing import browsing

_numbers = count(1)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A fresh installation, running, shared by every test of this folder."""
    one = Program(tmp_path_factory.mktemp("house") / "data", environ={"CONSOLE_RATE_LIMITS": "off"})
    one.start()
    yield one
    assert one.process is not None
    stop(one.process)


@pytest.fixture(scope="session")
def key(house: Program) -> str:
    """The inbox that every installation begins with."""
    return house.inbox_key()


@pytest.fixture
def name() -> str:
    """An agent's name that no other test uses."""
    return f"客服{next(_numbers)}"


@pytest.fixture
async def floor(house: Program) -> AsyncIterator[Program]:
    """The shared server; what a test leaves open is closed after it."""
    yield house
    async with owner(house) as lead:
        await sweep(lead)
        if (await lead.call("sync"))["undelivered"]:
            await dismiss_letters(house)


def owner(house: Program) -> AbstractAsyncContextManager[Client]:
    return agent(house, "owner", house.owner_password)


async def sweep(lead: Client) -> None:
    """Close every conversation that is not closed."""
    state = await lead.call("sync")
    for one in state["conversations"]:
        closed = await lead.call("close", conversation=one["id"])
        assert closed["ok"], closed


async def dismiss_letters(house: Program) -> None:
    body, cookie = await sign_in(house, "owner", house.owner_password)
    letters = f"{house.address}/api/outbox"
    async with browsing(headers={"Cookie": cookie, "X-CSRF-Token": body["csrf"]}) as http:
        for one in (await (await http.get(letters)).json())["items"]:
            assert (await http.post(f"{letters}/{one['id']}/dismiss")).status == 200
