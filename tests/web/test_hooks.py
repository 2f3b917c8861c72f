"""A shop's own program hands words over and gets the answers, on the running server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from tests.clients import Client, agent
from tests.program import Program
from tests.shopbot import SECRET, Behaviour, ShopBot, shop_bot, signed
from tests.web.test_wire import mismatches, payload

_numbers = count(1)


@asynccontextmanager
async def wired(
    program: Program, behave: Behaviour = lambda _: 200, **settings: str
) -> AsyncIterator[tuple[ShopBot, str]]:
    """A shop's program with an inbox of its own; yields it and the address of the hook."""
    async with shop_bot(behave) as bot:
        inbox = {"kind": "webhook", "name": f"bot{next(_numbers)}"}
        done = program.ask(
            "inbox add", {**inbox, "set": {"secret": SECRET, "url": bot.url, **settings}}
        )
        yield bot, program.address + json.loads(done["out"])["hook"]


async def told(bot: ShopBot, hook: str, **post: Any) -> None:
    status, body = await bot.post(hook, **post)
    assert (status, body) == (200, {"ok": True})


async def state_of(desk: Client, conversation: str) -> dict[int, tuple[Any, Any]]:
    """By number, the tick and its reason of what is stored."""
    state = await desk.call("sync", cursors={conversation: 0})
    return {
        one["seq"]: (one["delivery"], one.get("reason"))
        for one in state["messages"]
        if "delivery" in one
    }


async def test_words_come_in_and_the_answer_goes_out(floor: Program, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, wired(floor) as (bot, hook):
        await told(bot, hook, person="u-1", text="什么时候发货？", name="张三")
        heard = await desk.event("message")
        assert (heard["text"], heard["author"]["name"]) == ("什么时候发货？", "张三")
        held = heard["conversation"]
        listed = await desk.event("conversation", lambda one: one["id"] == held)
        assert (listed["inbox"]["kind"], listed["contact"]["name"]) == ("webhook", "张三")
        said = await desk.say("今天", conversation=held)
        await desk.event("delivery", lambda one: one["state"] == "sent")
        states = [data for kind, data in desk.events if kind == "delivery"]
        assert states == [
            {"conversation": held, "seq": said["seq"], "state": one} for one in ("sending", "sent")
        ]
        shown = await desk.event("message", lambda one: one["text"] == "今天")
        assert shown["delivery"] == "queued"
        assert bot.wrong == []
        assert [(one["id"], one["person"], one["text"]) for one in bot.taken] == [
            (said["id"], "u-1", "今天")
        ]
        await desk.say("记一下", conversation=held, private=True)
        await told(bot, hook, person="u-1", text="好")
        await desk.event("message", lambda one: one["text"] == "好")
        assert await state_of(desk, held) == {said["seq"]: ("sent", None)}, "a note stays inside"
        assert bot.texts() == ["今天"]


async def test_a_repeat_is_known_and_another_body_refused(floor: Program, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, wired(floor) as (bot, hook):
        post = {"id": "m-1", "person": "u-1", "text": "在吗"}
        await asyncio.gather(*[told(bot, hook, **post) for _ in range(5)])
        await told(bot, hook, **post)
        status, body = await bot.post(hook, **{**post, "text": "另一句"})
        assert (status, body["error"]["code"]) == (409, "conflict")
        await told(bot, hook, id="m-2", person="u-1", text="还在吗")
        await desk.event("message", lambda one: one["text"] == "还在吗")
        assert desk.texts() == ["在吗", "还在吗"]
        await told(bot, hook, **{**post, "person": "u-2"})
        first = (await desk.event("message"))["conversation"]
        other = await desk.event("message", lambda one: one["conversation"] != first)
        assert other["text"] == "在吗", "ids are of the person who writes"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 403, "forbidden"),
        ({"X-Dianxiaoer-Signature": "sha256=" + "0" * 64}, 403, "forbidden"),
        ({"X-Dianxiaoer-Timestamp": "1700000000"}, 403, "forbidden"),
    ],
)
async def test_what_is_not_signed_stays_out(
    floor: Program, headers: dict[str, str], status: int, code: str
) -> None:
    body = json.dumps({"id": "1", "person": "u", "text": "在吗"}).encode()
    async with wired(floor) as (bot, hook):
        proof = {**signed(body), **headers} if headers else {}
        answer, said = await bot.raw(hook, body, proof)
        assert (answer, said["error"]["code"]) == (status, code)
        state = json.loads(floor.ask("inbox list", {"json": True})["out"].splitlines()[0])
        widget = await bot.raw(f"{floor.address}/hooks/{state['id']}", body, signed(body))
        nobody = await bot.raw(f"{floor.address}/hooks/nobody", body, signed(body))
        assert {widget[0], nobody[0]} == {404}


