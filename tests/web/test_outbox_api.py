"""The screen of undelivered messages over HTTP: who sees what, sending again, dismissing."""

from typing import Any

import pytest

from tests.clients import Client, agent, sign_in
from tests.program import Program
from tests.shopbot import ShopBot
from tests.web.browsing import Browsing, browsing
from tests.web.conftest import owner
from tests.web.test_hooks import told, wired
from tests.web.test_wire import mismatches


async def refused_answer(bot: ShopBot, hook: str, desk: Client, text: str) -> dict[str, Any]:
    """A shopper asks, the agent answers, the far end refuses; returns the event."""
    await told(bot, hook, person="u-1", text="在吗", name="张三")
    held = (await desk.event("message"))["conversation"]
    said = await desk.say(text, conversation=held)
    return await desk.event("delivery", lambda one: one["seq"] == said["seq"] and "reason" in one)


def headers(cookie: str, csrf: str, language: str = "en") -> dict[str, str]:
    return {"Cookie": f"{cookie}; lang={language}", "X-CSRF-Token": csrf}


async def listed(http: Browsing, api: str, **query: str) -> tuple[list[dict[str, Any]], int]:
    answer = await http.get(api, params=query)
    body = await answer.json()
    assert answer.status == 200, body
    assert mismatches(body, "Letters", "letters") == []
    return body["items"], body["total"]


async def letters_of(program: Program, lead: Client) -> list[dict[str, Any]]:
    """What a lead sees, over a session of their own."""
    body, cookie = await sign_in(program, lead.me["name"], program.owner_password)
    async with browsing(headers=headers(cookie, body["csrf"])) as http:
        return (await listed(http, f"{program.address}/api/outbox"))[0]


async def test_a_dead_letter_is_shown_sent_again_and_dismissed(floor: Program, name: str) -> None:
    floor.hire(name)
    body, cookie = await sign_in(floor, name)
    api = f"{floor.address}/api/outbox"
    async with (
        agent(floor, name) as desk,
        wired(floor, lambda _: 410) as (bot, hook),
        browsing(headers=headers(cookie, body["csrf"])) as http,
    ):
        dead = await refused_answer(bot, hook, desk, "今天发货")
        (one,), total = await listed(http, api)
        assert total == 1
        assert {key: one[key] for key in ("conversation", "seq", "text", "state", "attempts")} == {
            "conversation": dead["conversation"],
            "seq": dead["seq"],
            "text": "今天发货",
            "state": "dead",
            "attempts": 1,
        }
        assert one["reason"] == "it was refused (HTTP 410)"
        assert (one["contact"]["name"], one["agent"]["name"]) == ("张三", name)
        assert one["inbox"]["kind"] == "webhook"
        assert await listed(http, api, state="unconfirmed") == ([], 0)
        assert (await http.post(f"{api}/{one['id']}/dismiss")).status == 200
        await desk.event("delivery", lambda event: event["state"] == "failed")
        await desk.event("undelivered", lambda event: event["count"] == 0)
        assert await listed(http, api) == ([], 0)
        bot.behave = lambda _: 200
        again = await http.post(f"{api}/{one['id']}/resend")
        assert (again.status, await again.json()) == (200, {})
        await bot.until(lambda far: far.texts() == ["今天发货"])
        assert bot.tried[0]["id"] == bot.tried[1]["id"]
        await desk.event("delivery", lambda event: event["state"] == "sent")
        late = await http.post(f"{api}/{one['id']}/resend")
        assert (late.status, (await late.json())["error"]["code"]) == (409, "conflict")


async def test_what_is_to_be_tried_again_says_when(floor: Program, name: str) -> None:
    floor.hire(name)
    body, cookie = await sign_in(floor, name)
    async with (
        agent(floor, name) as desk,
        wired(floor, lambda _: 503) as (bot, hook),
        browsing(headers=headers(cookie, body["csrf"], "zh-CN")) as http,
    ):
        await refused_answer(bot, hook, desk, "稍等")
        api = f"{floor.address}/api/outbox"
        (one,), _ = await listed(http, api, state="retry")
        assert one["due_at"] > one["at"]
        assert one["reason"] == "对方暂时收不下（HTTP 503）"
        assert await listed(http, api) == ([], 0), "nobody needs to do anything"
        assert (await http.post(f"{api}/{one['id']}/dismiss")).status == 200


async def test_another_groups_letters_do_not_exist(floor: Program, name: str) -> None:
    floor.hire(name, "售后")
    floor.hire(f"{name}外", "售前")
    body, cookie = await sign_in(floor, f"{name}外")
    api = f"{floor.address}/api/outbox"
    async with (
        agent(floor, name) as desk,
        agent(floor, f"{name}外") as outside,
        wired(floor, lambda _: 410, group="售后") as (bot, hook),
        browsing(headers=headers(cookie, body["csrf"])) as http,
    ):
        dead = await refused_answer(bot, hook, desk, "今天")
        await desk.event("undelivered", lambda one: one["count"] == 1)
        async with owner(floor) as lead:
            state = await lead.call("sync", cursors={dead["conversation"]: 0})
            assert state["undelivered"] == 1
            (letter,) = (one["id"] for one in await letters_of(floor, lead))
        assert await listed(http, api) == ([], 0)
        for deed in ("resend", "dismiss"):
            answer = await http.post(f"{api}/{letter}/{deed}")
            assert (answer.status, (await answer.json())["error"]["code"]) == (404, "not_found")
        handed = await desk.call(
            "hand_over", conversation=dead["conversation"], to_agent=outside.me["id"]
        )
        assert handed["ok"], handed
        await outside.event("undelivered", lambda event: event["count"] == 1)
        assert [one["id"] for one in (await listed(http, api))[0]] == [letter]
        assert (await http.post(f"{api}/{letter}/dismiss")).status == 200


@pytest.mark.parametrize("query", ["state=sent", "limit=0", "limit=201", "colour=red"])
async def test_a_wrong_question_is_named(floor: Program, name: str, query: str) -> None:
    floor.hire(name)
    _, cookie = await sign_in(floor, name)
    async with browsing(headers={"Cookie": cookie}) as http:
        answer = await http.get(f"{floor.address}/api/outbox?{query}")
        assert answer.status == 400
        assert query.partition("=")[0] in (await answer.json())["error"]["message"]


async def test_without_a_session_or_its_token_nothing_is_done(floor: Program, name: str) -> None:
    floor.hire(name)
    _, cookie = await sign_in(floor, name)
    async with browsing() as http:
        assert (await http.get(f"{floor.address}/api/outbox")).status == 401
        path = f"{floor.address}/api/outbox/x/resend"
        assert (await http.post(path)).status == 401
        assert (await http.post(path, headers={"Cookie": cookie})).status == 403
