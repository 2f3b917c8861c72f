"""Frames that no honest client sends: each ends its own connection, and the server stays well."""

import json

import aiohttp
import pytest

from tests.clients import shopper
from tests.program import Program
from tests.web.browsing import browsing
from tests.web.raw import PATH, raw

JOINED = "42/widget,"
GARBAGE = {
    "no packet": "hello",
    "a letter": "x",
    "an unknown packet": "9",
    "a ping, which is the server's": "2",
    "nothing, which is the server's to say": "6",
    "a binary frame": b"\x04\x01",
    "an empty binary frame": b"",
    "base64": "bAQ==",
    "an engine packet of JSON": '4{"a": 1}',
    "an engine packet of a list": '4["say", {}]',
    "an engine packet of null": "4null",
    "an engine packet of nothing": "4",
    "a packet of type 7": "47/widget,[]",
    "half JSON": '42/widget,["say", {"text": "a"',
    "no list": '42/widget,{"say": 1}',
    "an event without a name": "42/widget,[]",
    "an event named by a number": "42/widget,[1, {}]",
    "an event of nothing": "42/widget,",
    "a huge acknowledgement id": '42/widget,1234567890123456["sync", {}]',
    "one attachment": '451-/widget,["say", {"_placeholder": true, "num": 0}]',
    "many attachments": '459999999999-/widget,["say", {"_placeholder": true, "num": 0}]',
    "an acknowledgement with attachments": '461-/widget,7[{"_placeholder": true, "num": 0}]',
    "a refusal, as if we were the client": '44/widget,{"message": "no"}',
    "the server's own connect": '42/widget,["connect", {}, {}]',
    "the server's own disconnect": '42/widget,["disconnect", "x"]',
    "joining twice": '40/widget,{"inbox": "x"}',
    "deep nesting": "42/widget,[" + "[" * 3000 + "]" * 3000 + "]",
    "half a character": '42/widget,["say", {"text": "\\ud800"}]',
}
HARMLESS = {
    "an acknowledgement of nothing asked": '43/widget,7["x"]',
    "an event elsewhere": '42/nowhere,["say", {}]',
    "an event in no namespace": '42["say", {}]',
    "a pong": "3",
}


@pytest.mark.parametrize("frame", GARBAGE.values(), ids=GARBAGE)
async def test_garbage_ends_the_connection(house: Program, key: str, frame: str | bytes) -> None:
    before = house.said
    async with raw(house) as one:
        await one.join(key)
        await one.send(frame)
        await one.closed()
    async with shopper(house, key) as other:
        assert (await other.call("sync", after=0))["ok"]
    assert "Traceback" not in house.said[len(before) :]


@pytest.mark.parametrize("frame", HARMLESS.values(), ids=HARMLESS)
async def test_what_means_nothing_is_ignored(house: Program, key: str, frame: str) -> None:
    before = house.said
    async with raw(house) as one:
        await one.join(key)
        await one.send(frame)
        assert (await one.ask("sync", {}))["ok"]
    assert "Traceback" not in house.said[len(before) :]


async def test_a_frame_over_64_kib_closes_with_1009(house: Program, key: str) -> None:
    async with raw(house) as one:
        await one.join(key)
        await one.send(JOINED + json.dumps(["typing", {"text": "a" * 65536}]))
        assert await one.closed() == 1009


async def test_a_frame_of_64_kib_is_read(house: Program, key: str) -> None:
    async with raw(house) as one:
        await one.join(key)
        head, tail = JOINED + '7["typing", {"text": "', '"}]'
        await one.send(head + "a" * (65536 - len(head) - len(tail)) + tail)
        answer = await one.until("43/widget,7")
        assert json.loads(answer.removeprefix("43/widget,7"))[0]["error"]["code"] == "too_large"


async def test_compression_is_not_negotiated(house: Program) -> None:
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{house.address}{PATH}", headers=offer) as socket,
    ):
        assert "Sec-WebSocket-Extensions" not in socket._response.headers
        assert socket.compress == 0


async def test_shoppers_may_poll_and_agents_may_not(house: Program, key: str) -> None:
    base = f"{house.address}/socket.io/?EIO=4&transport=polling"
    async with browsing(headers={"Origin": house.address}) as http:
        for auth, namespace, answer in [
            ({"inbox": key}, "/widget", '40/widget,{"sid"'),
            ({"csrf": "x"}, "/desk", "44/desk,"),
        ]:
            hello = json.loads((await (await http.get(base)).text())[1:])
            assert hello["upgrades"] == ["websocket"]
            here = f"{base}&sid={hello['sid']}"
            sent = await http.post(here, data=f"40{namespace},{json.dumps(auth)}")
            assert await sent.text() == "OK"
            told = await (await http.get(here)).text()
            assert told.startswith(answer), told
            if namespace == "/desk":
                assert "websocket only" in told
