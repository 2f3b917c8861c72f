"""The stand-in for WeChat as an aiohttp application, and as a program of its own."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from aiohttp import web

from sandbox import gate, page
from sandbox.accounts import Account
from sandbox.gate import WORLD
from sandbox.pusher import ANSWER_S
from sandbox.site import SITE, Site
from sandbox.world import World

MOST_BYTES = 32 * 1024 * 1024

__all__ = ["WORLD", "application", "serve"]


def application(
    accounts: Sequence[Account],
    *,
    dist: Path | None = None,
    now: Callable[[], float] = time.time,
    answer_s: float = ANSWER_S,
) -> web.Application:
    """`app[WORLD]` is the platform's side of everything; at most one account of each kind.

    `answer_s` is how long a callback waits for its answer: tests have no five seconds.
    """
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[page.only_json])
    app[WORLD] = World(accounts, now, answer_s)
    app[SITE] = Site(dist)
    app.cleanup_ctx.append(_pushing)
    app.add_routes(
        [
            web.route("*", "/cgi-bin/{path:.*}", gate.call),
            web.get("/", page.index),
            web.get("/static/{file}", page.static),
            web.get("/_/state", page.state),
            web.get("/_/events", page.events),
            web.post("/_/act", page.act),
            web.get("/_/faults", page.faults),
            web.post("/_/faults", page.faults),
            web.get("/_/clock", page.clock),
            web.post("/_/clock", page.clock),
            web.post("/_/verify", page.verify),
            web.post("/_/settle", page.settle),
            web.get("/_/log", page.log),
            web.delete("/_/log", page.log),
            web.get("/_/media/{id}", page.file),
        ]
    )
    return app


async def serve(
    accounts: Sequence[Account],
    *,
    host: str,
    port: int,
    dist: Path,
    ready: Callable[[], None],
) -> None:
    """Serve until cancelled. Raises OSError where the port is taken."""
    runner = web.AppRunner(application(accounts, dist=dist), shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        ready()
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def _pushing(app: web.Application) -> AsyncIterator[None]:
    app[WORLD].pusher.start()
    yield
    await app[WORLD].pusher.stop()
