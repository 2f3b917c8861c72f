"""What is too big or too deep is refused, and costs the server no memory (T15)."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest

from console.app import MAX_BODY
from tests.clients import agent, shopper
from tests.program import Program
from tests.web.browsing import browsing
from tests.web.raw import raw
from tests.web.test_matrix import DESK, HTTP, WIDGET

GROWS_MIB = 30
# 21 is one more than allowed; deeper than 200 the library of this test cannot say
DEEP = (21, 200)


def nested(depth: int, inside: Any = 0) -> Any:
    for level in range(depth):
        inside = [inside] if level % 2 else {"a": inside}
    return inside


def resident_mib(program: Program) -> float:
    assert program.process is not None
    pages = Path(f"/proc/{program.process.pid}/statm").read_text().split()[1]
    return int(pages) * 4096 / 2**20


async def test_deep_frames_are_refused_by_name(house: Program, key: str, name: str) -> None:
    house.hire(name)
    async with shopper(house, key) as shop, agent(house, name) as desk:
        wrong = []
        for client, events in ((shop, WIDGET), (desk, DESK)):
            for event, frame in events.items():
                for field in [*frame, "conversation", "cursors", "anything"]:
                    for depth in DEEP:
                        answer = await client.send(event, {**frame, field: nested(depth)})
                        if answer.get("error", {}).get("code") != "invalid":
                            wrong.append(f"{event} {field} {depth}: {answer}")
        assert wrong == []
        assert (await shop.call("sync"))["ok"]
        assert (await desk.call("sync"))["ok"]


@pytest.mark.parametrize("field", ["inbox", "visitor", "page", "identity"])
async def test_a_deep_greeting_is_refused(house: Program, key: str, field: str) -> None:
    async with raw(house) as one:
        await one.send("40/widget," + json.dumps({"inbox": key, field: nested(900)}))
        assert '"code":"invalid"' in await one.until("44/widget,")


async def test_big_and_deep_bodies(house: Program) -> None:
    """Every route that reads a body, of whoever may call it or not."""
    asked = []
    async with browsing() as http:
        for (method, path), call in HTTP.items():
            if method == "GET" or call.body is None:
                continue
            url = house.address + path.replace("{id}", "x").replace("{inbox}", "x")
            headers = {"Content-Type": "application/json", "Origin": house.address}
            for body in (b"[" * 100_000, json.dumps(nested(500)).encode(), b" " * (MAX_BODY + 1)):
                answer = await http.request(method, url, data=io.BytesIO(body), headers=headers)
                asked.append((path, len(body), answer.status))
    assert [one for one in asked if one[2] not in (400, 401, 404, 413)] == []
    assert ("/api/login", MAX_BODY + 1, 413) in asked


async def test_memory_stays_flat(house: Program, key: str) -> None:
    before = resident_mib(house)

    async def frames() -> None:
        async with raw(house) as one:
            await one.join(key)
            await one.send("42/widget," + json.dumps(["typing", {"text": "a" * 2**20}]))
            assert await one.closed() == 1009

    async def bodies() -> None:
        headers = {"Content-Type": "application/json"}
        async with browsing() as http:
            data = io.BytesIO(b"x" * (8 * MAX_BODY))
            url = f"{house.address}/api/login"
            assert (await http.post(url, data=data, headers=headers)).status == 413

    for _ in range(5):
        await asyncio.gather(*(frames() for _ in range(10)), *(bodies() for _ in range(4)))
    assert resident_mib(house) - before < GROWS_MIB
