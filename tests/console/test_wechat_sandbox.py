"""公众号 and 微信客服 from the phone to the desk and back: the real program, its real adapters, and
the stand-in that was written from the documents apart from them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox import Kind
from sandbox.media import silence
from tests.clients import Client, agent, sign_in
from tests.console.stand_ins import phone
from tests.console.test_wecom import texts_of
from tests.files import pictures
from tests.program import Program
from tests.servers import stop

AGENT = "王芳"
OFFICIAL, KF = Kind.OFFICIAL, Kind.KF


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    one = Program(tmp_path / "data", environ={"CONSOLE_RATE_LIMITS": "off"})
    one.start()
    one.hire(AGENT, capacity=50)
    yield one
    assert one.process is not None
    stop(one.process)


async def ticked(desk: Client, said: dict[str, Any], state: str) -> dict[str, Any]:
    """How the way of an answer ended."""
    return await desk.event(
        "delivery", lambda one: one["seq"] == said["seq"] and one["state"] == state
    )


async def fetched(program: Program, path: str) -> tuple[str, bytes]:
    async with aiohttp.ClientSession() as http, http.get(program.address + path) as answer:
        assert answer.status == 200
        return answer.content_type, await answer.read()


async def uploaded(program: Program, body: bytes, name: str) -> str:
    """By the agent, over HTTP."""
    signed, cookie = await sign_in(program, AGENT)
    headers = {"Cookie": cookie, "X-CSRF-Token": signed["csrf"], "Origin": program.address}
    address = f"{program.address}/api/files"
    async with (
        aiohttp.ClientSession() as http,
        http.post(address, params={"name": name}, data=body, headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
        return str((await answer.json())["file"]["id"])


async def test_words_and_pictures_both_ways(program: Program) -> None:
    async with agent(program, AGENT) as desk, phone(program) as far:
        far.does(OFFICIAL, "text", text="几时发货？")
        heard = await desk.event("message", lambda one: one["text"] == "几时发货？")
        held = heard["conversation"]
        said = await desk.say("今天。" * 900, conversation=held)
        await ticked(desk, said, "sent")
        assert "".join(far.shows(OFFICIAL)) == "今天。" * 900
        assert len(far.shows(OFFICIAL)) == 4
        left = await desk.event(
            "conversation", lambda one: one.get("window", {}).get("remaining") == 1
        )
        assert left["id"] == held
        far.does(OFFICIAL, "image", data=pictures.jpeg(turned=6))
        picture = await desk.event("message", lambda one: one["kind"] == "image")
        assert picture["media"] == {"type": "image", "state": "pending"}
        arrived = await desk.event("arrived", lambda one: one["seq"] == picture["seq"])
        assert (arrived["file"]["width"], arrived["file"]["height"]) == (400, 640)
        kind, body = await fetched(program, arrived["file"]["url"])
        assert kind == "image/jpeg"
        assert pictures.SECRET.encode() not in body, "written anew"
        far.does(OFFICIAL, "voice", data=silence(2), recognition="发顺丰吗")
        voice = await desk.event("message", lambda one: one["text"] == "发顺丰吗")
        heard = await desk.event("arrived", lambda one: one["seq"] == voice["seq"])
        assert (heard["file"]["name"], heard["file"]["type"]) == ("voice.amr", "audio/amr")
        file = await uploaded(program, pictures.png(), "杯子.png")
        said = await desk.say("", conversation=held, kind="image", file=file)
        await ticked(desk, said, "sent")
        line = far.chat(OFFICIAL).lines[-1]
        shown = far.world.media.get(line.data["media"])
        assert (line.type, shown is not None and shown.data[:4]) == ("image", b"\x89PNG")


async def test_what_goes_wrong_at_wechat_ends_as_it_should(program: Program) -> None:
    async with agent(program, AGENT) as desk, phone(program) as far:
        far.does(OFFICIAL, "text", text="在吗")
        held = (await desk.event("message"))["conversation"]
        await ticked(desk, await desk.say("第一句", conversation=held), "sent")
        far.world.tokens.expire()
        await ticked(desk, await desk.say("过期之后", conversation=held), "sent")
        assert len(far.calls("/stable_token")) == 2
        far.world.faults.change({"drop": 1})
        lost = await ticked(desk, await desk.say("收到了没答", conversation=held), "unconfirmed")
        assert "可能收到" in lost["reason"]
        far.world.faults.change({"window_closed": True})
        dead = await ticked(desk, await desk.say("过了时间", conversation=held), "dead")
        assert "45015" in dead["reason"]
        await desk.event("conversation", lambda one: one.get("window", {}).get("remaining") == 0)
        far.world.faults.change({"window_closed": False})
        far.does(OFFICIAL, "text", text="又来了")
        await desk.event("message", lambda one: one["text"] == "又来了")
        await ticked(desk, await desk.say("还在", conversation=held), "sent")
        assert far.shows(OFFICIAL) == ["第一句", "过期之后", "收到了没答", "还在"]


async def test_pages_with_a_restart_in_the_middle(program: Program) -> None:
    async with phone(program) as far:
        async with agent(program, AGENT) as desk:
            far.does(KF, "text", text="第 0 条")
            await desk.event("message", lambda one: one["text"] == "第 0 条")
        await far.world.pusher.settled()
        seen = len(far.calls("/sync_msg"))
        far.world.faults.change({"empty_pages": True, "slow_s": 0.15})
        for number in range(1, 250):
            far.does(KF, "text", text=f"第 {number} 条")
        await far.until(lambda: len(far.calls("/sync_msg")) >= seen + 3)
        program.kill()
        far.world.faults.change({"slow_s": 0})
        program.start()
        async with agent(program, AGENT) as desk:
            far.does(KF, "text", text="最后")
            await desk.event("message", lambda one: one["text"] == "最后")
            expected = [f"第 {number} 条" for number in range(250)]
            assert await texts_of(desk) == [*expected, "最后"]
            state = await desk.call("sync")
            held = state["conversations"][0]["id"]
            await ticked(desk, await desk.say("都看到了", conversation=held), "sent")
            assert far.shows(KF) == ["都看到了"]


async def test_a_picture_survives_being_killed_over_it(program: Program) -> None:
    async with phone(program) as far:
        async with agent(program, AGENT) as desk:
            far.does(OFFICIAL, "text", text="先来一句")
            await desk.event("message")
            far.world.faults.change({"slow_s": 5.0})
            far.does(OFFICIAL, "image", data=pictures.png())
            picture = await desk.event("message", lambda one: one["kind"] == "image")
            await far.until(lambda: bool(far.calls("/media/get")))
            program.kill()
        far.world.faults.change({"slow_s": 0})
        program.start()
        async with agent(program, AGENT) as desk:
            held, seq = picture["conversation"], picture["seq"]
            state = await desk.call("sync", cursors={held: seq - 1})
            (kept,) = state["messages"]
            if "file" not in kept:
                assert kept["media"] == {"type": "image", "state": "pending"}
                kept = await desk.event("arrived", lambda one: one["seq"] == seq)
            assert (await fetched(program, kept["file"]["url"]))[0] == "image/png"
