"""The door to python-socketio in this process: joining in time, and the private names used."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import engineio
import pytest
import socketio
from aiohttp import web
from aiohttp.http_websocket import WebSocketWriter
from aiohttp.test_utils import TestServer

from console.web import engine
from console.web import sockets as door
from console.web.packets import JsonPacket, Malformed
from console.web.sockets import Sockets

WITHIN_S = 5.0
PATH = "/socket.io/?EIO=4&transport="


@pytest.fixture
async def served() -> AsyncIterator[tuple[Sockets, TestServer]]:
    """A Socket.IO server with one open namespace, and nothing of the desk behind it."""
    app = web.Application()
    sockets = Sockets(app)

    async def connect(sid: str, environ: object, auth: object) -> None:
        sockets.connection(sid, "/open")

    async def answer(event: str, sid: str, *arguments: object) -> object:
        return [event, *arguments]

    async def left(sid: str, reason: str) -> None:
        """Nobody is told."""

    sockets.serve("/open", connect=connect, disconnect=left, event=answer)
    server = TestServer(app)
    await server.start_server()
    yield sockets, server
    await sockets.close()
    await server.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is given time to join."""
    monkeypatch.setattr(door, "JOIN_WITHIN_S", -1.0)


@pytest.mark.usefixtures("at_once")
async def test_who_joins_nothing_is_cut(served: tuple[Sockets, TestServer]) -> None:
    sockets, server = served
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(server.make_url(f"{PATH}websocket")) as idle,
        http.ws_connect(server.make_url(f"{PATH}websocket")) as joined,
    ):
        await idle.receive()
        await joined.receive()
        await joined.send_str("40/open,")
        assert (await joined.receive_str()).startswith("40/open,")
        assert sockets.count() == 2
        sockets.sweep()
        async with asyncio.timeout(WITHIN_S):
            assert (await idle.receive()).type in (
                aiohttp.WSMsgType.CLOSED,
                aiohttp.WSMsgType.CLOSE,
            )
        await joined.send_str('42/elsewhere,1["nobody is there"]')
        await joined.send_str('42/open,1["anything",{"a":1}]')
        assert await joined.receive_str() == '43/open,1[["anything",{"a":1}]]'
        await joined.send_str("40/nowhere,")
        assert (await joined.receive_str()).startswith("44/nowhere,")


async def test_a_stream_of_frames_leaves_the_others_their_turn(
    served: tuple[Sockets, TestServer],
) -> None:
    _, server = served
    many = 3 * engine.FRAMES_AT_ONCE
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(server.make_url(f"{PATH}websocket")) as flooder,
        http.ws_connect(server.make_url(f"{PATH}websocket")) as other,
    ):
        for one in (flooder, other):
            await one.receive()
            await one.send_str("40/open,")
            await one.receive()
        begun = time.monotonic()
        for number in range(many):
            await flooder.send_str(f'42/open,{number}["x"]')
        await other.send_str('42/open,7["mine"]')
        assert await other.receive_str(timeout=WITHIN_S) == '43/open,7[["mine"]]'
        answered = time.monotonic() - begun
        for number in range(many):
            assert (await flooder.receive_str()).startswith(f"43/open,{number}[")
        assert answered < engine.FRAMES_WITHIN_S < time.monotonic() - begun


async def test_who_is_gone_before_being_let_in_leaves_no_trace(
    served: tuple[Sockets, TestServer],
) -> None:
    sockets, server = served
    asked, decided = asyncio.Event(), asyncio.Event()
    ended: list[str] = []

    async def connect(sid: str, environ: object, auth: object) -> None:
        asked.set()
        await decided.wait()
        try:
            sockets.connection(sid, "/slow")
        except socketio.exceptions.ConnectionRefusedError:
            ended.append("gone")
            raise

    async def left(sid: str, reason: str) -> None:
        ended.append(reason)

    async def answer(event: str, sid: str, *arguments: object) -> object:
        return [event]

    sockets.serve("/slow", connect=connect, disconnect=left, event=answer)
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(server.make_url(f"{PATH}websocket")) as hasty,
    ):
        await hasty.receive()
        await hasty.send_str("40/slow,")
        await asyncio.wait_for(asked.wait(), WITHIN_S)
        (session,) = sockets.server.eio.sockets.values()
        await session.close(wait=False, abort=True)
        decided.set()
        async with asyncio.timeout(WITHIN_S):
            assert (await hasty.receive()).type in (
                aiohttp.WSMsgType.CLOSED,
                aiohttp.WSMsgType.CLOSE,
            )
        assert ended == ["gone"]
        assert sockets._connections == {}
        assert sockets.server.manager.rooms.get("/slow", {}) == {}


