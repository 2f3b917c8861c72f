"""What only one process at a time may do: it holds a lease, renewed while it lives (R31).

A process that was paused may still believe that it holds one. So the belief ends by the monotonic
clock, and who writes under a lease has its epoch checked in the same transaction: `fence`. One unit
renews all leases; a process that comes back after a crash, known by its node, has its own at once.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from console.clock import Clock
from console.model.refusal import Refused
from console.model.words import to_ms
from console.store import Store, Tx, leases

log = logging.getLogger(__name__)

LASTS_S = 15.0
RENEW_S = 5.0

OUTBOX = "outbox"
QUEUE = "queue"
GRACE = "grace"
FILES = "files"
PULL = "pull"
ARRIVALS = "arrivals"
NAMES = (OUTBOX, QUEUE, GRACE, FILES, PULL, ARRIVALS)


class LeaseLost(Exception):
    """Somebody else holds it by now; nothing was written."""


@dataclass(frozen=True, slots=True)
class Held:
    epoch: int
    until: float


class Leases:
    """The leases of one process. `node` names it, and stays the same over its restarts."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        node: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._clock = clock
        self._node = node
        self._monotonic = monotonic
        self._held: dict[str, Held] = {}
        self._kept = asyncio.Event()

    def held(self, name: str) -> int | None:
        """The epoch under which this process may do it now."""
        held = self._held.get(name)
        return held.epoch if held is not None and self._monotonic() < held.until else None

    async def obtained(self, name: str) -> int:
        """Wait until this process holds the lease."""
        while (epoch := self.held(name)) is None:
            await self._kept.wait()
        return epoch

    async def keep(self) -> None:
        """Renew what is held, take what is free."""
        begun = self._monotonic()
        mine = {name: held.epoch for name, held in self._held.items()}

        async def work(tx: Tx) -> dict[str, int]:
            now = to_ms(self._clock())
            found = {}
            for name in NAMES:
                epoch = await self._renewed(tx, name, mine.get(name), now)
                if epoch is not None:
                    found[name] = epoch
            return found

        found = await self._store.write(work)
        self._held = {name: Held(epoch, begun + LASTS_S) for name, epoch in found.items()}
        for name in NAMES:
            if mine.get(name) != found.get(name):
                log.info("lease %s: epoch %s", name, found.get(name, "is somebody else's"))
        self._kept.set()
        self._kept = asyncio.Event()

    async def fence(self, tx: Tx, name: str, epoch: int) -> None:
        """Raises LeaseLost where the epoch is not the latest, in the transaction of the write."""
        if not await leases.holds(tx, name, epoch):
            raise LeaseLost(f"lease {name}: epoch {epoch} is over")

    def drop(self, name: str) -> None:
        """Stop believing in it."""
        self._held.pop(name, None)

    async def let_go(self) -> None:
        """Whoever comes next need not wait."""
        mine, self._held = self._held, {}

        async def work(tx: Tx) -> None:
            for name, held in mine.items():
                await leases.renew(tx, name, self._node, held.epoch, until_ms=0)

        if mine:
            await self._store.write(work)

    async def run(self) -> None:
        """Keep them until cancelled, then let them go."""
        try:
            while True:
                try:
                    await self.keep()
                except Refused as no:
                    log.warning("leases were not renewed: %s", no.message)
                await asyncio.sleep(RENEW_S)
        finally:
            await self.let_go()

    async def _renewed(self, tx: Tx, name: str, epoch: int | None, now_ms: int) -> int | None:
        until = now_ms + round(LASTS_S * 1000)
        if epoch is not None and await leases.renew(tx, name, self._node, epoch, until_ms=until):
            return epoch
        return await leases.take(tx, name, self._node, until_ms=until, now_ms=now_ms)
