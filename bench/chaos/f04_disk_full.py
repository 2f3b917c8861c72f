"""F4: the disk fills up and is freed again, while everybody goes on writing.

The data folder is a small file system in memory in a mount namespace of the server's own, and is
filled to the last byte. What is acknowledged meanwhile must be stored all the same: SQLite's log is
written over from its beginning, and while that lasts there is room. Once there is none, everybody
must hear `unavailable`, within the time counted from the last acknowledgement.
"""

import asyncio
import contextlib
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.chaos.fault import Result, Terms
from bench.chaos.loop import perform
from bench.chaos.proxy import CALM
from bench.chaos.report import zero
from bench.chaos.server import Shop, open_shop
from bench.chaos.trial import Plan, Stage, furnish, play
from bench.programs import BenchFailed

TIMES = 10
REFUSES_WITHIN_S = 5.0
RECOVERS_WITHIN_S = 5.0
FULL_S, SHORT_S = 2.0, 0.7
AT_MOST_S = 30.0
REFUSAL = "unavailable"
SIZE = "64m"
BLOCK = 64 * 1024
INTO_MEMORY = (
    f'mount -t tmpfs -o size={SIZE} tmpfs "$1" && cp -a "$2/." "$1" && shift 2 && exec "$@"'
)


@dataclass(slots=True)
class Seen:
    refused_s: list[float] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)
    acked_while_full: int = 0


def run(terms: Terms) -> Result:
    times = 2 if terms.short else TIMES
    seen = Seen()
    plan = Plan(terms.seed, seconds=600, messages=12_000, shoppers=10, agents=3, weather=CALM)
    require_namespaces()
    plain = Shop(terms.folder)
    with open_shop(plain):
        cast = furnish(plain, plan)

    async def fill_and_free(stage: Stage) -> None:
        for _ in range(times):
            await asyncio.sleep(FULL_S)
            await _once(stage, seen, full_s=SHORT_S if terms.short else FULL_S)

    with open_shop(in_memory(plain, terms.folder / "small")) as shop:
        pid = shop.process.pid
        report = perform(play(plan, shop, cast, fill_and_free))
        same = shop.process.pid == pid
    slowest, back = max(seen.refused_s), max(seen.back_s)
    if not report.verdict.sound:
        print("\n".join(report.lines()), flush=True)
    return Result(
        "F4",
        "disk full, then freed",
        f"{len(seen.back_s)} times in {report.intended} messages",
        f"zero; `unavailable` <= {REFUSES_WITHIN_S:g} s after the last that found room; well <= "
        f"{RECOVERS_WITHIN_S:g} s after freeing, without a restart",
        f"{zero([report])}; refused after {slowest:.1f} s; acknowledged while full, and stored: "
        f"{seen.acked_while_full}; well after {back:.1f} s; {'same' if same else 'other'} process",
        passed=report.verdict.sound
        and same
        and slowest <= REFUSES_WITHIN_S
        and back <= RECOVERS_WITHIN_S,
    )


def require_namespaces() -> None:
    """Raises BenchFailed where this system does not let us mount anything."""
    tried = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs tmpfs "$1"', "sh", "/mnt"]
    if shutil.which("unshare") is None or subprocess.run(tried, capture_output=True).returncode:
        raise BenchFailed("no mount namespace of our own: this fault needs root on Linux")


def in_memory(plain: Shop, place: Path) -> Shop:
    """The same shop, its data folder copied into a small file system that only it sees."""
    place.mkdir()
    wrap = ["unshare", "-m", "sh", "-c", INTO_MEMORY, "sh", str(place), str(plain.data)]
    shop = Shop(plain.data.parent, wrap=wrap)
    shop.data = place
    return shop


async def _once(stage: Stage, seen: Seen, *, full_s: float) -> None:
    """Fill, wait until somebody was refused, stay so for a while, free, wait for the first ack."""
    ballast = Path(f"/proc/{stage.shop.process.pid}/root{stage.shop.data}/ballast")
    refused, acked = _refused(stage), _acked(stage)
    await asyncio.to_thread(_fill, ballast)
    seen.refused_s.append(await _until_refused(stage, refused))
    await asyncio.sleep(full_s)
    seen.acked_while_full += _acked(stage) - acked
    await asyncio.to_thread(ballast.unlink)
    acked = _acked(stage)
    seen.back_s.append(await _seconds(stage, lambda: _acked(stage) > acked))


async def _until_refused(stage: Stage, refused: int) -> float:
    """From the last acknowledgement to the first refusal after it."""
    while True:
        acked = _acked(stage)
        waited = await _seconds(stage, partial(_told, stage, refused=refused, acked=acked))
        if _refused(stage) > refused or waited >= AT_MOST_S:
            return waited


def _told(stage: Stage, *, refused: int, acked: int) -> bool:
    return _refused(stage) > refused or _acked(stage) > acked


async def _seconds(stage: Stage, holds: Callable[[], bool]) -> float:
    """How long until it holds; the bound itself when it never does."""
    begun = time.monotonic()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(AT_MOST_S):
            await stage.world.until(holds)
    return time.monotonic() - begun


def _refused(stage: Stage) -> int:
    return stage.world.counted.get(REFUSAL, 0)


def _acked(stage: Stage) -> int:
    return stage.world.counted.get("acknowledged", 0)


def _fill(ballast: Path) -> None:
    """Take every byte there is; what others free meanwhile is not taken again."""
    with ballast.open("wb", buffering=0) as file:
        for size in (BLOCK, 512, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\0" * size):
                    pass
