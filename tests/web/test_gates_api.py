"""The gates of a shop over HTTP: who sets them, what is refused, and that suggestions say them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.clients import agent, shopper, sign_in
from tests.program import Program
from tests.web.browsing import Browsing, browsing
from tests.web.test_wire import mismatches

OWN = {"show": 0.01, "sure": 0.6, "lead": 0.3}


@pytest.fixture
async def http(floor: Program) -> AsyncIterator[Browsing]:
    """The owner's; the shared server has the shipped gates again afterwards."""
    body, cookie = await sign_in(floor, "owner", floor.owner_password)
    async with browsing(headers={"Cookie": cookie, "X-CSRF-Token": body["csrf"]}) as one:
        yield one
        assert (await one.delete(f"{floor.address}/api/gates")).status == 200


async def state(http: Browsing, floor: Program) -> dict[str, Any]:
    answer = await http.get(f"{floor.address}/api/gates")
    body: dict[str, Any] = await answer.json()
    assert answer.status == 200, body
    assert mismatches(body, "Gates", "gates") == []
    return body


async def test_they_are_set_shown_and_taken_back(floor: Program, http: Browsing) -> None:
    first = await state(http, floor)
    assert first["gates"] == first["shipped"]
    assert first["evidence"]["needed"] == 200
    put = await http.put(f"{floor.address}/api/gates", json=OWN)
    assert (put.status, (await put.json())["gates"]) == (200, OWN)
    assert (await state(http, floor))["gates"] == OWN
    gone = await http.delete(f"{floor.address}/api/gates")
    assert (gone.status, (await gone.json())["gates"]) == (200, first["shipped"])
    assert await state(http, floor) == first


async def test_suggestions_go_by_them_and_say_so(
    floor: Program, http: Browsing, key: str, name: str
) -> None:
    floor.hire(name)
    assert (await http.put(f"{floor.address}/api/gates", json=OWN)).status == 200
    async with agent(floor, name) as desk, shopper(floor, key) as shop:
        await shop.say("今天天气真好发")
        offered = await desk.event("suggestions")
        assert offered["limits"] == OWN
        assert offered["items"], "nearly everything is worth showing"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"show": -0.1, "sure": 0.5, "lead": 0.1}, "show"),
        ({"show": 0.5, "sure": 1.1, "lead": 0.1}, "sure"),
        ({"show": 0.5, "sure": 0.6, "lead": "0.1"}, "lead"),
        ({"show": 0.5, "sure": 0.6}, "lead"),
        ({"show": 0.5, "sure": 0.4, "lead": 0.1}, "`sure` is 0.4, below `show`"),
        ({"show": 0.5, "sure": 0.6, "lead": 0.1, "more": 1}, "more"),
        ([], "object"),
    ],
)
async def test_what_is_wrong_is_named_and_changes_nothing(
    floor: Program, http: Browsing, body: Any, named: str
) -> None:
    before = await state(http, floor)
    answer = await http.put(f"{floor.address}/api/gates", json=body)
    error = (await answer.json())["error"]
    assert (answer.status, error["code"]) == (400, "invalid")
    assert named in error["message"]
    assert await state(http, floor) == before


async def test_agents_may_not(floor: Program, name: str) -> None:
    floor.hire(name)
    body, cookie = await sign_in(floor, name)
    path = f"{floor.address}/api/gates"
    async with browsing(headers={"Cookie": cookie, "X-CSRF-Token": body["csrf"]}) as http:
        for answer in (
            await http.get(path),
            await http.put(path, json=OWN),
            await http.delete(path),
        ):
            assert answer.status == 403
