"""Cursors of another history: the server says `resync` and answers from 0 (R13)."""

import pytest

from tests.clients import Client, agent, shopper
from tests.program import Program


def told(client: Client) -> int:
    return sum(kind == "resync" for kind, _ in client.events)


async def test_a_shoppers_cursor_beyond_the_last_number(floor: Program, key: str) -> None:
    async with shopper(floor, key) as shop:
        for text in ("一", "二", "三"):
            assert (await shop.say(text))["ok"]
        exact = await shop.call("sync", after=3)
        assert (exact["messages"], told(shop)) == ([], 0)
        state = await shop.call("sync", after=4)
        assert [one["seq"] for one in state["messages"]] == [1, 2, 3]
        assert told(shop) == 1


async def test_a_shopper_of_another_epoch(floor: Program, key: str) -> None:
    async with shopper(floor, key) as shop:
        await shop.say("一")
        await shop.say("二")
        epoch = (await shop.call("sync"))["epoch"]
        same = await shop.call("sync", after=1, epoch=epoch)
        assert ([one["text"] for one in same["messages"]], told(shop)) == (["二"], 0)
        other = await shop.call("sync", after=1, epoch="of-long-ago")
        assert [one["text"] for one in other["messages"]] == ["一", "二"]
        assert other["epoch"] == epoch
        assert told(shop) == 1


async def test_a_shopper_whose_conversation_is_not_there(floor: Program, key: str) -> None:
    async with shopper(floor, key) as shop:
        assert (await shop.call("sync", after=0))["conversation"]["id"] is None
        assert told(shop) == 0
        assert (await shop.call("sync", after=7))["conversation"]["last_seq"] == 0
        assert told(shop) == 1


async def test_an_agents_cursor_beyond_the_last_number(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with (
        agent(floor, name) as desk,
        shopper(floor, key) as shop,
        shopper(floor, key) as other,
    ):
        await shop.say("一")
        await shop.say("二")
        held = (await desk.event("message", lambda one: one["text"] == "二"))["conversation"]
        await other.say("甲")
        second = (await desk.event("message", lambda one: one["text"] == "甲"))["conversation"]
        exact = await desk.call("sync", cursors={held: 2, second: 1})
        assert (exact["messages"], told(desk)) == ([], 0)
        state = await desk.call("sync", cursors={held: 2, second: 2})
        assert sorted(one["text"] for one in state["messages"]) == ["一", "二", "甲"]
        assert told(desk) == 1


async def test_an_agent_of_another_epoch(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, shopper(floor, key) as shop:
        await shop.say("一")
        held = (await desk.event("message"))["conversation"]
        epoch = (await desk.call("sync"))["epoch"]
        assert epoch == (await shop.call("sync"))["epoch"]
        same = await desk.call("sync", cursors={held: 1}, epoch=epoch)
        assert (same["messages"], told(desk)) == ([], 0)
        other = await desk.call("sync", cursors={held: 1}, epoch="of-long-ago")
        assert [one["text"] for one in other["messages"]] == ["一"]
        assert told(desk) == 1


async def test_the_vanished_is_left_out_without_a_fuss(floor: Program, name: str) -> None:
    """An agent may name a conversation that went to a colleague meanwhile."""
    floor.hire(name)
    async with agent(floor, name) as desk:
        state = await desk.call("sync", cursors={"0123456789abcdef0123": 9})
        assert state["ok"]
        assert told(desk) == 0


@pytest.mark.parametrize("epoch", ["", 7, "x" * 65])
async def test_what_is_no_epoch(floor: Program, key: str, epoch: object) -> None:
    async with shopper(floor, key) as shop:
        answer = await shop.call("sync", after=0, epoch=epoch)
        assert answer["error"]["code"] == "invalid"
