"""Who has a conversation and who may know of it: queue, groups, hand-overs, presence, leaks."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from tests.clients import Client, agent, shopper
from tests.program import Program
from tests.web.conftest import owner


def states(client: Client, conversation: str) -> list[tuple[str, Any]]:
    """What a console was told of a conversation, in order."""
    return [
        (data["stage"], data.get("agent", {}).get("name"))
        for kind, data in client.events
        if kind == "conversation" and data["id"] == conversation
    ]


def is_now(state: str, one: dict[str, Any]) -> bool:
    return bool(one["state"] == state)


async def test_the_queue_is_first_come_first_served(floor: Program, key: str, name: str) -> None:
    floor.hire(name, capacity=1)
    async with agent(floor, name) as desk, AsyncExitStack() as shops:
        waiting = [await shops.enter_async_context(shopper(floor, key)) for _ in range(3)]
        for number, shop in enumerate(waiting):
            await shop.say(f"第{number}位")
        await waiting[0].event("conversation", lambda one: one.get("stage") == "open")
        places = [(await shop.call("sync"))["conversation"].get("queue") for shop in waiting]
        assert [one and one["place"] for one in places] == [None, 1, 2]
        await desk.event("queue", lambda one: one["waiting"] == 2)

        held = (await desk.event("message"))["conversation"]
        assert (await desk.call("close", conversation=held))["ok"]
        await waiting[1].event("conversation", lambda one: one.get("stage") == "open")
        moved = await waiting[2].event(
            "conversation", lambda one: (one.get("queue") or {}).get("place") == 1
        )
        assert "id" not in moved
        taken = await desk.call("take")
        assert taken["conversation"]["reason"] == "taken"
        assert taken["conversation"]["preview"]["text"] == "第2位"
        empty = await desk.call("take")
        assert empty["error"]["code"] == "not_found"


async def test_busy_gets_nothing_but_may_take(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, shopper(floor, key) as shop:
        assert (await shop.call("sync"))["online"]
        for state in ("busy", "away"):
            assert (await desk.call("available", state=state, reason="午饭"))["ok"]
            await desk.event("presence", partial(is_now, state))
        assert not (await shop.call("sync"))["online"]
        await shop.say("有人吗")
        waiting = await desk.event("conversation")
        assert (waiting["stage"], waiting["queue"]["place"]) == ("waiting", 1)
        taken = await desk.call("take", conversation=waiting["id"])
        assert taken["conversation"]["agent"]["name"] == name
        again = await desk.call("take", conversation=waiting["id"])
        assert again["conversation"]["agent"]["name"] == name


async def test_being_available_again_empties_the_queue(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, shopper(floor, key) as shop:
        await desk.call("available", state="busy")
        await shop.say("有人吗")
        await desk.call("available", state="available")
        given = await desk.event("conversation", lambda one: one["stage"] == "open")
        assert (given["agent"]["name"], given["reason"]) == (name, "only_one")


async def test_one_of_many_takes_it(floor: Program, key: str, name: str) -> None:
    names = [f"{name}-{number}" for number in range(5)]
    for one in names:
        floor.hire(one, capacity=0)
    async with AsyncExitStack() as stack, shopper(floor, key) as shop:
        desks = [await stack.enter_async_context(agent(floor, one)) for one in names]
        await shop.say("谁来")
        held = (await desks[0].event("conversation"))["id"]
        answers = await asyncio.gather(*(desk.call("take", conversation=held) for desk in desks))
        winners = [one["conversation"]["agent"]["name"] for one in answers if one["ok"]]
        assert len(winners) == 1
        refused = [one["error"] for one in answers if not one["ok"]]
        assert {one["code"] for one in refused} == {"conflict"}
        assert all(winners[0] in one["message"] for one in refused)
        loser = desks[names.index(winners[0]) - 1]
        said = await loser.say("我来", conversation=held)
        assert said["error"]["code"] == "conflict"
        noted = await loser.say("我熟悉他", conversation=held, private=True)
        assert noted["ok"]
        for verb, frame in (("close", {}), ("hand_over", {"to_group": "售后"})):
            refusal = await loser.call(verb, conversation=held, **frame)
            assert refusal["error"]["code"] == "forbidden", verb


async def test_a_hand_over_and_what_the_outsider_never_hears(
    floor: Program, key: str, name: str
) -> None:
    first, second, outsider = f"{name}甲", f"{name}乙", f"{name}丙"
    floor.hire(first, "售前")
    floor.hire(second, "售后", capacity=0)
    floor.hire(outsider, "售中", capacity=0)
    async with (
        agent(floor, first) as one,
        agent(floor, second) as two,
        agent(floor, outsider) as other,
        shopper(floor, key) as shop,
    ):
        await shop.say("退货")
        held = (await one.event("message"))["conversation"]
        await other.event("conversation", lambda seen: seen["id"] == held)
        group = (await one.call("sync"))["groups"][2]
        done = await one.call("hand_over", conversation=held, to_group=group["id"], note="要换货")
        assert done["ok"], done
        for lost in (one, other):
            assert await lost.event("gone") == {"id": held}
        waiting = await two.event("conversation", lambda seen: seen["stage"] == "waiting")
        assert waiting["group"]["name"] == "售后"
        begun = len(other.events)

        await two.call("take", conversation=held)
        await shop.say("快点")
        await two.event("message", lambda seen: seen["text"] == "快点")
        await two.say("马上", conversation=held)
        await shop.call("typing", text="秘")
        await two.event("typing")
        history = await two.call("sync", cursors={held: 0})
        assert [line["text"] for line in history["messages"]] == ["退货", "要换货", "快点", "马上"]
        assert (await other.call("sync", cursors={held: 0}))["messages"] == []
        heard = {kind for kind, _ in other.events[begun:]}
        assert heard <= {"presence", "queue"}, other.events[begun:]
        assert "要换货" not in str((await shop.call("sync"))["messages"]) + str(shop.events)


async def test_a_colleague_hears_what_it_watches(floor: Program, key: str, name: str) -> None:
    first, second = f"{name}甲", f"{name}乙"
    floor.hire(first)
    floor.hire(second, capacity=0)
    async with (
        agent(floor, first) as one,
        agent(floor, second) as two,
        shopper(floor, key) as shop,
    ):
        await shop.say("一")
        held = (await one.event("message"))["conversation"]
        await shop.say("二")
        await one.event("message", lambda seen: seen["text"] == "二")
        missed = await two.call("sync", cursors={held: 0})
        assert [line["text"] for line in missed["messages"]] == ["一", "二"]
        await shop.say("三")
        await two.event("message", lambda seen: seen["text"] == "三")
        assert two.texts() == ["三"]
        given = await one.call(
            "hand_over", conversation=held, to_agent=two.me["id"], note="交给你了"
        )
        assert given["ok"]
        mine = await two.event("conversation", lambda seen: seen.get("reason") == "handed_over")
        assert mine["agent"]["name"] == second
        assert (await two.say("接手了", conversation=held))["ok"]
        for unknown in ({"to_agent": "0" * 20}, {"to_group": "没有这个组"}):
            refused = await two.call("hand_over", conversation=held, **unknown)
            assert refused["error"]["code"] == "not_found"


async def test_closing_and_reopening(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, shopper(floor, key) as shop:
        await shop.say("在吗")
        held = (await desk.event("message"))["conversation"]
        for _ in range(2):
            assert (await desk.call("close", conversation=held, summary="已解决"))["ok"]
        closed = await desk.event("conversation", lambda one: one["stage"] == "closed")
        assert closed["summary"] == "已解决"
        assert await shop.event("conversation", lambda one: one.get("stage") == "closed")
        for verb, frame in (
            ("say", {"client_id": "too-late-now", "text": "还在吗"}),
            ("take", {}),
            ("hand_over", {"to_group": "售后"}),
        ):
            refused = await desk.call(verb, conversation=held, **frame)
            assert refused["error"]["code"] == "conflict", verb
        assert held not in [one["id"] for one in (await desk.call("sync"))["conversations"]]
        named = await desk.call("sync", cursors={held: 0})
        assert held in [one["id"] for one in named["conversations"]]
        assert (await desk.call("reopen", conversation=held))["ok"]
        assert states(desk, held)[-1] == ("open", name)
        assert (await desk.call("reopen", conversation=held))["error"]["code"] == "conflict"
        assert (await desk.say("还有问题吗", conversation=held))["ok"]


async def test_presence_counts_windows(floor: Program, key: str, name: str) -> None:
    floor.hire(name, "售前", "售后", capacity=3)

    def mine(one: dict[str, Any]) -> bool:
        return bool(one["name"] == name)

    async with owner(floor) as lead:
        there = await lead.call("sync")
        assert [(one["online"], one["load"]) for one in there["agents"] if mine(one)] == [
            (False, 0)
        ]
        async with agent(floor, name):
            seen = await lead.event("presence", lambda one: mine(one) and one["online"])
            assert (seen["capacity"], seen["state"]) == (3, "available")
            assert [group["name"] for group in seen["groups"]] == ["售前", "售后"]
            async with agent(floor, name):
                pass
            again = await lead.call("sync")
            assert [one["online"] for one in again["agents"] if mine(one)] == [True]
        await lead.event("presence", lambda one: mine(one) and not one["online"])


async def test_pages_and_cards_reach_the_console(floor: Program, key: str, name: str) -> None:
    floor.hire(name)
    page = {"url": "https://shop.example/p/tea", "title": "茶", "product": {"title": "龙井"}}
    order = {"uid": "E2026", "goods": [{"title": "龙井", "quantity": 2}]}
    async with agent(floor, name) as desk, shopper(floor, key, page=page) as shop:
        card = {"title": "龙井", "price": "¥88"}
        asked = await shop.say("这个有货吗", kind="product", product=card)
        assert asked["ok"], asked
        message = await desk.event("message")
        assert message["product"] == card
        shown = await desk.event("conversation")
        assert shown["page"] == {"url": page["url"], "title": "茶"}
        await shop.say("", kind="order", order=order)
        second = await desk.event("message", lambda one: one["kind"] == "order")
        assert second["order"]["uid"] == "E2026"
        await shop.call("page", url="/cart", title="购物车")
        await desk.event("conversation", lambda one: one.get("page", {}).get("title") == "购物车")
