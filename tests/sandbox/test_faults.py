"""What is switched to go wrong does, as often as it was asked to, and is on record."""

import asyncio
import json
import time

import aiohttp
import pytest

from tests.sandbox.conftest import Far


def shown(far: Far) -> list[str]:
    return [str(one.data["text"]) for one in far.chat().lines if not one.own]


async def test_taken_but_not_answered(far: Far) -> None:
    await far.act("text", text="在吗")
    await far.play("faults", drop=1)
    with pytest.raises(aiohttp.ClientError):
        await far.say("听见了吗")
    assert (await far.say("又一句"))["errcode"] == 0
    assert shown(far) == ["听见了吗", "又一句"]


async def test_half_an_answer(far: Far) -> None:
    await far.act("text", text="在吗")
    await far.play("faults", malformed=1)
    with pytest.raises(json.JSONDecodeError):
        await far.say("听见了吗")
    assert shown(far) == ["听见了吗"]


async def test_nothing_is_done_behind_a_502(far: Far) -> None:
    await far.act("text", text="在吗")
    await far.token()
    await far.play("faults", server_error=1)
    with pytest.raises(AssertionError):
        await far.say("听见了吗")
    assert shown(far) == []


async def test_out_of_time_although_it_is_not(far: Far) -> None:
    await far.act("text", text="在吗")
    await far.play("faults", window_closed=1)
    assert (await far.say("一"))["errcode"] == 45015
    assert (await far.say("二"))["errcode"] == 0


async def test_slow(far: Far) -> None:
    await far.token()
    await far.play("faults", slow_s=0.2)
    begun = time.monotonic()
    await far.say("一")
    assert time.monotonic() - begun >= 0.19


async def test_a_script_goes_before_everything(far: Far) -> None:
    await far.act("text", text="在吗")
    await far.play("faults", script=[-1, "ok", 45011, "drop"])
    assert (await far.say("一"))["errcode"] == -1
    assert (await far.say("二"))["errcode"] == 0
    assert (await far.say("三"))["errcode"] == 45011
    with pytest.raises(aiohttp.ClientError):
        await far.say("四")
    assert (await far.say("五"))["errcode"] == 0
    assert shown(far) == ["二", "四", "五"]


async def test_wrong_switches_change_nothing(far: Far) -> None:
    for wrong in ({"slow_s": -1}, {"slow_s": 0, "gremlins": True}, {"script": ["?"]}, {"drop": -1}):
        async with far.http.post(f"{far.url}/_/faults", json=wrong) as answer:
            assert answer.status == 400
    async with far.http.get(f"{far.url}/_/faults") as answer:
        assert not any((await answer.json()).values())


async def test_everything_is_on_record(far: Far) -> None:
    await far.act("text", text="在吗")
    await far.say("在")
    calls = [(one["path"].rpartition("/")[2], one["status"]) for one in await far.log("call")]
    assert calls == [("token", 200), ("send", 200)]
    [sent] = [one for one in await far.log("call") if one["path"].endswith("send")]
    assert sent["body"]["text"] == {"content": "在"}
    assert sent["answer"]["errcode"] == 0
    [push] = await far.log("push")
    assert (push["state"], push["tries"][0]["body"]) == ("taken", "success")
    async with far.http.delete(f"{far.url}/_/log") as answer:
        assert (await answer.json()) == {"items": []}


async def test_watchers_see_what_happens(far: Far) -> None:
    query = {"account": "official", "person": "lin"}
    async with asyncio.timeout(5), far.http.get(f"{far.url}/_/events", params=query) as stream:
        first = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        assert first["lines"] == []
        await far.act("text", text="在吗")
        async for line in stream.content:
            if b"taken" in line:
                break
