"""微信客服 on a running server: rung for, pulled, answered; killed in the middle of the pages and
started again, with nothing lost, nothing twice, everything in order."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.channels import wechat_server as far
from tests.channels.wechat_server import AES, CORP, KF, SECRET, TOKEN, WechatServer, wechat_server
from tests.clients import Client, agent
from tests.program import Program
from tests.servers import stop

USER = "wmUser"


@dataclass
class Account:
    """An account on both sides: WeCom's servers, and our hook."""

    server: WechatServer
    hook: str
    http: aiohttp.ClientSession

    async def ring(self) -> None:
        text = (
            f"<xml><ToUserName>{CORP}</ToUserName><CreateTime>1</CreateTime><MsgType>event"
            f"</MsgType><Event>kf_msg_or_event</Event><Token>{self.server.bell}</Token>"
            f"<OpenKfId>{KF}</OpenKfId></xml>"
        )
        query, cipher = far.sealed(text, receiver=CORP)
        async with self.http.post(self.hook, params=query, data=far.enveloped(cipher)) as answer:
            assert (answer.status, await answer.text()) == (200, "")

    async def writes(self, *items: dict[str, Any]) -> None:
        self.server.pages.append(list(items))
        await self.ring()


def item(number: int, text: str = "", person: str = USER) -> dict[str, Any]:
    return {
        "msgid": f"m{number}", "open_kfid": KF, "external_userid": person, "origin": 3,
        "send_time": int(time.time()), "msgtype": "text",
        "text": {"content": text or f"第 {number} 条"},
    }  # fmt: skip


def event(name: str, number: int, **more: Any) -> dict[str, Any]:
    told = {"event_type": name, "open_kfid": KF, "external_userid": USER, **more}
    return {
        "msgid": f"e{number}", "send_time": int(time.time()), "origin": 4, "msgtype": "event",
        "event": told,
    }  # fmt: skip


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    one = Program(tmp_path / "data", environ={"CONSOLE_RATE_LIMITS": "off"})
    one.start()
    one.hire("王芳", capacity=50)
    yield one
    assert one.process is not None
    stop(one.process)


@asynccontextmanager
async def account(program: Program, **settings: str) -> AsyncIterator[Account]:
    line = aiohttp.TCPConnector(force_close=True)  # what was killed closes a kept one
    async with wechat_server() as server, aiohttp.ClientSession(connector=line) as http:
        server.people = {USER}
        server.names[USER] = {"nickname": "小明", "avatar": "http://a/1"}
        values = {
            "corp_id": CORP, "secret": SECRET, "token": TOKEN, "encoding_aes_key": AES,
            "open_kfid": KF, "api_base": server.url, **settings,
        }  # fmt: skip
        done = program.ask("inbox add", {"kind": "wecom", "name": "客服", "set": values})
        yield Account(server, program.address + json.loads(done["out"])["hook"], http)


async def texts_of(desk: Client) -> list[str]:
    """Everything stored in the open conversations, each once, by conversation and number."""
    state = await desk.call("sync")
    cursors = {one["id"]: 0 for one in state["conversations"]}
    found: list[dict[str, Any]] = []
    more = True
    while more:
        state = await desk.call("sync", cursors=cursors)
        found += state["messages"]
        more = state["more"]
        for one in state["messages"]:
            cursors[one["conversation"]] = max(cursors[one["conversation"]], one["seq"])
    found.sort(key=lambda one: (one["conversation"], one["seq"]))
    return [one["text"] for one in found]


async def test_rung_for_pulled_and_answered(program: Program) -> None:
    async with agent(program, "王芳") as desk, account(program, welcome="欢迎") as wecom:
        await wecom.writes(
            event("enter_session", 1, scene="官网", welcome_code="code"), item(1, "在吗")
        )
        heard = await desk.event("message", lambda one: one["text"] == "在吗")
        held = heard["conversation"]
        listed = await desk.event("conversation", lambda one: one["id"] == held)
        assert (listed["inbox"]["kind"], listed["contact"]["name"]) == ("wecom", "小明")
        assert listed["window"]["remaining"] == 5
        said = await desk.say("在的", conversation=held)
        await desk.event("delivery", lambda one: one["state"] == "sent")
        assert wecom.server.texts() == ["在的"]
        assert wecom.server.states == {USER: 1}
        assert [one["code"] for one in wecom.server.welcomed] == ["code"]
        sent_as = wecom.server.said[0]["msgid"]
        await wecom.writes(
            event("msg_send_fail", 2, fail_msgid=sent_as, fail_type=10),
            event("user_recall_msg", 3, recall_msgid="m1"),
        )
        dead = await desk.event("delivery", lambda one: one["state"] == "dead")
        assert (dead["seq"], dead["reason"]) == (said["seq"], "对方拒收客服消息，没有送达")
        assert (await desk.event("recalled"))["seq"] == heard["seq"]
        wecom.server.states[USER] = 3
        await desk.say("还在吗", conversation=held)
        refused = await desk.event(
            "delivery", lambda one: one["state"] == "dead" and one["seq"] != said["seq"]
        )
        assert refused["reason"] == "会话由企业微信里的客服接待，发不出去"
        assert await texts_of(desk) == ["进入了会话（场景 官网）", "", "在的", "还在吗"]


async def test_killed_in_the_middle_of_the_pages(program: Program) -> None:
    async with account(program) as wecom:
        many = 40
        wecom.server.pages = [
            [item(3 * page + one) for one in range(3)] if page % 5 else [] for page in range(many)
        ]
        expected = [one["text"]["content"] for page in wecom.server.pages for one in page]
        for seen in (5, 12, 30):
            await wecom.ring()
            await wecom.server.seen(seen)
            program.kill()
            program.start()
        async with agent(program, "王芳") as desk:
            await desk.call("available", state="available")
            await wecom.server.seen(many)
            await wecom.writes(item(999, "最后"))
            await desk.event("message", lambda one: one["text"] == "最后")
            assert await texts_of(desk) == [*expected, "最后"]
