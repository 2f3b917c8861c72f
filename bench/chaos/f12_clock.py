"""F12, in a light form: the wall clock of the server jumps by an hour and by a second, both ways.

One process, so no lease is at stake; what is: timers, sessions, order, and that nobody is thrown
out because of it.
"""

import asyncio
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

from bench.chaos.fault import Result, Terms
from bench.chaos.proxy import CALM
from bench.chaos.report import zero
from bench.chaos.trial import Plan, Stage
from bench.chaos.trials import runs
from bench.programs import BenchFailed
from bootstrap import faketime

JUMPS_S = (3600, 0, -3600, 0, 1, 0, -1, 0)
ROUNDS = 3
BETWEEN_S = 4.0
EXACT_S = 2.0
CUT_OFF_AT_MOST = 0.01


def run(terms: Terms) -> Result:
    note = terms.folder / "clock"
    jumps = JUMPS_S[:4] if terms.short else JUMPS_S * ROUNDS
    plan = Plan(
        terms.seed,
        seconds=BETWEEN_S * (len(jumps) + 2),
        messages=int(20 * BETWEEN_S * len(jumps)),
        shoppers=15 if terms.short else 40,
        agents=4 if terms.short else 10,
        weather=CALM,
        environment=jumping(note),
    )
    cut_off = 0

    async def jump(stage: Stage) -> None:
        nonlocal cut_off
        await asyncio.sleep(BETWEEN_S)
        before = _cut_off(stage)
        for seconds in jumps:
            _set(note, seconds)
            await _follows(stage, seconds)
            await asyncio.sleep(BETWEEN_S)
        cut_off = _cut_off(stage) - before

    (report,) = runs([plan], terms.folder, fault=jump)
    clients = plan.shoppers + plan.agents
    return Result(
        "F12",
        "wall clock jumps by 1 h and 1 s",
        f"{len(jumps)} jumps in {report.intended} messages",
        f"zero; at most {CUT_OFF_AT_MOST:.0%} of the clients cut off",
        f"{zero([report])}; {cut_off} of {clients} cut off",
        passed=report.verdict.sound and cut_off <= CUT_OFF_AT_MOST * clients,
    )


def jumping(note: Path) -> dict[str, str]:
    """The environment of a server whose wall clock follows the note; its monotonic one is real."""
    library = faketime.library()
    if library is None:
        raise BenchFailed("libfaketime is not there; `run.py bench` installs it where it may")
    _set(note, 0)
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(note),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def _set(note: Path, seconds: int) -> None:
    beside = note.with_name(f"{note.name}.new")
    beside.write_text(f"{seconds:+d}s")
    beside.replace(note)


async def _follows(stage: Stage, seconds: int) -> None:
    """Raises BenchFailed when the server's own word for the time is another."""
    url = f"http://127.0.0.1:{stage.shop.port}/healthz"
    async with stage.world.http.get(url) as response:
        told = parsedate_to_datetime(response.headers["Date"]).timestamp()
    if abs(told - time.time() - seconds) > EXACT_S:
        raise BenchFailed(f"the server's clock did not follow a jump of {seconds} s")


def _cut_off(stage: Stage) -> int:
    counted = stage.world.counted
    return sum(n for what, n in counted.items() if what.endswith("cut off"))
