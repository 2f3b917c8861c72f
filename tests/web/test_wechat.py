"""公众号 on the running server: pushes reach the desk once, answers reach `custom/send`, forged and
hostile calls reach nobody."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import aiohttp

from tests.channels import wechat_server as far
from tests.channels.wechat_server import AES, APP, SECRET, TOKEN, WechatServer, wechat_server
from tests.clients import agent
from tests.program import Program
from tests.web.test_wire import mismatches, payload

_numbers = count(1)


@dataclass
class Account:
    """An official account on both sides: WeChat's servers, and our hook."""

    server: WechatServer
    hook: str
    http: aiohttp.ClientSession

    async def push(self, text: str, *, at: float | None = None, nonce: str = "") -> int:
        query, cipher = far.sealed(text, at=at, nonce=nonce)
        return await self.raw(query, far.enveloped(cipher))

    async def raw(self, query: dict[str, str], body: bytes) -> int:
        async with self.http.post(self.hook, params=query, data=body) as answer:
            said = await answer.text()
            assert (answer.status == 200) == (said == "success"), said
            return answer.status


@asynccontextmanager
async def account(program: Program, **settings: str) -> AsyncIterator[Account]:
    async with wechat_server() as server, aiohttp.ClientSession() as http:
        values = {
            "app_id": APP, "app_secret": SECRET, "token": TOKEN, "encoding_aes_key": AES,
            "api_base": server.url, **settings,
        }  # fmt: skip
        named = {"kind": "wechat", "name": f"号{next(_numbers)}", "set": values}
        done = program.ask("inbox add", named)
        yield Account(server, program.address + json.loads(done["out"])["hook"], http)


def message(text: str, number: int, person: str = "oUser") -> str:
    return far.message(Content=text, MsgId=number, person=person)


