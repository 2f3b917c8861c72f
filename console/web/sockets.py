"""python-socketio behind one narrow door: `send(connections, event, payload)`, encoded once.

The library's traps are closed here: packets of JSON only, so nobody can announce attachments;
permessage-deflate refused; a reader that stalls is cut, and so is a session that never joins;
handlers run in order. Private names of the pinned versions are used where no public one exists;
tests/web/test_sockets.py fails when one of them goes.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import socketio
from aiohttp import web
from socketio import packet as protocol

from console.tasks import spawn
from console.telemetry import LiveFigures
from console.web.engine import MAX_QUEUED, DirectSocket, PlainWebSocket

log = logging.getLogger(__name__)

MAX_FRAME = 64 * 1024
JOIN_WITHIN_S = 10.0
RESERVED = ("connect", "disconnect", "connect_error")


class Malformed(ValueError):
    """A frame that is not Socket.IO with a JSON payload."""


class JsonPacket(protocol.Packet):  # type: ignore[misc]
    """Socket.IO packets of JSON alone: no search for bytes, no binary attachments."""

    uses_binary_events = False

    def encode(self) -> str:
        head = f"{self.packet_type}"
        if self.namespace and self.namespace != "/":
            head += f"{self.namespace},"
        if self.id is not None:
            head += str(self.id)
        return head if self.data is None else head + orjson.dumps(self.data).decode()

    def decode(self, encoded_packet: Any) -> int:
        """Raises Malformed on anything but a well-formed packet of types 0 to 4."""
        if not isinstance(encoded_packet, str) or encoded_packet[:1] not in tuple("01234"):
            raise Malformed("not a packet of JSON")
        self.packet_type = int(encoded_packet[0])
        rest = encoded_packet[1:]
        self.namespace = self.data = None
        if rest[:1] == "/":
            self.namespace, _, rest = rest.partition(",")
        digits = len(rest) - len(rest.lstrip("0123456789"))
        if digits > 15:
            raise Malformed("the acknowledgement id is too long")
        self.id = int(rest[:digits]) if digits else None
        if rest[digits:]:
            self.data = orjson.loads(rest[digits:])
        if self.packet_type == protocol.EVENT:
            self._check_event()
        return 0

    def _check_event(self) -> None:
        if not (isinstance(self.data, list) and self.data and isinstance(self.data[0], str)):
            raise Malformed("an event is a list that begins with its name")
        if self.data[0] in RESERVED:  # the library would run our handler of that name
            raise Malformed(f"the event {self.data[0]} is the server's own")


class _Server(socketio.AsyncServer):  # type: ignore[misc]
    """Hangs up on whoever sends what is not a packet; the library would go on in silence."""

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        DirectSocket.adopt(self.eio.sockets[eio_sid])
        await super()._handle_eio_connect(eio_sid, environ)

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        try:
            if not isinstance(data, str) or not data:
                raise Malformed("not a packet of text")
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
            serializer=JsonPacket,
            async_handlers=False,
            cors_allowed_origins="*",
            cors_credentials=False,
            http_compression=False,
            max_http_buffer_size=MAX_FRAME,
            transports=["websocket", "polling"],
            logger=False,
            engineio_logger=False,
        )
        engineio = self.server.eio
        engineio._async = {**engineio._async, "websocket": PlainWebSocket}
        self.server.attach(app)
        self.figures = LiveFigures()
        self._joined: set[str] = set()
        self._seen: dict[str, float] = {}

    def connection(self, sid: str, namespace: str) -> Connection:
        """Name a client that was let in."""
        eio_sid = self.server.manager.eio_sid_from_sid(sid, namespace)
        self._joined.add(eio_sid)
        self.figures.joined[namespace] += 1
        return Connection(sid, eio_sid, namespace)

    def gone(self, namespace: str, reason: str) -> None:
        """A client that was let in has left, for one of the library's few reasons."""
        self.figures.left[namespace, reason] += 1

    def send(self, connections: Iterable[Connection], event: str, payload: Any) -> None:
        """Queue an event for each; a client that left 256 unread is cut and resumes by cursor."""
        body = orjson.dumps([event, payload]).decode()
        for one in connections:
            socket = self.server.eio.sockets.get(one.eio_sid)
            if socket is None:
                continue
            text = f"2{one.namespace},{body}"
            if not socket.push(text, f"4{text}".encode()):
                log.warning("slow reader cut at %d unread packets", MAX_QUEUED)
                self.figures.cut["slow_reader"] += 1
                hang_up(self.server, one.eio_sid)

    async def cut(self, connection: Connection) -> None:
        """End one client's connection."""
        await self.server.disconnect(connection.sid, namespace=connection.namespace)

    def count(self) -> int:
        return len(self.server.eio.sockets)

    def sweep(self) -> None:
        """Cut those who opened a transport and never joined a namespace."""
        now = time.monotonic()
        alive = self.server.eio.sockets
        self._joined &= alive.keys()
        self._seen = {sid: self._seen.get(sid, now) for sid in alive if sid not in self._joined}
        for eio_sid, since in self._seen.items():
            if now - since > JOIN_WITHIN_S:
                log.info("connection cut: no namespace joined within %d s", JOIN_WITHIN_S)
                self.figures.cut["never_joined"] += 1
                hang_up(self.server, eio_sid)

    async def close(self) -> None:
        await self.server.shutdown()


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
