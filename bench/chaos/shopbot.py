"""The far end of a `webhook` inbox: posts what one person writes, and counts what it is sent."""

import asyncio
import hashlib
import hmac
import json
import time
from collections import Counter
from typing import Self

import aiohttp
from aiohttp import web

from bench.chaos.bodies import Body

STAMP, SIGNATURE = "X-Dianxiaoer-Timestamp", "X-Dianxiaoer-Signature"
AGAIN_S = 0.1


class ShopBot:
    """Use it as an asynchronous context; then it listens on `url`."""

    def __init__(self, secret: str) -> None:
        self.url = ""
        self.secret = secret
        self.got: list[str] = []
        self.forged = 0
        self._runner: web.AppRunner | None = None

    @property
    def times(self) -> Counter[str]:
        return Counter(self.got)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/in", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/in"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def post(self, http: aiohttp.ClientSession, url: str, body: Body) -> None:
        """What a provider does: the same post until it is taken."""
        said = {"id": f"{body.sender}-{body.n}", "person": body.sender, "text": body.text()}
        content = json.dumps(said).encode()
        while True:
            try:
                headers = self._signed(content)
                async with http.post(url, data=content, headers=headers) as answer:
                    if answer.status == 200:
                        return
            except (aiohttp.ClientError, OSError):
                pass  # nobody is there: the next try is a moment later
            await asyncio.sleep(AGAIN_S)

    async def _take(self, request: web.Request) -> web.Response:
        content = await request.read()
        proof = self._proof(request.headers.get(STAMP, ""), content)
        self.forged += not hmac.compare_digest(proof, request.headers.get(SIGNATURE, ""))
        self.got.append(str(json.loads(content)["id"]))
        return web.json_response({})

    def _signed(self, content: bytes) -> dict[str, str]:
        stamp = str(int(time.time()))
        return {STAMP: stamp, SIGNATURE: self._proof(stamp, content)}

    def _proof(self, stamp: str, content: bytes) -> str:
        key, text = self.secret.encode(), f"{stamp}.".encode() + content
        return f"sha256={hmac.new(key, text, hashlib.sha256).hexdigest()}"
