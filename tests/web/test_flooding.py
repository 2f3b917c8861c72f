"""Limits at the real door: floods wait, nothing accepted is lost, neighbours and agents notice
little. Each address of its own is a loopback address, or one that a trusted proxy names."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
import socketio

from tests.clients import Client, agent, shopper
from tests.desk.faq import FIRST, yaml
from tests.program import Program
from tests.servers import stop
from tests.web.raw import PATH, Raw, raw

NEAR = "127.0.0.1"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A server with its limits on, as shops run it."""
    place = tmp_path_factory.mktemp("strict")
    (place / "faq.yaml").write_bytes(yaml(FIRST))
    one = Program(place / "data", environ={"CONSOLE_FAQ": str(place / "faq.yaml")})
    one.start()
    yield one
    assert one.process is not None
    stop(one.process)


@pytest.fixture(scope="module")
def inbox(strict: Program) -> str:
    return strict.inbox_key()


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as one:
        yield one


async def visit(stack: AsyncExitStack, house: Program, key: str, address: str) -> Client:
    """A shopper whom the proxy on this machine names."""
    client = Client("/widget")
    await client.connect(house.address, {"inbox": key}, {"X-Forwarded-For": address})
    stack.push_async_callback(client.close)
    return client


def code(answer: dict[str, Any]) -> str:
    return "ok" if answer["ok"] else str(answer["error"]["code"])


async def test_words_over_the_limit_wait_and_none_is_lost(
    strict: Program, inbox: str, stack: AsyncExitStack
) -> None:
    flooder = await visit(stack, strict, inbox, "192.0.2.1")
    neighbour = await visit(stack, strict, inbox, "192.0.2.1")
    lead = await stack.enter_async_context(agent(strict, "owner", strict.owner_password))
    texts = [f"第 {number} 句" for number in range(60)]
    answers = await asyncio.gather(*(flooder.say(one) for one in texts))
    taken = [text for text, one in zip(texts, answers, strict=True) if one["ok"]]
    assert 10 <= len(taken) <= 13, Counter(map(code, answers))
    assert set(map(code, answers)) == {"ok", "rate_limited"}
    told = [one["error"]["message"] for one in answers if not one["ok"]]
    assert all("wait 1 s" in one for one in told), told[0]
    state = await flooder.call("sync", after=0)
    assert [one["text"] for one in state["messages"]] == taken
    assert flooder.socket.connected
    assert (await neighbour.say("我也在"))["ok"], "another shopper at that address"
    flood = await lead.event("flood")
    assert flood["turned_away"] >= 20
    assert flood["addresses"] == 1
    alarms = [data for name, data in lead.events if name == "flood"]
    assert len(alarms) <= 2


async def test_signs_are_limited_too(strict: Program, inbox: str, stack: AsyncExitStack) -> None:
    flooder = await visit(stack, strict, inbox, "192.0.2.2")
    events = ["typing", "human", "nonsense", "sync"]
    asked = [flooder.send(one, {}) for one in events * 40]
    codes = Counter(map(code, await asyncio.gather(*asked)))
    assert 100 <= codes["ok"] + codes["invalid"] <= 130, codes
    assert codes["rate_limited"] == 160 - codes["ok"] - codes["invalid"]


async def test_twenty_connections_from_an_address(
    strict: Program, inbox: str, stack: AsyncExitStack
) -> None:
    open_here = [await visit(stack, strict, inbox, "192.0.2.3") for _ in range(20)]
    refused = Client("/widget")
    told: list[Any] = []
    refused.socket.on("connect_error", told.append, namespace="/widget")
    with pytest.raises(socketio.exceptions.ConnectionError):
        await refused.connect(strict.address, {"inbox": inbox}, {"X-Forwarded-For": "192.0.2.3"})
    assert told[0]["data"]["code"] == "rate_limited"
    assert "20 connections" in told[0]["message"]
    await refused.close()
    assert (await open_here[0].call("sync"))["ok"]
    await visit(stack, strict, inbox, "192.0.2.4")
    await open_here[0].close()
    await visit(stack, strict, inbox, "192.0.2.3")


