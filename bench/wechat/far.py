"""WeChat's servers as answers meet them on a bad day: what becomes of each call is drawn from a
seed, and all that reached somebody is counted by its words.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson
from aiohttp import web

# (what happens, out of a hundred, whether somebody reads it)
FATES: list[tuple[str, int, bool]] = [
    ("ok", 70, True),
    ("cut", 5, True),
    ("garbage", 3, True),
    ("502", 4, False),
    ("-1", 6, False),
    ("45011", 3, False),
    ("42001", 3, False),
    ("45015", 2, False),
    ("45047", 1, False),
    ("40003", 2, False),
    ("48001", 1, False),
]


@dataclass
class Far:
    """`read` counts by words what people have on their phones."""

    luck: random.Random
    url: str = ""
    read: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    passes: int = 0

    async def token(self, _: web.Request) -> web.Response:
        self.passes += 1
        return web.json_response({"access_token": f"pass-{self.passes}", "expires_in": 7200})

    async def send(self, request: web.Request) -> web.Response:
        said = orjson.loads(await request.read())
        ((fate, _, reads),) = self.luck.choices(FATES, [weight for _, weight, _ in FATES])
        self.fates[fate] += 1
        if reads:
            self.read[said["text"]["content"]] += 1
        if fate == "ok":
            return web.json_response({"errcode": 0, "errmsg": "ok"})
        if fate == "cut":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fate == "garbage":
            return web.Response(text='{"errcode": 0, "er')
        if fate == "502":
            return web.Response(status=502, text="<html>Bad Gateway</html>")
        return web.json_response({"errcode": int(fate), "errmsg": "as drawn"})

    async def profile(self, request: web.Request) -> web.Response:
        return web.json_response({"subscribe": 1, "openid": request.query["openid"]})


@asynccontextmanager
async def bad_day(seed: int) -> AsyncIterator[Far]:
    far = Far(random.Random(seed))
    app = web.Application()
    app.add_routes(
        [
            web.post("/cgi-bin/stable_token", far.token),
            web.post("/cgi-bin/message/custom/send", far.send),
            web.get("/cgi-bin/user/info", far.profile),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    far.url = f"http://{host}:{port}"
    try:
        yield far
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)
