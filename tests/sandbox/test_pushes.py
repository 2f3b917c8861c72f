"""Callbacks: what they look like, how often they are tried, and what spoils them."""

import asyncio
from typing import Any

import pytest

from sandbox import Kind, new_account
from sandbox.people import PEOPLE
from sandbox.said import Act
from sandbox.secure import seal, signature
from sandbox.world import World
from tests.sandbox.conftest import ANSWER_S, Far
from tests.sandbox.endpoint import message, tag

CASES: list[tuple[Kind, dict[str, Any], dict[str, str]]] = [
    (Kind.OFFICIAL, {"type_": "text", "text": "在吗 <b>]]>\x01"}, {"MsgType": "text"}),
    (Kind.OFFICIAL, {"type_": "voice", "recognition": "发货"}, {"Recognition": "发货"}),
    (Kind.OFFICIAL, {"type_": "location", "label": "杭州"}, {"Label": "杭州", "Scale": "16"}),
    (Kind.OFFICIAL, {"type_": "link", "url": "https://x.example/?a=1&b"}, {"MsgType": "link"}),
    (Kind.OFFICIAL, {"type_": "shortvideo"}, {"MsgType": "shortvideo"}),
    (Kind.OFFICIAL, {"type_": "menu", "key": "101", "text": "满意"}, {"bizmsgmenuid": "101"}),
    (Kind.OFFICIAL, {"type_": "subscribe", "scene": "7"}, {"EventKey": "qrscene_7"}),
    (Kind.OFFICIAL, {"type_": "click", "key": "K"}, {"Event": "CLICK", "EventKey": "K"}),
    (Kind.OFFICIAL, {"type_": "raw", "fields": {"MsgType": "hologram"}}, {"MsgType": "hologram"}),
    (Kind.MINI, {"type_": "text", "text": "在吗"}, {"Content": "在吗"}),
    (Kind.MINI, {"type_": "enter", "scene": "p:1"}, {"SessionFrom": "p:1"}),
    (Kind.MINI, {"type_": "miniprogrampage", "title": "杯"}, {"Title": "杯"}),
    (Kind.KF, {"type_": "text", "text": "在吗"}, {"Event": "kf_msg_or_event"}),
]


@pytest.mark.parametrize(("kind", "deed", "holds"), CASES)
async def test_a_deed_reaches_the_shop(
    far: Far, kind: Kind, deed: dict[str, Any], holds: dict[str, str]
) -> None:
    line = await far.act(kind=kind, **deed)
    assert (line["state"], far.endpoint.refused) == ("taken", 0)
    [heard] = far.endpoint.heard
    read = message(heard) if kind is Kind.MINI else {name: tag(heard, name) for name in holds}
    assert {name: str(read[name]) for name in holds} == holds
    if kind is not Kind.KF:
        assert far.user(kind) in heard
        assert far.account(kind).address in heard


async def test_messages_have_large_numbers_and_events_none(far: Far) -> None:
    await far.act("text", text="一")
    await far.act("text", text="二")
    await far.act("click", key="K")
    one, two, event = far.endpoint.heard
    assert int(tag(two, "MsgId")) > int(tag(one, "MsgId")) > 2**53
    assert tag(event, "MsgId") == ""


@pytest.mark.parametrize("kind", list(Kind))
async def test_the_address_is_checked(far: Far, kind: Kind) -> None:
    assert (await far.play("verify", account=kind)) == {"ok": True, "reason": ""}
    far.endpoint.accounts = [new_account(one, "x") for one in Kind]
    assert not (await far.play("verify", account=kind))["ok"]


async def tries(far: Far) -> list[dict[str, Any]]:
    [push] = await far.log("push")
    found: list[dict[str, Any]] = push["tries"]
    return found


async def test_silence_is_tried_three_times(far: Far) -> None:
    far.endpoint.silent = 9
    line = await far.act("text", text="在吗")
    assert line["state"] == "failed"
    assert line["reason"] == f"no answer in {ANSWER_S} s"
    assert len(set(far.endpoint.heard)) == 1
    assert [one["status"] for one in await tries(far)] == [0, 0, 0]
    assert all(one["ms"] >= ANSWER_S * 1000 - 5 for one in await tries(far))


