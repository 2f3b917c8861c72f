"""The Engine.IO connection without the library's detours: frames go straight in and straight out.

The library makes a task and a timer for every frame it reads and wakes a writing task for every
frame it sends; that is two thirds of what a message costs. A `DirectSocket` reads in one loop and
writes to the transport as long as that takes it, all frames of one turn of the event loop as one
piece; what a slow reader leaves waits in a short queue. Its ping is a timer on the monotonic clock.
Polling, and the upgrade from it, stay the library's. Private names of the pinned version are used;
tests/web/test_sockets.py fails when one of them goes.
"""

import asyncio
import logging
import time
from collections import deque
from contextlib import suppress
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web
from engineio import packet as engine
from engineio.async_drivers import aiohttp as driver
from engineio.async_socket import AsyncSocket

from console.tasks import spawn

log = logging.getLogger(__name__)

MAX_QUEUED = 256
# What the transport may hold before frames wait in the queue, where they are counted.
BUFFER_BYTES = 64 * 1024
# What one client may send at a stretch; then the others have their turn.
FRAMES_AT_ONCE = 250
FRAMES_WITHIN_S = 0.25
LINGER_S = 5.0
PACKETS = tuple("123456")
MESSAGE = "4"
# close, pong, message, upgrade
FROM_CLIENTS = ("1", "3", MESSAGE, "5")
CONTROL = 8


class PlainWebSocket(driver.WebSocket):  # type: ignore[misc]
    """Refuses permessage-deflate (98 KiB a connection; the library has no option), and ends the
    connection on what is no engine packet, of which the library lets itself be surprised."""

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        self._sock = web.WebSocketResponse(
            max_msg_size=self.server.max_http_buffer_size + 1, compress=False
        )
        await self._sock.prepare(environ["aiohttp.request"])
        self.environ = environ
        await self.handler(self)
        return self._sock

    async def wait(self) -> str:
        """Raises OSError, which the library takes for the end, on anything but text it knows."""
        data = await super().wait()
        if not is_packet(data):
            log.info("malformed frame, connection ended: not an engine packet")
            raise OSError("not an engine packet")
        return str(data)


class Gathering:
    """A transport that sends what is written in one turn of the event loop in one piece: a system
    call costs more than the rest of a frame."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, piece: bytes) -> None:
        if not self._pieces:
            self._loop.call_soon(self.flush)
        self._pieces.append(piece)
        self.size += len(piece)
        if piece[0] & 0x0F >= CONTROL:  # a WebSocket's close is followed by the transport's
            self.flush()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def get_write_buffer_size(self) -> int:
        return self.size + self._transport.get_write_buffer_size()

    def abort(self) -> None:
        self._transport.abort()

    def close(self) -> None:
        """Ends the connection when what was written has left."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        pieces, self._pieces, self.size = self._pieces, [], 0
        if pieces and not self._transport.is_closing():
            self._transport.write(pieces[0] if len(pieces) == 1 else b"".join(pieces))