async def test_forged_hops_do_not_make_another_address(strict: Program, inbox: str) -> None:
    """The proxy appends what it saw; what stands before that was written by the shopper."""
    codes = Counter[str]()
    for number in range(70):
        forged = {"X-Forwarded-For": f"203.0.113.{number}, 192.0.2.5"}
        async with raw(strict, headers=forged) as one:
            await one.send("40/widget," + json.dumps({"inbox": inbox}))
            answer = await one.receive()
            codes[answer[:2]] += 1
    assert 60 <= codes["40"] <= 63, codes
    assert codes["44"] == 70 - codes["40"]


async def test_who_knocks_too_often_gets_429(strict: Program) -> None:
    headers = {"X-Forwarded-For": "192.0.2.6"}
    async with aiohttp.ClientSession() as http:
        statuses = Counter[int]()
        for _ in range(140):
            async with http.get(f"{strict.address}{PATH}", headers=headers) as answer:
                statuses[answer.status] += 1
                last = await answer.text()
        assert statuses[429] >= 15, statuses
        assert json.loads(last)["error"]["code"] == "rate_limited"
    async with raw(strict) as other:
        assert isinstance(other, Raw)


async def test_agents_come_in_from_a_crowded_address(
    strict: Program, inbox: str, stack: AsyncExitStack
) -> None:
    for _ in range(20):
        await stack.enter_async_context(shopper(strict, inbox))
    lead = await stack.enter_async_context(agent(strict, "owner", strict.owner_password))
    assert (await lead.call("sync"))["ok"]


async def test_thirty_new_conversations_from_an_address(
    strict: Program, inbox: str, stack: AsyncExitStack
) -> None:
    async def begin(number: int) -> str:
        async with AsyncExitStack() as own:
            client = await visit(own, strict, inbox, "192.0.2.8")
            answer = await client.say(f"第 {number} 位")
            if answer["ok"]:
                again = await client.say("还在")
                assert again["ok"], "in a conversation that has begun"
            else:
                assert "new conversations" in answer["error"]["message"]
                assert (await client.call("sync"))["conversation"]["id"] is None
            return code(answer)

    codes = Counter[str]()
    for first in range(0, 40, 10):
        codes.update(await asyncio.gather(*(begin(first + one) for one in range(10))))
    assert 30 <= codes["ok"] <= 32, codes
    elsewhere = await visit(stack, strict, inbox, "192.0.2.9")
    assert (await elsewhere.say("别处"))["ok"]
    other_inbox = strict.open_inbox("另一个")
    there = await visit(stack, strict, other_inbox, "192.0.2.8")
    assert (await there.say("另一个渠道"))["ok"]


async def test_a_broken_console_is_slowed_down(strict: Program, stack: AsyncExitStack) -> None:
    lead = await stack.enter_async_context(agent(strict, "owner", strict.owner_password))
    codes = Counter(map(code, await asyncio.gather(*(lead.call("nonsense") for _ in range(900)))))
    assert codes["invalid"] >= 500, codes
    assert codes["rate_limited"] >= 10, codes
    assert lead.socket.connected


async def test_limits_that_are_off_are_said(house: Program, key: str) -> None:
    assert "CONSOLE_RATE_LIMITS=off" in house.said
    assert "! CONSOLE_RATE_LIMITS=off" in house.cli("doctor").stdout
    async with shopper(house, key) as quick:
        answers = await asyncio.gather(*(quick.say("快") for _ in range(40)))
        assert set(map(code, answers)) == {"ok"}


def test_a_wrong_proxy_stops_the_start(house: Program) -> None:
    wrong = Program(house.data.parent / "elsewhere", environ={"CONSOLE_TRUSTED_PROXIES": "nginx"})
    done = wrong.cli("serve", "--port", "0", check=False)
    assert done.returncode == 1
    assert "CONSOLE_TRUSTED_PROXIES" in done.stderr
