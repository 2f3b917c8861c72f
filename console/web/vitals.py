"""What is known of the process's health, and the judgement whether it can serve."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aiohttp import web

from console.desk import Desk
from console.model.refusal import Refused
from console.telemetry import JobFigures, LagFigures, LiveFigures, clock
from console.web.tally import Tally

ANSWER_S = 2.0
STUCK_S = 5.0
LAG_WINDOW_S = 10.0
MOST_LATE = 0.5


@dataclass(slots=True)
class Vitals:
    """The figures of every part. `wal` is the database's log, on SQLite."""

    desk: Desk
    live: LiveFigures
    tally: Tally
    token: str = ""
    wal: Path | None = None
    lag: LagFigures = field(default_factory=LagFigures)
    jobs: JobFigures = field(default_factory=JobFigures)
    phase: Literal["starting", "serving", "stopping"] = "starting"


VITALS = web.AppKey("vitals", Vitals)


async def wrong(vitals: Vitals) -> dict[str, str]:
    """What keeps this process from serving, by name; empty when it is ready."""
    found: dict[str, str] = {}
    if vitals.phase != "serving":
        found["phase"] = f"the server is {vitals.phase}"
    for name, sentence in (
        ("database", await _database(vitals.desk)),
        ("writer", await _writer(vitals.desk)),
        ("loop", _loop(vitals.lag)),
        ("jobs", _jobs(vitals.jobs)),
    ):
        if sentence is not None:
            found[name] = sentence
    return found


async def _database(desk: Desk) -> str | None:
    try:
        async with asyncio.timeout(ANSWER_S):
            return None if await desk.open_for_business() else "there is no shop yet"
    except TimeoutError:
        return f"no answer within {ANSWER_S:.0f} s"
    except Refused:
        return "out of reach"


async def _writer(desk: Desk) -> str | None:
    """After a failed commit with no good one since, one row tells whether writing works again."""
    figures = desk.store.figures
    waiting_s = clock() - figures.begun
    if figures.begun and waiting_s > STUCK_S:
        return f"a commit has been waiting for {waiting_s:.0f} s"
    if figures.failed_at <= figures.succeeded_at:
        return None
    try:
        async with asyncio.timeout(ANSWER_S):
            await desk.try_to_write()
    except TimeoutError:
        return f"no commit within {ANSWER_S:.0f} s"
    except Refused:
        return "the last commit failed, and so did another try"
    return None


def _loop(lag: LagFigures) -> str | None:
    share = lag.share(LAG_WINDOW_S)
    if share <= MOST_LATE:
        return None
    return f"the event loop was late {share:.0%} of the last {LAG_WINDOW_S:.0f} s"


def _jobs(jobs: JobFigures) -> str | None:
    failing = jobs.failing()
    return f"crash again and again: {', '.join(failing)}" if failing else None
