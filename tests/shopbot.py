"""The far end of a `webhook` inbox, as a shop's own program would be: signs what it posts, refuses
what is not signed to the letter, and fails as it is told to."""

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

SECRET = "a secret of shop and console"
WITHIN_S = 30.0
FIELDS = {"id", "person", "conversation", "text", "at"}
FILE = frozenset({"kind", "file"})

Post = dict[str, Any]
# what it does with a message: a status to answer, or "silence" or a "cut" line after it has read
# everything
Behaviour = Callable[[Post], int | str]


def signed(body: bytes, *, secret: str = SECRET, at: int | None = None) -> dict[str, str]:
    """The headers, by the recipe of the README."""
    timestamp = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return {
        "X-Dianxiaoer-Timestamp": timestamp,
        "X-Dianxiaoer-Signature": "sha256=" + digest.hexdigest(),
    }


@dataclass
class ShopBot:
    """`taken` is what it answered 2xx to, `tried` everything that was signed rightly, `wrong` what
    was not as agreed."""

    http: aiohttp.ClientSession
    behave: Behaviour = lambda _: 200
    url: str = ""
    taken: list[Post] = field(default_factory=list)
    tried: list[Post] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, address: str, **post: Any) -> tuple[int, Any]:
        """Hand a message over; returns status and body."""
        post.setdefault("id", str(uuid.uuid4()))
        body = json.dumps(post).encode()
        return await self.raw(address, body, signed(body))

    async def raw(self, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        async with self.http.post(address, data=body, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def until(self, fits: Callable[["ShopBot"], bool]) -> None:
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: fits(self)), WITHIN_S)

    def texts(self) -> list[str]:
        return [one["text"] for one in self.taken]

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.read()
        fault = _fault(request, body)
        async with self.changed:
            if fault:
                self.wrong.append(fault)
                self.changed.notify_all()
                return web.Response(status=401, text=fault)
            post = json.loads(body)
            self.tried.append(post)
            answer = self.behave(post)
            if isinstance(answer, int) and 200 <= answer < 300:
                self.taken.append(post)
            self.changed.notify_all()
        if answer == "cut":
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=503)
        if isinstance(answer, str):
            await self.released.wait()
            return web.Response(status=503)
        return web.Response(status=answer, headers={"Location": "/elsewhere"})


def _fault(request: web.Request, body: bytes) -> str:
    timestamp = request.headers.get("X-Dianxiaoer-Timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return f"timestamp {timestamp!r}"
    proof = signed(body, at=int(timestamp))["X-Dianxiaoer-Signature"]
    if request.headers.get("X-Dianxiaoer-Signature") != proof:
        return "signature"
    if request.content_type != "application/json":
        return f"content type {request.content_type}"
    post = json.loads(body)
    file = FILE if "file" in post else frozenset()
    words = [post.get(one) for one in FIELDS]
    if set(post) != FIELDS | file or not all(isinstance(one, str) for one in words):
        return f"fields {sorted(post)}"
    if request.headers.get("Idempotency-Key") != post["id"]:
        return "Idempotency-Key"
    return ""


@asynccontextmanager
async def shop_bot(behave: Behaviour = lambda _: 200, port: int = 0) -> AsyncIterator[ShopBot]:
    """Listens on loopback."""
    async with aiohttp.ClientSession() as http:
        bot = ShopBot(http, behave)
        app = web.Application()
        app.router.add_post("/in", bot.hear)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/in"
        try:
            yield bot
        finally:
            bot.released.set()
            await runner.cleanup()
