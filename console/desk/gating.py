"""From where on a shop's suggestions are shown and sure: its own limits, and what its log says."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from console.clock import Clock
from console.desk.asked import Asked
from console.desk.library import Library
from console.model.words import ShopId, to_ms
from console.store import Store, Tx, asked, places
from knowledge import Gates
from knowledge.gates import NEEDED, Evidence, Sample, evidence, fitted

SINCE = timedelta(days=asked.KEPT_DAYS)
_KEY = "gates"


@dataclass(frozen=True, slots=True)
class GateState:
    """The gates in use, those of the program, and those that the log would have; None where too
    little was answered."""

    gates: Gates
    shipped: Gates
    fitted: Gates | None
    evidence: Evidence
    needed: int = NEEDED


class Gating:
    """Verbs of who sets the gates."""

    def __init__(self, store: Store, library: Library, record: Asked, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._record = record
        self._clock = clock

    async def state(self, shop_id: ShopId) -> GateState:
        await self._record.keep()
        since = to_ms(self._clock() - SINCE)
        log = await self._store.read(lambda tx: asked.samples(tx, shop_id, since))
        samples = [_sample(one) for one in log]
        gates = self._library.gates(shop_id)
        fit = await asyncio.to_thread(fitted, samples)
        return GateState(gates, Gates(), fit, evidence(samples, gates))

    async def set(self, shop_id: ShopId, *, show: float, sure: float, lead: float) -> None:
        """The shop's own, from now on."""
        gates = Gates(show, sure, lead)
        await self._change(shop_id, gates, lambda values: values.update({_KEY: asdict(gates)}))

    async def reset(self, shop_id: ShopId) -> None:
        """Those of the program, whatever they will be in its next version."""
        await self._change(shop_id, Gates(), lambda values: values.pop(_KEY, None))

    async def _change(
        self, shop_id: ShopId, gates: Gates, change: Callable[[dict[str, Any]], object]
    ) -> None:
        async def work(tx: Tx) -> None:
            values = await places.settings(tx, shop_id, lock=True)
            change(values)
            await places.save_settings(tx, shop_id, await places.shop_name(tx, shop_id), values)

        await self._store.write(work)
        self._library.take_gates(shop_id, gates)


def _sample(one: asked.Outcome) -> Sample:
    used = one.used is not None
    return Sample(one.score, one.lead, used=used, first=used and one.used == one.first)
