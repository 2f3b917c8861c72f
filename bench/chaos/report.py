"""What a run amounted to, in the words of a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.chaos.keeper import Outage
from bench.chaos.ledger import Ledger, Sent
from bench.chaos.oracle import Verdict
from bench.chaos.proxy import Tally

AFTER_S = 10.0
SHOWN_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Report:
    seed: int
    ledger: Ledger
    verdict: Verdict
    tally: Tally
    outages: list[Outage]
    counted: dict[str, int]
    calm_s: float

    @property
    def intended(self) -> int:
        return len(self.ledger.intents)

    @property
    def acked(self) -> int:
        return sum(bool(one.acks) for one in self.ledger.intents.values())

    @property
    def failed(self) -> int:
        return sum(one.failed is not None for one in self.ledger.intents.values())

    @property
    def shown(self) -> int:
        screens = self.ledger.screens.values()
        return sum(len(segment) for one in screens for segment in one.segments)

    def slowest_start(self) -> float:
        return max((one.seconds for one in self.outages), default=0.0)

    def late_s(self) -> list[float]:
        """For what was written while the server was dead or up to 10 s after: for how long an
        accepting server had not shown it to any agent."""
        seen = self._first_seen()
        return [
            self._up(intent.at, seen[sent])
            for sent, intent in self.ledger.intents.items()
            if sent in seen
            and any(one.killed <= intent.at <= one.ready + AFTER_S for one in self.outages)
        ]

    def _first_seen(self) -> dict[Sent, float]:
        """When each message of a shopper came to the first agent's screen."""
        seen: dict[Sent, float] = {}
        readers = self.ledger.readers
        for screen in self.ledger.screens.values():
            if readers[screen.reader].secret is not None:
                continue
            for one in screen.segments[0]:
                if one.body is not None and readers[one.body.sender].secret is not None:
                    sent = (one.body.sender, one.body.n)
                    seen[sent] = min(one.at, seen.get(sent, one.at))
        return seen

    def _up(self, begin: float, end: float) -> float:
        """The seconds in between in which the server was there."""
        down = (min(end, one.ready) - max(begin, one.killed) for one in self.outages)
        return end - begin - sum(max(0.0, seconds) for seconds in down)

    def lines(self) -> list[str]:
        tally, late = self.tally, self.late_s()
        counted = told(dict(sorted(self.counted.items())))
        lines = [
            f"seed {self.seed}",
            f"messages: intended {self.intended}, acknowledged {self.acked}, "
            f"reported failed {self.failed}, shown {self.shown}",
            f"faults: kills {len(self.outages)}, cuts {tally.cuts}, acks swallowed "
            f"{tally.swallowed}, black holes {tally.holes}, links {tally.links}, of them sliced "
            f"{tally.sliced}",
            f"clients: {counted}",
        ]
        if self.outages:
            seconds = [one.seconds for one in self.outages]
            lines.append(
                f"accepts again after a kill: median {median(seconds):.2f} s, "
                f"slowest {max(seconds):.2f} s"
            )
        if late:
            lines.append(f"delivery after a restart: p99 {p99(late):.2f} s of {len(late)}")
        lines.append(f"calm after {self.calm_s:.1f} s")
        lines += self.verdict.sentences(SHOWN_AT_MOST)
        return [*lines, told(self.verdict.counts())]


def zero(reports: Sequence[Report]) -> str:
    """The counts of all of them together."""
    totals: dict[str, int] = {}
    for report in reports:
        for name, count in report.verdict.counts().items():
            totals[name] = totals.get(name, 0) + count
    return told(totals)


def told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def p99(values: list[float]) -> float:
    return quantiles(values, n=100)[98] if len(values) > 1 else values[0]
