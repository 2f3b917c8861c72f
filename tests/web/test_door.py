"""What every request goes past: room for it, and patience for its body that ends."""

import asyncio
import resource

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
