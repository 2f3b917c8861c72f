"""Listens, and lets in a few at a time.

The loop's own server takes in whoever waits at the door within one turn: of a herd of thousands
(F10) those inside would hear nothing for a second. Here the loop looks after everybody else between
one handful and the next; who waits meanwhile waits in the kernel's queue.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable

from console.tasks import spawn

log = logging.getLogger(__name__)

AT_ONCE = 16
# a full handful is followed by a rest: at most 1,600 a second, and fewer where the loop is late
REST_S = 0.01
QUEUE = 4096
# no file is free: somebody has to leave first
FULL_REST_S = 0.1
FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class Turnstile:
    """`protocol` makes what speaks with one client, aiohttp's `web.Server` for instance."""

    def __init__(self, protocol: Callable[[], asyncio.Protocol]) -> None:
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._listeners: list[socket.socket] = []

    @property
    def port(self) -> int:
        """The one it got where it asked for any with 0; it listens."""
        return int(self._listeners[0].getsockname()[1])

    async def open(self, host: str, port: int) -> None:
        """Listen on every address that `host` means. Raises OSError where one cannot be had."""
        kind, passive = socket.SOCK_STREAM, socket.AI_PASSIVE
        found = await self._loop.getaddrinfo(host, port, type=kind, flags=passive)
        try:
            for family, address in dict.fromkeys((one[0], one[4]) for one in found):
                listener = socket.create_server(address, family=family, backlog=QUEUE)
                self._listeners.append(listener)
                listener.setblocking(False)
        except OSError:
            self.close()
            raise
        for listener in self._listeners:
            self._turn(listener)

    def close(self) -> None:
        """Listen no more; who is inside stays."""
        for listener in self._listeners:
            self._loop.remove_reader(listener)
            listener.close()
        self._listeners.clear()

    def _turn(self, listener: socket.socket) -> None:
        if listener in self._listeners:
            self._loop.add_reader(listener, self._admit, listener)

    def _rest(self, listener: socket.socket, seconds: float) -> None:
        self._loop.remove_reader(listener)
        self._loop.call_later(seconds, self._turn, listener)

    def _admit(self, listener: socket.socket) -> None:
        for _ in range(AT_ONCE):
            try:
                client, _ = listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue
            except OSError as failure:
                if failure.errno not in FULL:
                    raise
                log.warning("nobody can be let in: %s", failure.strerror)
                return self._rest(listener, FULL_REST_S)
            client.setblocking(False)
            spawn("let-in", self._let_in(client))
        self._rest(listener, REST_S)

    async def _let_in(self, client: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, client)
        except OSError as gone:
            log.debug("gone before it was inside: %s", gone)
            client.close()