async def test_words_come_in_once_and_the_answer_goes_out(floor: Program, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, account(floor) as wechat:
        for _ in range(3):
            assert await wechat.push(message("什么时候发货？", 1)) == 200
        heard = await desk.event("message")
        held = heard["conversation"]
        listed = await desk.event(
            "conversation", lambda one: one["id"] == held and one.get("window") is not None
        )
        assert (listed["inbox"]["kind"], listed["window"]["remaining"]) == ("wechat", 5)
        said = await desk.say("今天 <a href='x'>", conversation=held)
        await desk.event("delivery", lambda one: one["state"] == "sent")
        assert wechat.server.texts() == ["今天 ＜a href='x'>"]
        assert wechat.server.said[0]["touser"] == "oUser"
        left = await desk.event(
            "conversation", lambda one: one.get("window", {}).get("remaining") == 4
        )
        assert left["window"]["total"] == 5
        await wechat.push(far.message("image", PicUrl="http://p/1", MediaId="m", MsgId=2))
        picture = await desk.event("message", lambda one: one["kind"] == "image")
        assert picture["media"] == {"type": "image", "state": "pending"}
        gone = await desk.event("arrived", lambda one: one["seq"] == picture["seq"])
        assert gone["media"] == {"type": "image", "state": "expired"}
        await wechat.push(far.message("event", Event="unsubscribe"))
        await desk.event("message", lambda one: one["text"] == "取消关注了公众号")
        assert desk.texts() == ["什么时候发货？", "今天 <a href='x'>", "", "取消关注了公众号"]
        state = await desk.call("sync", cursors={held: 0})
        assert state.pop("ok")
        wrong = mismatches(state, "DeskSynced", "sync")
        for kind, data in desk.events:
            wrong += mismatches(data, payload("DeskEvents", kind), kind)
        assert wrong == []
        await desk.say("还在吗", conversation=held)
        dead = await desk.event("delivery", lambda one: one["state"] == "dead")
        assert dead["reason"].startswith("已超过平台允许回复的时间")
        assert dead["seq"] > said["seq"]
        assert len(wechat.server.said) == 1


async def test_the_address_is_tried_with_a_get(floor: Program) -> None:
    async with account(floor) as wechat:
        query, _ = far.sealed("")
        for bent, status, said in (({}, 200, "echo+/= 1"), ({"signature": "0" * 40}, 403, None)):
            asked = {**query, "echostr": "echo+/= 1", **bent}
            async with wechat.http.get(wechat.hook, params=asked) as answer:
                assert answer.status == status
                assert said is None or await answer.text() == said
        webhook = floor.ask(
            "inbox add",
            {"kind": "webhook", "name": "没有", "set": {"secret": "s", "url": "http://x/"}},
        )
        for path in (json.loads(webhook["out"])["hook"], "/hooks/nobody"):
            async with wechat.http.get(floor.address + path, params=query) as answer:
                assert answer.status == 404


async def test_replays_have_no_effect_and_true_retries_are_answered(
    floor: Program, name: str
) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, account(floor) as wechat:
        query, cipher = far.sealed(message("一", 1))
        for _ in range(3):
            assert await wechat.raw(query, far.enveloped(cipher)) == 200
        assert await wechat.push(message("一", 1), nonce="another") == 200, "sealed anew"
        assert await wechat.push(message("一", 1), at=time.time() - 360) == 403
        again = {**query, "nonce": "new"}
        assert await wechat.raw(again, far.enveloped(cipher)) == 403
        assert await wechat.push(message("别的", 1)) == 200, "the first of a key stands"
        assert await wechat.push(message("二", 2)) == 200
        await desk.event("message", lambda one: one["text"] == "二")
        assert desk.texts() == ["一", "二"]


async def test_hundreds_at_once_in_any_order_are_stored_once(floor: Program, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, account(floor) as wechat:
        pushes = [message(f"第 {one} 条", one, f"oUser{one % 20}") for one in range(300)]
        many = [one for one in pushes for _ in range(random.Random(7).randint(1, 4))]
        random.Random(8).shuffle(many)
        places = asyncio.Semaphore(32)

        async def push(text: str) -> int:
            async with places:
                return await wechat.push(text)

        assert set(await asyncio.gather(*map(push, many))) == {200}
        await desk.event("message", lambda one: len(desk.texts()) >= 300)
        assert sorted(desk.texts()) == sorted(f"第 {one} 条" for one in range(300))


def hostile() -> list[tuple[dict[str, str], bytes, set[int]]]:
    """(query, body, the statuses it may have)."""
    query, cipher = far.sealed(message("在吗", 1))
    body = far.enveloped(cipher)
    plain = {one: query[one] for one in ("signature", "timestamp", "nonce")}
    other, sealed_other = far.sealed(message("在吗", 1), receiver="wxother")
    wrong, sealed_wrong = far.sealed("<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>")
    bomb = b"<!DOCTYPE x [<!ENTITY a '" + b"a" * 30_000 + b"'>]><xml>" + b"&a;" * 9000
    return [
        (plain, message("在吗", 1).encode(), {403}),
        ({**plain, "encrypt_type": "raw"}, message("在吗", 1).encode(), {403}),
        ({}, body, {403}),
        (query, b"", {403}),
        (query, body.replace(b"<Encrypt>", b"<Encrypt2>"), {403}),
        (query, bomb, {403}),
        (query, b"<xml><Encrypt>" + b"A" * 60_000 + b"</Encrypt></xml>", {403}),
        (query, b"x" * 70_000, {400}),
        (query, body.decode().encode("utf-16"), {403}),
        (other, far.enveloped(sealed_other), {403}),
        (wrong, far.enveloped(sealed_wrong), {400}),
    ]


async def test_hostile_calls_reach_nobody(floor: Program, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, account(floor) as wechat:
        for query, body, statuses in hostile():
            assert await wechat.raw(query, body) in statuses, body[:60]
        await wechat.push(message("真的", 9))
        await desk.event("message", lambda one: one["text"] == "真的")
        assert desk.texts() == ["真的"]


async def test_each_end_of_a_send_is_told(floor: Program, name: str) -> None:
    """Long text in parts, a busy server, an unknown end and a refusal: in order, no doubles."""
    floor.hire(name)
    async with agent(floor, name) as desk, account(floor) as wechat:
        await wechat.push(message("在吗", 1))
        held = (await desk.event("message"))["conversation"]
        long = "这句话不短，说了又说。" * 200
        script: list[tuple[str, list[int | str], str, str]] = [
            (long, [], "sent", ""),
            ("忙", [-1], "sent", ""),
            ("不明", ["http 502"], "unconfirmed", "微信的答复不明（HTTP 502）"),
            ("拒收", [45047], "dead", "客户来消息后可发的条数已用完"),
        ]
        for text, faults, state, reason in script:
            wechat.server.faults = list(faults)
            said = await desk.say(text, conversation=held)
            end = await desk.event("delivery", partial(_ended, said["seq"], state))
            assert end.get("reason", "").startswith(reason)
        texts = wechat.server.texts()
        assert "".join(texts[:-1]) == long
        assert len(texts) == 5
        assert texts[-1] == "忙"
        assert wechat.server.tried == 8


def _ended(seq: int, state: str, one: dict[str, Any]) -> bool:
    return (one["seq"], one["state"]) == (seq, state)


async def test_typing_is_shown(floor: Program, name: str) -> None:
    floor.hire(name)
    async with agent(floor, name) as desk, account(floor) as wechat:
        await wechat.push(message("在吗", 1))
        held = (await desk.event("message"))["conversation"]
        for _ in range(3):
            await desk.call("typing", conversation=held)
        await wechat.push(message("好", 2))
        await desk.event("message", lambda one: one["text"] == "好")
        async with asyncio.timeout(10):
            await wechat.server.typed.wait()
        assert wechat.server.typing == ["oUser"]
        assert wechat.server.refused == []