@pytest.mark.parametrize(
    ("post", "status", "sentence"),
    [
        ({"text": "长" * 8001}, 413, "8001"),
        ({"text": "a\0b"}, 400, "NUL"),
        ({"name": "a\0b"}, 400, "NUL"),
        ({"text": " "}, 400, "empty"),
        ({"colour": "red"}, 400, "colour"),
    ],
)
async def test_what_cannot_be_taken_is_named(
    floor: Program, post: dict[str, Any], status: int, sentence: str
) -> None:
    async with wired(floor) as (bot, hook):
        answer, said = await bot.post(hook, **{"person": "u-1", "text": "在吗", **post})
        assert answer == status
        assert sentence in said["error"]["message"]


async def test_answers_keep_their_order_while_the_far_end_fails(floor: Program, name: str) -> None:
    """The first answer is refused for a while: what follows waits behind it, others do not."""
    floor.hire(name)
    left = {"failures": 1}

    def stumbling(post: dict[str, Any]) -> int:
        if post["text"] == "一" and left["failures"]:
            left["failures"] -= 1
            return 503
        return 200

    async with agent(floor, name) as desk, wired(floor, stumbling) as (bot, hook):
        await told(bot, hook, person="u-1", text="在吗")
        await told(bot, hook, person="u-2", text="在吗")
        first = (await desk.event("message"))["conversation"]
        second = (await desk.event("message", lambda one: one["conversation"] != first))[
            "conversation"
        ]
        for text in ("一", "二", "三"):
            await desk.say(text, conversation=first)
        await desk.say("别人", conversation=second)
        retried = await desk.event("delivery", lambda one: one["state"] == "retry")
        assert (retried["conversation"], retried["reason"]) == (
            first,
            "对方暂时收不下（HTTP 503）",
        )
        await bot.until(lambda one: len(one.taken) == 4)
        assert bot.texts() == ["别人", "一", "二", "三"]
        assert [one["text"] for one in bot.tried].count("一") == 2
        ids = {one["id"] for one in bot.tried if one["text"] == "一"}
        assert len(ids) == 1, "the same key at every try"


async def test_a_refusal_is_told_in_the_agents_language_and_counted(
    floor: Program, name: str
) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, wired(floor, lambda _: 410) as (bot, hook):
        assert (await desk.call("sync"))["undelivered"] == 0
        await told(bot, hook, person="u-1", text="在吗")
        held = (await desk.event("message"))["conversation"]
        said = await desk.say("今天", conversation=held)
        dead = await desk.event("delivery", lambda one: one["state"] == "dead")
        reason = "对方拒收了这条消息（HTTP 410）"
        assert (dead["seq"], dead["reason"]) == (said["seq"], reason)
        assert await desk.event("undelivered") == {"count": 1}
        assert await state_of(desk, held) == {said["seq"]: ("dead", reason)}
        assert (await desk.call("sync"))["undelivered"] == 1
        state = await desk.call("sync", cursors={held: 0})
        assert state.pop("ok")
        wrong = mismatches(state, "DeskSynced", "sync")
        for kind, data in desk.events:
            wrong += mismatches(data, payload("DeskEvents", kind), kind)
        assert wrong == []
        bot.behave = lambda _: 200
        await desk.say("后来的", conversation=held)
        await bot.until(lambda one: one.texts() == ["后来的"])