async def test_who_joins_over_and_over_is_cut(served: tuple[Sockets, TestServer]) -> None:
    _, server = served
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(server.make_url(f"{PATH}websocket")) as one,
    ):
        await one.receive()
        for _ in range(door.MAX_JOINS):
            await one.send_str("40/nowhere,")
            assert (await one.receive_str()).startswith("44/nowhere,")
        await one.send_str("40/nowhere,")
        ended = await one.receive(timeout=WITHIN_S)
        assert ended.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSE)


async def test_who_answers_no_ping_loses_the_connection(
    served: tuple[Sockets, TestServer],
) -> None:
    sockets, server = served
    sockets.server.eio.ping_interval = sockets.server.eio.ping_timeout = 0.1
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(server.make_url(f"{PATH}websocket")) as frozen,
    ):
        await frozen.send_str("40/open,")
        heard = []
        async with asyncio.timeout(WITHIN_S):
            async for frame in frozen:
                heard.append(frame.data)
        assert heard[2:3] == ["2"], "it was pinged"
        assert frozen.closed


@pytest.mark.usefixtures("at_once")
async def test_polling_without_joining_ends_too(served: tuple[Sockets, TestServer]) -> None:
    sockets, server = served
    async with aiohttp.ClientSession() as http:
        url = server.make_url(f"{PATH}polling")
        async with http.get(url) as hello:
            sid = (await hello.text()).split('"sid":"')[1].split('"')[0]
        waiting = asyncio.ensure_future(http.get(f"{url}&sid={sid}"))
        async with http.post(f"{url}&sid={sid}", data="3") as answer:
            assert answer.status == 200
        sockets.sweep()
        async with asyncio.timeout(WITHIN_S):
            (await asyncio.gather(waiting, return_exceptions=True))
        async with http.post(f"{url}&sid={sid}", data="3") as answer:
            assert answer.status == 400


def test_the_limit_is_ten_seconds() -> None:
    assert door.JOIN_WITHIN_S == 10.0
    assert engine.MAX_QUEUED == 256
    assert door.MAX_FRAME == 64 * 1024


def test_the_private_names_are_there() -> None:
    server = socketio.AsyncServer(async_mode="aiohttp")
    for owner, names in (
        (server, ("environ", "_handle_eio_message", "_handle_eio_connect", "_handle_connect")),
        (server.manager, ("eio_sid_from_sid", "sid_from_eio_sid")),
        (server.eio, ("_async", "sockets", "handlers", "reason")),
        (
            engineio.async_socket.AsyncSocket(server.eio, "x"),
            (
                *("queue", "closed", "upgraded", "connected", "_websocket_handler", "receive"),
                *("close", "check_ping_timeout", "schedule_ping"),
            ),
        ),
        (web.WebSocketResponse(), ("_writer",)),
        (WebSocketWriter, ("send_frame",)),
    ):
        assert [name for name in names if not hasattr(owner, name)] == []
    assert "websocket" in server.eio._async


@pytest.mark.parametrize(
    ("text", "kind", "namespace", "number", "data"),
    [
        ('2/widget,7["sync",{"after":0}]', 2, "/widget", 7, ["sync", {"after": 0}]),
        ('0/widget,{"inbox":"x"}', 0, "/widget", None, {"inbox": "x"}),
        ("1/widget,", 1, "/widget", None, None),
        ('2["in the root"]', 2, None, None, ["in the root"]),
        ('3/desk,12["ok"]', 3, "/desk", 12, ["ok"]),
    ],
)
def test_packets_are_read_and_written(
    text: str, kind: int, namespace: str | None, number: int | None, data: object
) -> None:
    packet = JsonPacket(encoded_packet=text)
    assert (packet.packet_type, packet.namespace, packet.id, packet.data) == (
        kind,
        namespace,
        number,
        data,
    )
    assert packet.encode() == text


@pytest.mark.parametrize("text", ["5", "6", "x", "2", "2{}", '2["connect"]', "2" + "1" * 16 + "[]"])
def test_what_is_no_packet_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        JsonPacket(encoded_packet=text)
