"""What every request goes past: room for it, and patience for its body that ends."""

import asyncio
import resource
from functools import partial

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from console.web import door as doors
from console.web.door import Door
from console.web.limits import Limits
from tests.clients import shopper
from tests.program import Program
from tests.web.raw import PATH

WITHIN_S = 5.0
SLOW = (
    b"POST {path} HTTP/1.1\r\nHost: shop\r\nOrigin: http://shop\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "BODY_WITHIN_S", 0.2)
    heard: list[str] = []

    async def read(request: web.Request) -> web.Response:
        heard.append(await request.text())
        return web.Response(text="whole")

    app = web.Application(middlewares=[Door(Limits(on=True)).middleware])
    app.router.add_post("/", read)
    server = TestServer(app)
    await server.start_server()
    assert server.port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(SLOW.replace(b"{path}", b"/"))
    answer = await asyncio.wait_for(reader.read(), WITHIN_S)
    assert answer.startswith(b"HTTP/1.1 400"), answer
    assert b"the body took over" in answer
    assert heard == []
    async with aiohttp.ClientSession() as http:
        async with http.post(server.make_url("/"), data=b"x") as quick:
            assert await quick.text() == "whole"
    writer.close()
    await server.close()


async def test_files_run_out_politely(house: Program, key: str) -> None:
    """Who is inside goes on, and who comes is asked to come again (F28)."""
    assert house.process is not None
    usual = resource.prlimit(house.process.pid, resource.RLIMIT_NOFILE)
    async with shopper(house, key) as inside, aiohttp.ClientSession() as http:
        resource.prlimit(house.process.pid, resource.RLIMIT_NOFILE, (doors.KEPT_FILES, usual[1]))
        try:
            statuses = set()
            for _ in range(5):
                async with http.get(f"{house.address}{PATH}") as answer:
                    statuses.add(answer.status)
                    said = await answer.json()
            assert statuses == {503}
            assert said["error"]["code"] == "unavailable"
            assert (await inside.say("还在"))["ok"]
        finally:
            resource.prlimit(house.process.pid, resource.RLIMIT_NOFILE, usual)
        async with shopper(house, key) as next_one:
            assert (await next_one.call("sync"))["ok"]


def test_the_server_may_open_all_files_it_may(house: Program) -> None:
    assert house.process is not None
    soft, hard = resource.prlimit(house.process.pid, resource.RLIMIT_NOFILE)
    assert soft == hard


async def test_a_herd_comes_in_by_turns() -> None:
    """Who knocks while too many wait to be let in is asked to come again, at little cost (F10)."""
    door = Door(Limits(on=True))
    app = web.Application(middlewares=[door.middleware])

    async def let_in(request: web.Request) -> web.Response:
        return web.Response(text="in")

    app.router.add_get(doors.SOCKETS, let_in)
    server = TestServer(app)
    await server.start_server()
    statuses = []
    async with aiohttp.ClientSession() as http:
        for outside in (doors.MOST_OUTSIDE - 1, doors.MOST_OUTSIDE, 0):
            door.outside = partial(int, outside)
            async with http.get(server.make_url(PATH)) as answer:
                statuses.append(answer.status)
        door.outside = partial(int, doors.MOST_OUTSIDE)
        async with http.get(server.make_url(f"{PATH}&sid=known")) as answer:
            statuses.append(answer.status)
    await server.close()
    assert statuses == [200, 503, 200, 200]
