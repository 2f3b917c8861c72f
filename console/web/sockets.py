"""python-socketio behind one narrow door: `send(connections, event, payload)`, encoded once.

The library joins and leaves namespaces; events of who has joined go straight to their namespace and
the acknowledgement straight back, as the library's way through them costs as much as the message.
Its traps are closed here: packets of JSON only; permessage-deflate refused; a reader that stalls is
cut, and so is a session that never joins; a connection's events are handled in order. Private names
of the pinned versions are used where no public one exists; tests/web/test_sockets.py fails when one
of them goes.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import socketio
from aiohttp import web
from socketio.exceptions import ConnectionRefusedError as TurnedAway

from console.tasks import spawn
from console.telemetry import LiveFigures
from console.web.engine import MAX_QUEUED, DirectSocket, PlainWebSocket
from console.web.packets import EVENT, JsonPacket, Malformed, read_event
from console.web.register import Register

log = logging.getLogger(__name__)

MAX_FRAME = 64 * 1024
JOIN_WITHIN_S = 10.0
MAX_JOINS = 8
LEAVE_WITHIN_S = 1.0
# How many clients may come back in one second of the time they are given after a goodbye.
BACK_PER_S, LONGEST_JITTER_S = 100, 10.0
# A silent client is noticed within the sum (F8).
PING_EVERY_S = 15
PONG_WITHIN_S = 20

OnConnect = Callable[[str, dict[str, Any], Any], Awaitable[None]]
OnDisconnect = Callable[[str, str], Awaitable[None]]
OnEvent = Callable[..., Awaitable[Any]]


class _Server(socketio.AsyncServer):  # type: ignore[misc]
    """Hangs up on whoever sends what is not a packet; the library would go on in silence."""

    on_event: Callable[[str, str], Awaitable[None]]

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        DirectSocket.adopt(self.eio.sockets[eio_sid])
        await super()._handle_eio_connect(eio_sid, environ)

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        try:
            if not isinstance(data, str) or not data:
                raise Malformed("not a packet of text")
            if data[0] == EVENT:
                await self.on_event(eio_sid, data)
            else:
                await super()._handle_eio_message(eio_sid, data)
        except ValueError as wrong:
            log.info("malformed frame, connection cut: %s", wrong)
            hang_up(self, eio_sid)
        except Exception:
            log.exception("a frame failed, connection cut")
            hang_up(self, eio_sid)

    async def _handle_connect(self, eio_sid: str, namespace: str, data: Any) -> None:
        if self.manager.sid_from_eio_sid(eio_sid, namespace or "/") is not None:
            raise Malformed("joined already")
        joins = self.eio.sockets[eio_sid].joins = self.eio.sockets[eio_sid].joins + 1
        if joins > MAX_JOINS:
            raise Malformed("joining over and over")
        await super()._handle_connect(eio_sid, namespace, data)


@dataclass(frozen=True, slots=True)
class Connection:
    """One client on one namespace."""

    sid: str
    eio_sid: str
    namespace: str


class Sockets:
    """The Socket.IO server of this process."""

    def __init__(self, app: web.Application) -> None:
        self.server = _Server(
            async_mode="aiohttp",
            client_manager=Register(),
            serializer=JsonPacket,
            async_handlers=False,
            cors_allowed_origins="*",
            cors_credentials=False,
            http_compression=False,
            max_http_buffer_size=MAX_FRAME,
            ping_interval=PING_EVERY_S,
            ping_timeout=PONG_WITHIN_S,
            transports=["websocket", "polling"],
            logger=False,
            engineio_logger=False,
        )
        engineio = self.server.eio
        engineio._async = {**engineio._async, "websocket": PlainWebSocket}
        self.server.on_event = self._on_event
        self.server.attach(app)
        self.figures = LiveFigures()
        self._events: dict[str, OnEvent] = {}
        self._connections: dict[tuple[str, str | None], Connection] = {}
        self._seen: dict[str, float] = {}

    def serve(
        self, namespace: str, *, connect: OnConnect, disconnect: OnDisconnect, event: OnEvent
    ) -> None:
        """Open a namespace. `connect(sid, environ, auth)` lets a client in by calling `connection`;
        `event(name, sid, *arguments)` returns the acknowledgement."""

        async def left(sid: str, reason: str) -> None:
            eio_sid = self.server.manager.eio_sid_from_sid(sid, namespace)
            if self._connections.pop((eio_sid, namespace), None) is not None:
                self.figures.left[namespace, reason] += 1
                await disconnect(sid, reason)

        self._events[namespace] = event
        self.server.on("connect", connect, namespace=namespace)
        self.server.on("disconnect", left, namespace=namespace)

    def connection(self, sid: str, namespace: str) -> Connection:
        """Name a client that was let in. Raises TurnedAway when it left while it was let in: the
        library will not say goodbye to it."""
        eio_sid = self.server.manager.eio_sid_from_sid(sid, namespace)
        socket = self.server.eio.sockets.get(eio_sid)
        if socket is None or socket.closed:
            raise TurnedAway("gone already")
        one = self._connections[eio_sid, namespace] = Connection(sid, eio_sid, namespace)
        self.figures.joined[namespace] += 1
        return one

    def send(self, connections: Iterable[Connection], event: str, payload: Any) -> None:
        """Queue an event for each; a client that left 256 unread is cut and resumes by cursor."""
        body = orjson.dumps([event, payload])
        for one in connections:
            self._push(one.eio_sid, b"42%b,%b" % (one.namespace.encode(), body))

    def heard(self, connection: Connection) -> float | None:
        """When the client last showed that it is there, on the monotonic clock; None if it left."""
        socket = self.server.eio.sockets.get(connection.eio_sid)
        return None if socket is None else float(socket.heard)

    async def cut(self, connection: Connection) -> None:
        """End one client's connection."""
        await self.server.disconnect(connection.sid, namespace=connection.namespace)

    def outside(self) -> int:
        """How many have a transport and are not let in yet."""
        return len(self.server.eio.sockets) - len(self._connections)

    def count(self) -> int:
        return len(self.server.eio.sockets)

    def sweep(self) -> None:
        """Cut those who opened a transport and never joined a namespace."""
        now = time.monotonic()
        joined = {eio_sid for eio_sid, _ in self._connections}
        alive = self.server.eio.sockets.keys() - joined
        self._seen = {eio_sid: self._seen.get(eio_sid, now) for eio_sid in alive}
        for eio_sid, since in self._seen.items():
            if now - since > JOIN_WITHIN_S:
                log.info("connection cut: no namespace joined within %d s", JOIN_WITHIN_S)
                self.figures.cut["never_joined"] += 1
                hang_up(self.server, eio_sid)

    def goodbye(self) -> None:
        """Ask every client to come back at a moment of its own: all at once are a herd (R35)."""
        within_s = min(LONGEST_JITTER_S, 1 + self.count() / BACK_PER_S)
        for namespace in self._events:
            there = [one for one in self._connections.values() if one.namespace == namespace]
            self.send(there, "goodbye", {"within_s": round(within_s, 1)})

    async def close(self) -> None:
        """End every connection; who does not read their last words in time loses them."""
        sockets = self.server.eio.sockets
        for eio_sid, one in list(sockets.items()):
            if one.there:
                one.leave()
            else:
                hang_up(self.server, eio_sid)
        await self._wait_till_gone()
        for eio_sid, one in list(sockets.items()):
            if one.there:
                hang_up(self.server, eio_sid)
        await self._wait_till_gone()
        await self.server.shutdown()

    async def _wait_till_gone(self) -> None:
        until = time.monotonic() + LEAVE_WITHIN_S
        while time.monotonic() < until:
            if not any(one.there for one in self.server.eio.sockets.values()):
                return
            await asyncio.sleep(0.02)

    async def _on_event(self, eio_sid: str, packet: str) -> None:
        namespace, number, data = read_event(packet)
        one = self._connections.get((eio_sid, namespace))
        if one is None:  # not joined, or just left
            return
        acknowledgement = await self._events[one.namespace](data[0], one.sid, *data[1:])
        if number is not None:
            body = orjson.dumps([acknowledgement])
            self._push(eio_sid, b"43%b,%d%b" % (one.namespace.encode(), number, body))

    def _push(self, eio_sid: str, frame: bytes) -> None:
        socket = self.server.eio.sockets.get(eio_sid)
        if socket is not None and not socket.push(frame):
            log.warning("slow reader cut at %d unread packets", MAX_QUEUED)
            self.figures.cut["slow_reader"] += 1
            hang_up(self.server, eio_sid)


def hang_up(server: socketio.AsyncServer, eio_sid: str) -> None:
    """Abort the TCP connection: a peer that does not read would never see a polite close.

    A polling client has none that lasts; closing its session is what ends it.
    """
    environ = server.environ.get(eio_sid)
    session = server.eio.sockets.get(eio_sid)
    if session is not None and not session.upgraded:
        spawn("hang-up", session.close(wait=False, abort=True))
    transport = environ["aiohttp.request"].transport if environ else None
    if transport is not None:
        transport.abort()
