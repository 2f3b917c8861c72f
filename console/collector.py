"""The worker that fetches the files of messages from the providers that keep them.

One process does it, under a lease. It wakes for a new message with a file and by a timer for one
that is to be tried again. A file is held whole while it is taken in, so few are fetched at once.
"""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from functools import partial

from channels.base import SendFailed, Wire
from console.desk import Desk
from console.desk.arrivals import Awaited
from console.desk.leases import ARRIVALS, LeaseLost
from console.events import Event, MessageAdded
from console.model.refusal import Refused
from console.outbox import session
from console.tasks import spawn

log = logging.getLogger(__name__)

AT_ONCE = 4
LOOK_S = 5.0
FINISH_S = 2.0

Key = tuple[str, int]


class Collector:
    """Runs as a job."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._woken = asyncio.Event()
        self._calls: dict[Key, asyncio.Task[None]] = {}
        self._lost = False
        desk.events.subscribe(self._hear, MessageAdded)

    async def run(self) -> None:
        """Until cancelled; what is then in flight is fetched again by whoever comes next."""
        async with session(AT_ONCE) as http:
            while True:
                epoch = await self._desk.leases.obtained(ARRIVALS)
                self._lost = False
                try:
                    await self._work(epoch, Wire(http, self._desk.tokens))
                except LeaseLost as lost:
                    log.warning("%s: another process fetches files now", lost)
                    self._desk.leases.drop(ARRIVALS)
                finally:
                    await self._finish()

    async def _work(self, epoch: int, wire: Wire) -> None:
        while True:
            self._woken.clear()
            if self._lost or await self._desk.leases.obtained(ARRIVALS) != epoch:
                raise LeaseLost(f"lease {ARRIVALS}: epoch {epoch} is over")
            try:
                pause = await self._start(epoch, wire)
            except Refused as no:
                log.warning("no files can be fetched: %s", no.message)
                pause = LOOK_S
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()

    async def _start(self, epoch: int, wire: Wire) -> float:
        """Begin the calls there is room for; returns the seconds until there may be more."""
        if len(self._calls) >= AT_ONCE:
            return LOOK_S
        due = await self._desk.arrivals.due(2 * AT_ONCE)
        for awaited in due.awaited:
            key = (awaited.arrival.conversation_id, awaited.arrival.seq)
            if key in self._calls or len(self._calls) >= AT_ONCE:
                continue
            call = spawn("collector-call", self._call(awaited, epoch, wire))
            self._calls[key] = call
            call.add_done_callback(partial(self._ended, key))
        if self._calls or due.due_at is None:
            return LOOK_S
        left = (due.due_at - self._desk.clock()).total_seconds()
        return min(LOOK_S, max(0.0, left))

    async def _call(self, awaited: Awaited, epoch: int, wire: Wire) -> None:
        arrivals, inbox = self._desk.arrivals, awaited.inbox
        fetcher = self._desk.inboxes.fetcher(inbox)
        try:
            if fetcher is None:
                raise SendFailed("media", retry=False, detail=inbox.kind)
            content = await fetcher.media(inbox.config, awaited.arrival.media_id, wire)
            self._desk.failpoints.hit("after_fetch")
            await arrivals.came(awaited, content, epoch)
        except SendFailed as failure:
            await self._noted(arrivals.failed(awaited, failure, epoch))
        except LeaseLost:
            self._lost = True
        except Refused as no:
            await self._pause(no)
        except Exception:
            log.exception("inbox %s: a file cannot be fetched", inbox.id)
            await self._noted(arrivals.broke(awaited, epoch))

    async def _noted(self, verb: Awaitable[None]) -> None:
        """Write down that it did not come."""
        try:
            await verb
        except LeaseLost:
            self._lost = True
        except Refused as no:
            await self._pause(no)

    async def _pause(self, no: Refused) -> None:
        """The database is away: the file is awaited still, and this call's place with it."""
        log.warning("a file is not kept: %s", no.message)
        await asyncio.sleep(LOOK_S)

    async def _finish(self) -> None:
        if self._calls:
            _, slow = await asyncio.wait(self._calls.values(), timeout=FINISH_S)
            for call in slow:
                call.cancel()

    def _ended(self, key: Key, _: asyncio.Task[None]) -> None:
        del self._calls[key]
        self._woken.set()

    def _hear(self, event: Event) -> None:
        if isinstance(event, MessageAdded) and "media" in (event.message.data or {}):
            self._woken.set()
