"""The bare anchor: a plain python-socketio relay with grouped commits, and nothing else.

    python -m bench.anchor --port 8740 --database relay.db --store task:FULL

A shopper's `message` is stored, delivered once to its agent's connection, and then acknowledged.
uvloop, orjson, stock python-socketio by its public interface, websocket transport only. No log-in,
routing, limits or knowledge: it is what a product on this library cannot easily beat, and so what
ours is measured against.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import socketio
import uvloop
from aiohttp import web

from bench.stores import Store, open_store

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class OrjsonText:
    """orjson in the shape python-socketio's `json=` wants: text out, other arguments ignored."""

    loads = staticmethod(orjson.loads)

    @staticmethod
    def dumps(value: object, *_: object, **__: object) -> str:
        return orjson.dumps(value).decode()


class Relay:
    """Who is connected, under the names the load generator gives: `shopper7`, `agent3`."""

    def __init__(self, sockets: socketio.AsyncServer, store: Store) -> None:
        self._sockets = sockets
        self._store = store
        self._sid: dict[str, str] = {}
        self._party: dict[str, tuple[str, str]] = {}
        sockets.on("connect", self._connect)
        sockets.on("disconnect", self._disconnect)
        sockets.on("message", self._message)

    async def _connect(self, sid: str, _: dict[str, Any], auth: dict[str, Any]) -> None:
        me = f"{auth['role']}{auth['i']}"
        self._sid[me] = sid
        self._party[sid] = (me, f"agent{auth['i'] % auth['agents']}")

    async def _disconnect(self, sid: str, _: str) -> None:
        me, _agent = self._party.pop(sid)
        self._sid.pop(me, None)

    async def _message(self, sid: str, message: dict[str, str]) -> dict[str, bool]:
        me, agent = self._party[sid]
        id, text = message["id"], message["text"]
        await self._store.save(id, agent, sender=me, body=text)
        delivery = {"id": id, "text": text, "from": me}
        await self._sockets.emit("message", delivery, to=self._sid[agent])
        return {"ok": True}


@web.middleware
async def refuse_deflate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Take the offer of permessage-deflate out of the handshake.

    python-engineio's aiohttp driver accepts it from every browser and has no option against it;
    it costs about 98 KiB a connection.
    """
    if "Sec-WebSocket-Extensions" not in request.headers:
        return await handler(request)
    headers = request.headers.copy()
    headers.popall("Sec-WebSocket-Extensions")
    return await handler(request.clone(headers=headers))


async def serve(port: int, database: Path, *, store: str) -> None:
    sockets = socketio.AsyncServer(
        async_mode="aiohttp",
        transports=["websocket"],
        http_compression=False,
        json=OrjsonText,
        cors_allowed_origins="*",
    )
    Relay(sockets, await open_store(store, database))
    app = web.Application(middlewares=[refuse_deflate])
    sockets.attach(app)
    app.router.add_get("/readyz", ready)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=4096).start()
    await asyncio.Event().wait()


async def ready(_: web.Request) -> web.Response:
    return web.Response(text="ready")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.anchor")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--store", default="task:FULL", choices=["task:FULL", "thread:FULL"])
    options = parser.parse_args(argv)
    uvloop.run(serve(options.port, options.database, store=options.store))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
