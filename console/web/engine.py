"""The Engine.IO connection without the library's detours: frames go straight in and straight out.

The library makes a task and a timer for every frame it reads and wakes a writing task for every
frame it sends; that is two thirds of what a message costs. A `DirectSocket` reads in one loop and
writes to the transport as long as that takes it; what a slow reader leaves waits in a short queue.
Polling, and the upgrade from it, stay the library's. Private names of the pinned version are used;
tests/web/test_sockets.py fails when one of them goes.
"""

import asyncio
import logging
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web
from engineio import packet as engine
from engineio.async_drivers import aiohttp as driver
from engineio.async_socket import AsyncSocket

from console.tasks import spawn

log = logging.getLogger(__name__)

MAX_QUEUED = 256
# What the transport may hold before frames wait in the queue, where they are counted.
BUFFER_BYTES = 64 * 1024
LINGER_S = 5.0
PACKETS = tuple("123456")
MESSAGE = "4"


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


class DirectSocket(AsyncSocket):  # type: ignore[misc]
    """One client's transport. The library makes its own class; `adopt` turns one into this."""

    connected: bool
    upgraded: bool
    _writer: Any = None
    _transport: Any = None
    _backlog: deque[bytes]

    @classmethod
    def adopt(cls, socket: AsyncSocket) -> None:
        socket.__class__ = cls
        socket._backlog = deque()

    def push(self, text: str, frame: bytes) -> bool:
        """Send one message packet without waiting; False when the reader left too many unread."""
        if self.closed:
            return True
        if self._writer is not None:
            return self._write(frame)
        if self.queue.qsize() >= MAX_QUEUED:
            return False
        self.queue.put_nowait(engine.Packet(engine.MESSAGE, text))
        return True

    async def send(self, pkt: engine.Packet) -> None:
        if self._writer is None:
            await super().send(pkt)
        elif not self.closed:
            encoded = pkt.encode()
            self._write(encoded if isinstance(encoded, bytes) else encoded.encode())

    async def close(self, wait: bool = True, abort: bool = False, reason: Any = None) -> None:
        """Ends the TCP connection too: who answers no ping would not hear a polite word."""
        await super().close(wait=wait, abort=abort, reason=reason)
        if self._transport is None:
            return
        if reason == self.server.reason.PING_TIMEOUT:
            self._transport.abort()
        else:  # time for the last words to leave; harmless once it is closed
            asyncio.get_running_loop().call_later(LINGER_S, self._transport.abort)

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
        self._transport = self._writer.transport
        while not self.queue.empty():  # the handshake, queued before there was a transport
            pkt = self.queue.get_nowait()
            self.queue.task_done()
            self._write(pkt.encode().encode())

    async def _read(self, response: web.WebSocketResponse) -> None:
        handle = self.server.handlers["message"]
        async for frame in response:
            data = frame.data
            if frame.type is not WSMsgType.TEXT or not is_packet(data):
                log.info("malformed frame, connection ended: not an engine packet")
                return
            if data[0] == MESSAGE:
                await handle(self.sid, data[1:])
            else:
                await self.receive(engine.Packet(encoded_packet=data))
            if self.closed:
                return

    def _write(self, frame: bytes) -> bool:
        if self._backlog or self._transport.get_write_buffer_size() > BUFFER_BYTES:
            if len(self._backlog) >= MAX_QUEUED:
                return False
            if not self._backlog:
                spawn("slow-reader", self._drain())
            self._backlog.append(frame)
            return True
        sending = self._writer.send_frame(frame, WSMsgType.TEXT)
        try:
            sending.send(None)  # writes at once; would wait only to slow us down
        except StopIteration:
            return True
        except ConnectionError:
            return True  # gone: the reading loop is about to hear of it
        sending.close()
        return True

    async def _drain(self) -> None:
        """Send what waits as fast as the reader takes it."""
        try:
            while self._backlog and self._writer is not None:
                await self._writer.send_frame(self._backlog[0], WSMsgType.TEXT)
                if self._backlog:
                    self._backlog.popleft()
        except ConnectionError:
            self._backlog.clear()


def is_packet(data: Any) -> bool:
    return isinstance(data, str) and data[:1] in PACKETS
