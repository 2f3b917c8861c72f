"""The stand-in for WeChat beside a demo: its accounts are inboxes of the demo, its page a phone.

It is for this machine alone. Where its port is taken, or its inboxes send elsewhere, the demo goes
on without it.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from aiohttp import web

from console import stand_in
from console.model.refusal import Refused
from sandbox.application import application

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"

Run = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


async def open_phone(
    stack: AsyncExitStack, folder: Path, run: Run, *, console: str, dist: Path
) -> str:
    """Serve it until the stack ends; its address, or nothing where it cannot be served. `run` does
    what commands do, `console` is where callbacks go."""
    try:
        server = _bound(stand_in.port_of(folder, None))
        api = f"http://{LOOPBACK}:{server.getsockname()[1]}"
        loop = asyncio.get_running_loop()

        def do(request: dict[str, Any]) -> dict[str, Any]:
            return asyncio.run_coroutine_threadsafe(_awaited(run(request)), loop).result()

        try:
            accounts = await asyncio.to_thread(
                stand_in.prepare, folder, do, api=api, console=console, lang="zh-CN"
            )
        except BaseException:
            server.close()
            raise
    except (OSError, Refused) as no:
        log.warning("the demo has no WeChat: %s", no)
        return ""
    runner = web.AppRunner(application(accounts, dist=dist), shutdown_timeout=1.0, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, server).start()
    return api


def _bound(port: int) -> socket.socket:
    """The port of before, else the usual one; another where somebody has the usual one."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError:
        if port != stand_in.PORT:
            raise
        return socket.create_server((LOOPBACK, 0))


async def _awaited(deed: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    return await deed