class DirectSocket(AsyncSocket):  # type: ignore[misc]
    """One client's transport. The library makes its own class; `adopt` turns one into this.

    `heard` is the moment of the client's last frame or pong on the monotonic clock.
    """

    connected: bool
    upgraded: bool
    heard: float
    joins: int = 0
    _writer: Any = None
    _transport: Gathering | None = None
    _backlog: deque[bytes]
    _timer: asyncio.TimerHandle | None = None

    @classmethod
    def adopt(cls, socket: AsyncSocket) -> None:
        socket.__class__ = cls
        socket._backlog = deque()
        socket.heard = time.monotonic()

    def push(self, frame: bytes) -> bool:
        """Send one packet without waiting; False when the reader left too many unread."""
        if self.closed:
            return True
        if self._writer is not None:
            return self._write(frame)
        if self.queue.qsize() >= MAX_QUEUED:
            return False
        self.queue.put_nowait(engine.Packet(encoded_packet=frame.decode()))
        return True

    async def send(self, pkt: engine.Packet) -> None:
        if pkt.packet_type == engine.PING:  # the first; the library's own task sends it
            self._await_pong()
        if self._writer is None:
            await super().send(pkt)
        elif not self.closed:
            encoded = pkt.encode()
            self._write(encoded if isinstance(encoded, bytes) else encoded.encode())

    async def receive(self, pkt: engine.Packet) -> None:
        self.heard = time.monotonic()
        await super().receive(pkt)

    async def check_ping_timeout(self) -> bool:
        """The library's check, by a clock that may be set; ours is a timer."""
        return not self.closed

    def schedule_ping(self) -> None:
        """The client is there; it is asked again in a while."""
        self._set_timer(self.server.ping_interval, self._ping)

    async def close(self, wait: bool = True, abort: bool = False, reason: Any = None) -> None:
        """Ends the TCP connection too: who answers no ping would not hear a polite word."""
        self._set_timer(None)
        await super().close(wait=wait, abort=abort, reason=reason)
        if self._transport is None:
            return
        if reason == self.server.reason.PING_TIMEOUT:
            self._transport.abort()
        else:  # time for the last words to leave; harmless once it is closed
            asyncio.get_running_loop().call_later(LINGER_S, self._transport.abort)

    @property
    def there(self) -> bool:
        """Whether a WebSocket is open."""
        return self._transport is not None

    def leave(self) -> None:
        """End the WebSocket as soon as the client has read what was written to it."""
        if self._transport is None or self._writer is None:
            return
        parting = self._writer.close(WSCloseCode.GOING_AWAY)
        with suppress(StopIteration, ConnectionError):
            parting.send(None)
        parting.close()
        self._transport.close()

    async def _websocket_handler(self, ws: PlainWebSocket) -> None:
        if self.connected:  # an upgrade from polling
            await super()._websocket_handler(ws)
            return
        self.connected = self.upgraded = True
        self._open(ws._sock)
        try:
            await self._read(ws._sock)
        finally:
            self._writer = self._transport = None
            self._backlog.clear()
            await self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
            await ws.close()

    def _open(self, response: web.WebSocketResponse) -> None:
        self._writer = response._writer
        self._transport = self._writer.transport = Gathering(self._writer.transport)
        while not self.queue.empty():  # the handshake, queued before there was a transport
            pkt = self.queue.get_nowait()
            self.queue.task_done()
            self._write(pkt.encode().encode())

    async def _read(self, response: web.WebSocketResponse) -> None:
        assert self._transport is not None
        handle = self.server.handlers["message"]
        count, begun = 0, time.monotonic()
        async for frame in response:
            count += 1
            if count > FRAMES_AT_ONCE:
                await asyncio.sleep(max(0.0, begun + FRAMES_WITHIN_S - time.monotonic()))
                count, begun = 1, time.monotonic()
            data = frame.data
            if frame.type is not WSMsgType.TEXT or data[:1] not in FROM_CLIENTS:
                log.info("malformed frame, connection ended: not an engine packet")
                self._transport.abort()  # a polite close would read on until the client agrees
                return
            if data[0] == MESSAGE:
                self.heard = time.monotonic()
                await handle(self.sid, data[1:])
            else:
                await self.receive(engine.Packet(encoded_packet=data))
            if self.closed or self._transport.is_closing():
                return

    def _ping(self) -> None:
        self._await_pong()
        self.push(engine.Packet(engine.PING).encode().encode())

    def _await_pong(self) -> None:
        self._set_timer(self.server.ping_timeout, self._fall_silent)

    def _fall_silent(self) -> None:
        silence = self.close(wait=False, abort=False, reason=self.server.reason.PING_TIMEOUT)
        spawn("ping-timeout", silence)

    def _set_timer(self, seconds: float | None, deed: Any = None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = None if seconds is None else loop.call_later(seconds, deed)

    def _write(self, frame: bytes) -> bool:
        assert self._transport is not None
        if self._backlog or self._transport.get_write_buffer_size() > BUFFER_BYTES:
            if len(self._backlog) >= MAX_QUEUED:
                return False
            if not self._backlog:
                spawn("slow-reader", self._drain())
            self._backlog.append(frame)
            return True
        if not self._transport.is_closing():  # else the reading loop is about to hear of it
            self._transport.write(framed(frame))
        return True

    async def _drain(self) -> None:
        """Send what waits as fast as the reader takes it."""
        try:
            while self._backlog and self._writer is not None:
                await self._writer.send_frame(self._backlog[0], WSMsgType.TEXT)
                if self._transport is not None:
                    self._transport.flush()  # only then does the library know of a full one
                if self._backlog:
                    self._backlog.popleft()
        except ConnectionError:
            self._backlog.clear()


def framed(payload: bytes) -> bytes:
    """A whole WebSocket text frame as servers send it, without a mask (RFC 6455, section 5.2)."""
    size = len(payload)
    if size < 126:
        return b"\x81%c%b" % (size, payload)
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2) + payload
    return b"\x81\x7f" + size.to_bytes(8) + payload


def is_packet(data: Any) -> bool:
    return isinstance(data, str) and data[:1] in PACKETS
