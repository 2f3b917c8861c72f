"""How a server ends (R35): it is told once, finishes what it began, and is gone within 20 s.

A second signal, or a step that hangs, ends it sooner: a timer of the C library, which needs neither
the event loop nor the interpreter, then shows where every thread is and ends the process. That is
safe at any moment, as pulling the plug is.
"""

import asyncio
import faulthandler
import logging
import signal
import time
from types import FrameType

from console.web.sockets import Sockets
from console.web.vitals import Vitals

log = logging.getLogger(__name__)

GONE_WITHIN_S = 16.0
HURRY_S = 2.0
FINISH_S = 5.0
LOOK_S = 0.01


class Ending:
    """`told` is set by the first SIGTERM or SIGINT, `hurry` by the second."""

    def __init__(self) -> None:
        self.told = asyncio.Event()
        self.hurry = asyncio.Event()
        self._heard = False
        self._loop = asyncio.get_running_loop()

    def listen(self) -> None:
        """Handlers of the interpreter, not of the loop: they work while the loop stands still."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._hear)

    async def finish(self, vitals: Vitals, sockets: Sockets) -> None:
        """Tell the clients, then wait until what they asked for is written and acknowledged."""
        vitals.phase = "stopping"
        sockets.goodbye()
        until = time.monotonic() + FINISH_S
        while time.monotonic() < until and not self.hurry.is_set():
            if not _busy(vitals):
                return
            await asyncio.sleep(LOOK_S)
        log.warning("stopping with %d frames unanswered", vitals.live.answering)

    def closed(self) -> None:
        """Everything is closed: whatever still runs is not worth waiting for."""
        faulthandler.dump_traceback_later(HURRY_S, exit=True)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        again, self._heard = self._heard, True  # `told` waits for the loop, which may stand still
        faulthandler.dump_traceback_later(HURRY_S if again else GONE_WITHIN_S, exit=True)
        self._loop.call_soon_threadsafe(self.hurry.set if again else self.told.set)


def _busy(vitals: Vitals) -> bool:
    store = vitals.desk.store
    return bool(vitals.live.answering or store.waiting() or store.figures.begun)