async def test_a_late_shop_gets_the_same_again(far: Far) -> None:
    far.endpoint.silent = 1
    assert (await far.act("text", text="在吗"))["state"] == "taken"
    assert len(far.endpoint.heard) == 2
    assert len(set(far.endpoint.heard)) == 1


async def test_an_error_is_tried_again_and_nonsense_is_not(far: Far) -> None:
    far.endpoint.answers = [(500, ""), (503, "")]
    assert (await far.act("text", text="在吗"))["state"] == "taken"
    assert [one["status"] for one in await tries(far)] == [500, 503, 200]
    far.endpoint.answers = [(200, "ok!")]
    line = await far.act("text", text="在吗")
    assert line["state"] == "broken"
    assert len(far.endpoint.heard) == 4


async def test_nobody_there() -> None:
    account = new_account(Kind.OFFICIAL, "x", hook="http://127.0.0.1:9/hooks/x")
    world = World([account])
    world.pusher.start()
    assert "127.0.0.1:9" in await world.pusher.verify(account)
    world.act(account, PEOPLE[0], Act(type="text", text="在吗"), "")
    await world.pusher.settled()
    [line] = world.chat(account, PEOPLE[0]).lines
    assert (line.state, len(world.record.after(0, "push")[0]["tries"])) == ("failed", 3)
    await world.pusher.stop()


async def test_a_sealed_reply_is_shown(far: Far) -> None:
    mine = far.account()
    inner = (
        f"<xml><ToUserName>{far.user()}</ToUserName><FromUserName>{mine.address}</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>收到</Content></xml>"
    )
    sealed = seal(mine.aes_key, inner.encode(), mine.app_id)
    proof = signature(mine.token, "1", "n", sealed)
    reply = (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{proof}</MsgSignature>"
        "<TimeStamp>1</TimeStamp><Nonce>n</Nonce></xml>"
    )
    far.endpoint.answers = [(200, reply)]
    assert (await far.act("text", text="在吗"))["state"] == "taken"
    lines = far.chat().lines
    assert [one.data.get("text") for one in lines] == ["在吗", "收到"]
    for spoilt in (
        reply.replace(proof, "0" * 40),
        inner,
        reply.replace("<xml>", "<!DOCTYPE x><xml>"),
    ):
        far.endpoint.answers = [(200, spoilt)]
        assert (await far.act("text", text="在吗"))["state"] == "broken"


@pytest.mark.parametrize("fault", ["plaintext", "bad_signature"])
async def test_a_spoilt_callback_is_refused_by_the_shop(far: Far, fault: str) -> None:
    await far.play("faults", **{fault: 1})
    line = await far.act("text", text="在吗")
    assert (line["state"], line["reason"], far.endpoint.refused) == ("failed", "HTTP 403", 3)
    assert (await far.act("text", text="在吗"))["state"] == "taken"


async def test_each_twice(far: Far) -> None:
    await far.play("faults", duplicate=True)
    await far.act("text", text="在吗")
    assert len(far.endpoint.heard) == 2
    assert len(set(far.endpoint.heard)) == 1


async def test_out_of_order(far: Far) -> None:
    await far.play("faults", out_of_order=1)
    async with asyncio.TaskGroup() as both:
        both.create_task(far.act("text", text="先"))
        both.create_task(far.act("text", text="后"))
    said = [one["message"]["Content"] for one in await far.log("push")]
    assert [tag(one, "Content") for one in far.endpoint.heard] == said[::-1]


async def test_what_the_product_has_not(far: Far) -> None:
    body = {"account": "mini", "person": "lin", "act": {"type": "voice"}}
    async with far.http.post(f"{far.url}/_/act", json=body) as answer:
        assert answer.status == 400
        assert "mini has no 'voice'" in await answer.text()
    async with far.http.post(f"{far.url}/_/act", data="{}") as answer:
        assert answer.status == 415
