"""The list of unmatched questions over HTTP: asked by shoppers, read by agents, kept by leads."""

import asyncio
from functools import partial
from typing import Any

import pytest

from tests.clients import agent, shopper, sign_in
from tests.program import Program
from tests.web.browsing import Browsing, browsing
from tests.web.test_wire import mismatches

WITHIN_S = 15.0
ASKED = ["火星基地几点开门呀", "火星基地几点开门", "请问火星基地几点开门呢"]


async def listed(http: Browsing, floor: Program, **query: Any) -> list[dict[str, Any]]:
    answer = await http.get(f"{floor.address}/api/unmatched", params=query)
    body = await answer.json()
    assert answer.status == 200, body
    assert mismatches(body, "Unmatched", "unmatched") == []
    items: list[dict[str, Any]] = body["items"]
    return [one for one in items if "火星" in one["text"]]


def has(key: str, value: str, event: dict[str, Any]) -> bool:
    return bool(event[key] == value)


async def asked_by(http: Browsing, floor: Program, askers: int) -> dict[str, Any]:
    """The record follows the message in its own time."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            found = await listed(http, floor, askers=1, limit=200)
            if found and found[0]["askers"] >= askers:
                return found[0]
            await asyncio.sleep(0.05)


async def test_from_three_shoppers_to_the_list_and_off_it(
    floor: Program, key: str, name: str
) -> None:
    floor.hire(name)
    body, cookie = await sign_in(floor, name)
    lead, their_cookie = await sign_in(floor, "owner", floor.owner_password)
    async with (
        agent(floor, name) as desk,
        browsing(headers={"Cookie": cookie, "X-CSRF-Token": body["csrf"]}) as http,
        browsing(headers={"Cookie": their_cookie, "X-CSRF-Token": lead["csrf"]}) as owners,
    ):
        for text in ASKED:
            async with shopper(floor, key) as shop:
                await shop.say(text)
                chat = await desk.event("message", partial(has, "text", text))
                of_chat = partial(has, "conversation", chat["conversation"])
                assert (await desk.event("suggestions", of_chat))["items"] == []
                await desk.say("九点", conversation=chat["conversation"])
        one = await asked_by(http, floor, 3)
        assert (one["count"], one["askers"], one["answers"]) == (
            3,
            3,
            [{"text": "九点", "count": 3}],
        )
        assert {one["text"], *one["examples"]} == set(ASKED)
        assert await listed(http, floor) == [one], "three are enough"
        assert await listed(http, floor, askers=4) == []
        path = f"{floor.address}/api/unmatched/{one['id']}"
        assert (await http.post(f"{path}/dismiss")).status == 403
        gone = await owners.post(f"{path}/dismiss")
        assert (gone.status, await gone.json()) == (200, {})
        assert await listed(http, floor) == []
        assert (await http.post(f"{path}/restore")).status == 403
        assert (await owners.post(f"{path}/restore")).status == 200
        assert await listed(http, floor) == [one]
        for deed in ("dismiss", "restore"):
            missing = await owners.post(f"{floor.address}/api/unmatched/made-up/{deed}")
            assert (missing.status, (await missing.json())["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query", ["askers=0", "days=0", "days=91", "limit=0", "limit=201", "askers=x", "colour=red"]
)
async def test_a_wrong_question_is_named(floor: Program, name: str, query: str) -> None:
    floor.hire(name)
    _, cookie = await sign_in(floor, name)
    async with browsing(headers={"Cookie": cookie}) as http:
        answer = await http.get(f"{floor.address}/api/unmatched?{query}")
        assert answer.status == 400
        assert query.partition("=")[0] in (await answer.json())["error"]["message"]


async def test_without_a_session_or_its_token_nothing_is_done(floor: Program, name: str) -> None:
    path = f"{floor.address}/api/unmatched"
    _, cookie = await sign_in(floor, "owner", floor.owner_password)
    async with browsing() as http:
        assert (await http.get(path)).status == 401
        assert (await http.post(f"{path}/x/dismiss")).status == 401
        assert (await http.post(f"{path}/x/dismiss", headers={"Cookie": cookie})).status == 403
