"""The worker of the outbox: sends letters side by side, those of one conversation one by one.

It wakes at once for a new letter and by a timer for one that is to be tried again; nothing is kept
in memory but the calls in flight, so bounded: what does not fit waits in the database (R32). One
process works at a time, under a lease; one that lost it hears so at its next write, and stops.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import aiohttp

from channels.base import SendFailed, Wire
from console.desk import Desk
from console.desk.dispatch import Errand
from console.desk.leases import OUTBOX, LeaseLost
from console.desk.reasons import BROKEN, INTERRUPTED
from console.events import DeliveryChanged, Event, MessageAdded
from console.model.refusal import Refused
from console.model.words import Delivery, InboxId
from console.tasks import spawn

log = logging.getLogger(__name__)

AT_ONCE = 32
AT_ONCE_EACH = 8
LOOK_S = 5.0
FINISH_S = 2.0
BREAK_OFF_S = 0.8
WRITE_AGAIN_S = 0.5


def session(limit: int) -> aiohttp.ClientSession:
    """Lines to providers, so many at most. A kept connection that the far end has just closed would
    look like a message of which nobody knows whether it arrived."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=limit, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "dianxiaoer"},
    )


class Outbox:
    """Runs as a job."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._woken = asyncio.Event()
        self._calls: dict[asyncio.Task[None], InboxId] = {}
        self._lost = False
        desk.events.subscribe(self._hear, MessageAdded, DeliveryChanged)

    async def run(self) -> None:
        """Until cancelled; then what is in flight is finished, or written down as unconfirmed."""
        async with session(AT_ONCE) as http:
            while True:
                epoch = await self._desk.leases.obtained(OUTBOX)
                self._lost = False
                try:
                    await self._work(epoch, Wire(http, self._desk.tokens))
                except LeaseLost as lost:
                    log.warning("%s: another process sends now", lost)
                    self._desk.leases.drop(OUTBOX)
                finally:
                    await self._finish()

    async def _work(self, epoch: int, wire: Wire) -> None:
        recovered = await self._desk.dispatch.recover(epoch)
        if recovered:
            log.warning("%d letters were being sent when the service stopped", recovered)
        while True:
            self._woken.clear()
            # one that has only run out, the database being away, is waited for and goes on
            if self._lost or await self._desk.leases.obtained(OUTBOX) != epoch:
                raise LeaseLost(f"lease {OUTBOX}: epoch {epoch} is over")
            try:
                pause = await self._start(epoch, wire)
            except Refused as no:
                log.warning("no letters can be claimed: %s", no.message)
                pause = WRITE_AGAIN_S
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()

    async def _start(self, epoch: int, wire: Wire) -> float:
        """Begin the calls there is room for; returns the seconds until there may be more."""
        room, free = self._room(), AT_ONCE - len(self._calls)
        if not room or not free:
            return LOOK_S
        claimed = await self._desk.dispatch.claim(epoch, room, free)
        for errand in claimed.errands:
            call = spawn("outbox-call", self._call(errand, wire))
            self._calls[call] = errand.inbox.id
            call.add_done_callback(self._ended)
        if claimed.due_at is None:
            return LOOK_S
        left = (claimed.due_at - self._desk.clock()).total_seconds()
        return min(LOOK_S, max(0.0, left))

    def _room(self) -> dict[InboxId, int]:
        """How many more calls each inbox may have, those with the fewest first."""
        busy = Counter(self._calls.values())
        inboxes = sorted(self._desk.inboxes.sending(), key=lambda one: busy[one.id])
        left = {one.id: AT_ONCE_EACH - busy[one.id] for one in inboxes}
        return {inbox_id: places for inbox_id, places in left.items() if places > 0}

    async def _call(self, errand: Errand, wire: Wire) -> None:
        """Send a letter, part by part where it leaves in parts."""
        part: Errand | None = errand
        while part is not None:
            self._desk.failpoints.hit("after_sending")
            write_down = await self._outcome(part, wire)
            self._desk.failpoints.hit("after_call")
            part = await self._written(part, write_down)

    async def _written(
        self, errand: Errand, write_down: Callable[[], Awaitable[Errand | None]]
    ) -> Errand | None:
        """Write down how a call ended; returns the errand of the next part, if there is one."""
        while True:
            try:
                return await write_down()
            except LeaseLost:
                self._lost = True
                return None
            except Refused as no:
                log.warning("letter %s: how it ended is not written: %s", errand.letter.id, no)
                if no.code != "unavailable":
                    return None  # somebody has moved it, which no lease allows: theirs stands
                await asyncio.sleep(WRITE_AGAIN_S)

    async def _outcome(self, errand: Errand, wire: Wire) -> Callable[[], Awaitable[Errand | None]]:
        """Call the provider; returns what is to be written down."""
        dispatch = self._desk.dispatch
        sender = self._desk.inboxes.sender(errand.inbox)
        assert sender is not None
        try:
            receipt = await sender.send(errand.inbox.config, errand.outbound, wire)
        except SendFailed as failure:
            return partial(dispatch.failed, errand, failure)
        except asyncio.CancelledError:  # `_finish`, which waits for us
            return partial(dispatch.broke, errand, INTERRUPTED)
        except Exception:
            log.exception(
                "an inbox of kind %s cannot send",
                errand.inbox.kind,
                extra={"inbox": errand.inbox.id, "letter": errand.letter.id},
            )
            return partial(dispatch.broke, errand, BROKEN)
        if receipt.more:
            return partial(dispatch.part_sent, errand)
        return partial(dispatch.sent, errand, receipt.provider_id)

    async def _finish(self) -> None:
        """Wait for the calls in flight; those that take too long are broken off."""
        for patience in (FINISH_S, BREAK_OFF_S):
            if not self._calls:
                return
            _, slow = await asyncio.wait(self._calls, timeout=patience)
            for call in slow:
                call.cancel()

    def _ended(self, call: asyncio.Task[None]) -> None:
        del self._calls[call]
        self._woken.set()

    def _hear(self, event: Event) -> None:
        match event:
            case MessageAdded(_, message) if message.delivery is Delivery.QUEUED:
                self._woken.set()
            case DeliveryChanged(_, _, Delivery.QUEUED | Delivery.FAILED | Delivery.DEAD):
                self._woken.set()
