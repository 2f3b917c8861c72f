"""What a fault module is, which there are, and how their results are shown.

A module has `run(terms) -> Result` and is imported when its fault is asked for, so that naming it
here costs nothing. The names F1 to F30 and the pass figures are those of the table of faults that
every release is held against; `terms.short` asks for the form that fits into a test.
"""

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bench.programs import BenchFailed
from bench.table import markdown

HEAD = ("fault", "what", "injected", "asked for", "seen", "passed")

FAULTS: dict[str, str] = {
    "F1": "bench.chaos.f01_kills",
    "F2": "bench.chaos.f02_points",
    "F2-outbox": "bench.chaos.f02_outbox",
    "F4": "bench.chaos.f04_disk_full",
    "F6": "bench.chaos.f06_cuts",
    "F7": "bench.chaos.f07_acks_lost",
    "F8": "bench.chaos.f08_half_open",
    "F9": "bench.chaos.f09_slow_reader",
    "F10": "bench.chaos.f10_herd",
    "F11": "bench.chaos.f11_slowloris",
    "F28": "bench.chaos.f28_few_files",
    "F12": "bench.chaos.f12_clock",
    "F27": "bench.chaos.f27_blocked_loop",
    "F19": "bench.chaos.f19_everybody_takes",
    "F20": "bench.chaos.f20_capacity",
    "F21": "bench.chaos.f21_drops",
    "F25": "bench.chaos.f25_upgrade",
    "F26": "bench.chaos.f26_restore",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """`folder` is the run's own, on the clone's disk; everything random comes from `seed`."""

    folder: Path
    seed: int
    short: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """One row: what was done to the product how often, what was asked for, what was seen."""

    fault: str
    what: str
    injected: str
    criterion: str
    seen: str
    passed: bool


Run = Callable[[Terms], Result]


def of(name: str) -> Run:
    """The way into a fault's module."""
    return cast(Run, importlib.import_module(FAULTS[name]).run)


def strike(names: Iterable[str], terms: Terms) -> Iterator[Result]:
    """Run one fault after another; what cannot be measured is a failed row and not the end."""
    for name in names:
        folder = terms.folder / name
        folder.mkdir(parents=True)
        try:
            yield of(name)(Terms(folder, terms.seed, terms.short))
        except BenchFailed as failure:
            why = str(failure).replace("\n", " / ").replace("|", "/")
            yield Result(name, "not measured", "-", "-", why, passed=False)


def table(results: Iterable[Result]) -> str:
    return markdown(HEAD, map(_row, results))


def _row(one: Result) -> list[str]:
    verdict = "yes" if one.passed else "NO"
    return [one.fault, one.what, one.injected, one.criterion, one.seen, verdict]
