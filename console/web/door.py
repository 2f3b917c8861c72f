"""What every request goes past first: room for it, a limit on new transports, and patience for its
body that ends.

The library has no deadline for a body that comes byte by byte (F11), and files that may be open run
out long before memory does (F28): some are kept for the database, for files and for those who are
inside already, and who comes then is asked to come again.
"""

import asyncio
import logging
import resource
import sys
import time
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from engineio.exceptions import EngineIOError

from console.model.refusal import Refused
from console.web.address import remote
from console.web.limits import Limits
from console.web.routes import refused, session_of

log = logging.getLogger(__name__)

SOCKETS = "/socket.io/"
BODY_WITHIN_S = 15.0
# a picture over a bad network; how many may come at once is limited where they are kept
# database, log, libraries, and answers to those who are turned away
KEPT_FILES = 96
# As many as are let in before their browsers give up after 20 s, by half of a core: more would come
# again for nothing, fewer would be sent away who could have come in (F10).
MOST_OUTSIDE = 6000
COMPLAIN_EVERY_S = 60.0


class TooSlow(TimeoutError, EngineIOError):  # type: ignore[misc]
    """A body that was not there in time; both libraries end the connection on it."""


class Door:
    """`count` says how many connections the server has, `outside` how many clients have not been
    let in yet; they are known when it listens."""

    def __init__(self, limits: Limits) -> None:
        self.count: Callable[[], int] = lambda: 0
        self.outside: Callable[[], int] = lambda: 0
        self._limits = limits
        self._complained = -COMPLAIN_EVERY_S

    @property
    def middleware(self) -> Middleware:
        @web.middleware
        async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path == SOCKETS and "sid" not in request.query:
                try:
                    await self._knock(request)
                except Refused as no:
                    return _turned_away(no)
            if not request.can_read_body:
                return await handler(request)
            return await _patiently(request, handler)

        return door

    async def _knock(self, request: web.Request) -> None:
        here = self.count()
        if here > room():
            self._complain(f"{here} connections are open, no room for more")
            raise Refused("unavailable", "too many people are here; wait 30 s")
        if self.outside() >= MOST_OUTSIDE:
            self._complain("a herd is coming back")
            raise Refused("unavailable", "too many people come at once; try again")
        address = remote(request)
        try:
            self._limits.knock(address)
        except Refused:
            if await session_of(request) is None:
                self._complain(f"too many connections from {address}")
                raise

    def _complain(self, said: str) -> None:
        """In the log, once a minute."""
        now = time.monotonic()
        if now - self._complained >= COMPLAIN_EVERY_S:
            self._complained = now
            log.warning("turned away at the door: %s", said)


DOOR = web.AppKey("door", Door)
# For a body that takes longer, once it is known who sends it: called with seconds from then.
PATIENCE: web.RequestKey[Callable[[float], None]] = web.RequestKey("patience", Callable)  # type: ignore[arg-type]


def room() -> int:
    """How many connections fit into the files this process may open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return sys.maxsize
    return max(1, soft - max(KEPT_FILES, soft // 10))


async def _patiently(request: web.Request, handler: Handler) -> web.StreamResponse:
    body = request.content

    def give_up() -> None:
        if not body.is_eof():
            body.set_exception(TooSlow())

    timer, patience = asyncio.get_running_loop().call_later(BODY_WITHIN_S, give_up), BODY_WITHIN_S

    def wait(seconds: float) -> None:
        nonlocal timer, patience
        timer.cancel()
        timer, patience = asyncio.get_running_loop().call_later(seconds, give_up), seconds

    request[PATIENCE] = wait
    try:
        return await handler(request)
    except TooSlow:
        log.info("a body was not there after %d s, connection ended", patience)
        return _turned_away(Refused("invalid", f"the body took over {patience:.0f} s"))
    finally:
        timer.cancel()


def _turned_away(no: Refused) -> web.Response:
    response = refused(no)
    response.force_close()
    return response
