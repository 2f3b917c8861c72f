"""F2: SIGKILL at named points of the way of a message: before its commit, after it, after it was
told and before it is acknowledged."""

import re
from pathlib import Path

from bench.chaos.fault import Result, Terms
from bench.chaos.report import zero
from bench.chaos.server import Shop
from bench.chaos.trial import Plan
from bench.chaos.trials import runs

POINTS = ("after_insert", "after_commit", "after_publish")
TIMES = 100
CHANCE = 0.03


def run(terms: Terms) -> Result:
    (report,) = runs([plan(terms)], terms.folder)
    deaths = {point: struck(terms.folder, point) for point in POINTS}
    return Result(
        "F2",
        "SIGKILL at named points",
        ", ".join(f"{point} {count}" for point, count in deaths.items()),
        f"zero; each point {times(terms)} times",
        zero([report]),
        passed=report.verdict.sound and set(deaths.values()) == {times(terms)},
    )


def plan(terms: Terms) -> Plan:
    """Load enough for a death every second or two, for as long as that takes."""
    deaths = len(POINTS) * times(terms)
    seconds = 10.0 * deaths
    return Plan(
        terms.seed,
        seconds=seconds,
        messages=int(30 * seconds),
        shoppers=10 if terms.short else 40,
        agents=3 if terms.short else 10,
        failpoints=tuple(f"{point}=kill@{CHANCE}" for point in POINTS),
        deaths=deaths,
    )


def times(terms: Terms) -> int:
    return 1 if terms.short else TIMES


def struck(folder: Path, point: str) -> int:
    """How often the servers of a fault said that they die there."""
    logs = folder.glob(f"*/{Shop.LOG}")
    return sum(len(re.findall(f"failpoint {point} kills", log.read_text())) for log in logs)
