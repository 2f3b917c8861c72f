"""Calls of providers that were answered: the same call again is answered so again, without effect.

Kept in memory for ten minutes, twice as long as any signature counts; a process that was started
anew, or another one, knows a repeat by the key of what the call brings.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

LASTS_S = 600.0
MOST = 50_000


class Replays:
    """Bounded: the oldest names are forgotten first."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._answered: OrderedDict[tuple[str, str], float] = OrderedDict()

    def answered(self, inbox_id: str, once: str) -> bool:
        """Whether this call was answered in the last ten minutes."""
        at = self._answered.get((inbox_id, once))
        return at is not None and self._monotonic() - at < LASTS_S

    def keep(self, inbox_id: str, once: str) -> None:
        """It is answered now, all that it brought being stored."""
        now = self._monotonic()
        self._answered.pop((inbox_id, once), None)
        self._answered[inbox_id, once] = now
        while self._answered:
            oldest = next(iter(self._answered))
            if len(self._answered) <= MOST and now - self._answered[oldest] < LASTS_S:
                return
            del self._answered[oldest]


REPLAYS = web.AppKey("replays", Replays)
