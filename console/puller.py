"""The worker that fetches what people wrote where providers only ring: page by page, in order.

One process does it, under a lease. It wakes when a provider rings here, looks every two seconds
whether one rang at another process, and asks unasked at its start and every five minutes, for a
ring may get lost. Inboxes are fetched side by side; one that fails waits longer each time.
"""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from channels.base import Page, SendFailed, Wire
from console.desk import Desk
from console.desk.feeds import Feed
from console.desk.inboxes import Inbox
from console.desk.leases import PULL, LeaseLost
from console.events import Event, Rung
from console.model.refusal import Refused
from console.model.words import InboxId
from console.outbox import session
from console.tasks import spawn

log = logging.getLogger(__name__)

LOOK_S = 2.0
UNASKED_S = 300.0
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
AT_ONCE = 16
FINISH_S = 3.0


@dataclass(slots=True)
class Progress:
    """How it stands with one inbox: how many rings are answered, when to ask next."""

    answered: int = -1
    next_at: float = 0.0
    pause_s: float = 0.0


class Puller:
    """Runs as a job."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._woken = asyncio.Event()
        self._progress: dict[InboxId, Progress] = {}
        self._calls: dict[InboxId, asyncio.Task[None]] = {}
        self._lost = False
        desk.events.subscribe(self._hear, Rung)

    async def run(self) -> None:
        """Until cancelled; a page is then stored whole, or fetched again by whoever comes next."""
        async with session(AT_ONCE) as http:
            while True:
                epoch = await self._desk.leases.obtained(PULL)
                self._lost = False
                try:
                    await self._work(epoch, Wire(http, self._desk.tokens))
                except LeaseLost as lost:
                    log.warning("%s: another process fetches now", lost)
                    self._desk.leases.drop(PULL)
                finally:
                    await self._finish()

    async def _work(self, epoch: int, wire: Wire) -> None:
        while True:
            self._woken.clear()
            if self._lost or await self._desk.leases.obtained(PULL) != epoch:
                raise LeaseLost(f"lease {PULL}: epoch {epoch} is over")
            try:
                await self._start(epoch, wire)
            except Refused as no:
                log.warning("nothing can be fetched: %s", no.message)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._woken.wait()

    async def _start(self, epoch: int, wire: Wire) -> None:
        """Begin with every inbox for which it is time."""
        inboxes = self._desk.inboxes.pulling()
        rung = await self._desk.feeds.rung() if inboxes else {}
        for inbox in inboxes:
            progress = self._progress.setdefault(inbox.id, Progress())
            waits = time.monotonic() < progress.next_at
            rang = rung.get(inbox.id, 0) > progress.answered
            if inbox.id in self._calls or (waits and (progress.pause_s or not rang)):
                continue
            call = spawn("puller-call", self._drain(inbox, progress, epoch, wire))
            self._calls[inbox.id] = call
            call.add_done_callback(partial(self._ended, inbox.id))

    async def _drain(self, inbox: Inbox, progress: Progress, epoch: int, wire: Wire) -> None:
        """Fetch an inbox's pages until there are no more."""
        try:
            feed = await self._desk.feeds.of(inbox)
            ring = feed.ring if feed.rung > progress.answered else ""
            more = True
            while more:
                page = await self._page(inbox, feed, ring, wire)
                await self._desk.feeds.take(inbox, page, feed.place, epoch)
                await self._afterwards(inbox, page)
                feed, more = Feed(page.cursor, feed.ring, feed.rung), page.more
            progress.answered, progress.pause_s = feed.rung, 0.0
        except LeaseLost:
            self._lost = True
        except (SendFailed, Refused) as failure:
            log.warning("inbox %s: its messages are not fetched: %s", inbox.id, failure)
            progress.pause_s = min(LONGEST_PAUSE_S, progress.pause_s * 2 or FIRST_PAUSE_S)
        except Exception:
            log.exception("inbox %s: its messages cannot be fetched", inbox.id)
            progress.pause_s = LONGEST_PAUSE_S
        progress.next_at = time.monotonic() + (progress.pause_s or UNASKED_S)

    async def _page(self, inbox: Inbox, feed: Feed, ring: str, wire: Wire) -> Page:
        puller = self._desk.inboxes.puller(inbox)
        assert puller is not None
        return await puller.pull(inbox.config, feed.place, ring, wire, self._desk.clock())

    async def _afterwards(self, inbox: Inbox, page: Page) -> None:
        for deed in page.then:
            try:
                await deed()
            except SendFailed as failure:
                log.warning("inbox %s: after a page: %s", inbox.id, failure)

    async def _finish(self) -> None:
        if self._calls:
            _, slow = await asyncio.wait(self._calls.values(), timeout=FINISH_S)
            for call in slow:
                call.cancel()

    def _ended(self, inbox_id: InboxId, _: asyncio.Task[None]) -> None:
        del self._calls[inbox_id]
        self._woken.set()

    def _hear(self, event: Event) -> None:
        self._woken.set()
