"""Instruments: plain numbers that hot paths count into, and that /metrics reads when it is asked.

An event costs one addition or one bisect into a short array, below a microsecond together
(tests/console/test_telemetry.py); names, labels and text are made at scrape time, by web/metrics.
Nothing here is global: each part of the house keeps its own figures and shows them as `figures`.
"""

import time
from bisect import bisect_left
from collections import Counter, deque
from dataclasses import dataclass, field

LATENCY_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LAG_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
UNITS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
# A job that ran so long without a crash starts counting anew; one that crashed TOO_OFTEN in a row
# makes the process unready until it has run QUIET_S.
STEADY_S, TOO_OFTEN, QUIET_S = 60.0, 3, 15.0

clock = time.perf_counter


class Buckets:
    """A histogram: how many values were at most each bound, and their sum."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        return sum(self.counts)


@dataclass(slots=True)
class StoreFigures:
    """What a store did. `told` is the moment of the commit whose unit has just returned: it is good
    until the next await, and delivery is counted from it. `begun` is 0 while nothing is written."""

    commits: int = 0
    units: int = 0
    failed: int = 0
    refused_units: int = 0
    begun: float = 0.0
    told: float = 0.0
    succeeded_at: float = 0.0
    failed_at: float = 0.0
    seconds: Buckets = field(default_factory=lambda: Buckets(LATENCY_S))
    sizes: Buckets = field(default_factory=lambda: Buckets(UNITS))

    def committed(self, units: int, begun: float) -> float:
        """Count one commit; returns its moment."""
        now = clock()
        self.commits += 1
        self.units += units
        self.seconds.add(now - begun)
        self.sizes.add(units)
        self.succeeded_at = now
        return now

    def lost(self) -> None:
        """Count a commit that failed with all its units."""
        self.failed += 1
        self.failed_at = clock()


@dataclass(slots=True)
class LiveFigures:
    """What the doors did: sockets by namespace, answers by event, refusals by code."""

    joined: Counter[str] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    acks: dict[tuple[str, str], Buckets] = field(default_factory=dict)
    delivery: Buckets = field(default_factory=lambda: Buckets(LATENCY_S))
    answering: int = 0

    def events(self, namespace: str, names: list[str]) -> dict[str, Buckets]:
        """The clocks of a namespace's events, by name."""
        made = {name: Buckets(LATENCY_S) for name in names}
        self.acks.update({(namespace, name): one for name, one in made.items()})
        return made


@dataclass(slots=True)
class JobFigures:
    """Which jobs crashed, and which of them do so again and again."""

    crashes: Counter[str] = field(default_factory=Counter)
    _in_a_row: Counter[str] = field(default_factory=Counter)
    _since: dict[str, float] = field(default_factory=dict)

    def started(self, name: str) -> None:
        self._since[name] = clock()

    def crashed(self, name: str) -> None:
        ran = clock() - self._since.pop(name, 0.0)
        self.crashes[name] += 1
        self._in_a_row[name] = 1 if ran > STEADY_S else self._in_a_row[name] + 1

    def failing(self) -> list[str]:
        """Those that crashed three times in a row and have not run quietly since."""
        now = clock()
        return [
            name
            for name, times in self._in_a_row.items()
            if times >= TOO_OFTEN and now - self._since.get(name, now) < QUIET_S
        ]


@dataclass(slots=True)
class LagFigures:
    """How late the event loop ran what was due. `late` holds the last few moments at which it was
    noticed, with the lag."""

    lag: Buckets = field(default_factory=lambda: Buckets(LAG_S))
    warnings: int = 0
    alarms: int = 0
    late: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=256))

    def share(self, window_s: float) -> float:
        """The part of the last `window_s` seconds in which the loop kept what was due waiting."""
        since = clock() - window_s
        return min(1.0, sum(lag for at, lag in self.late if at > since) / window_s)
