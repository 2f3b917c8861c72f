"""`bench match --scale`: build, memory, latency and change at growing sizes, a process for each."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence

import msgspec

from bench.matching.contenders import SCALED
from bench.matching.probe import Scaled
from bench.programs import SERVER_CORE, BenchFailed, on_core
from bench.table import markdown
from bootstrap.places import ROOT

SIZES = (1_000, 10_000, 100_000)
SLOWEST_S = 1_800
HEAD = ("entries", "contender", "build s", "load s", "RSS MiB before", "RSS MiB", "found in 5",
        "p50 ms", "p99 ms", "one entry changed, ms")  # fmt: skip
# numpy's threads cost more than they bring on arrays of this size, and one core is measured.
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


def report(sizes: Sequence[int]) -> str:
    return markdown(HEAD, rows(sizes))


def rows(sizes: Sequence[int]) -> Iterator[list[str]]:
    for size in sizes:
        for name in SCALED:
            yield [f"{size:,}", name, *cells(probed(name, size))]


def probed(name: str, size: int) -> Scaled:
    command = (sys.executable, "-m", "bench.matching.probe", name, str(size))
    with on_core(SERVER_CORE):
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD},
            capture_output=True,
            text=True,
            timeout=SLOWEST_S,
            check=False,
        )
    if done.returncode:
        raise BenchFailed(f"{name} at {size:,} entries: {done.stderr[-2000:]}")
    return msgspec.json.decode(done.stdout, type=Scaled)


def cells(told: Scaled) -> list[str]:
    values = (
        (told.build_s, 2), (told.load_s, 2), (told.before_mib, 0), (told.resident_mib, 0),
        (told.found, 3), (told.p50_ms, 2), (told.p99_ms, 2), (told.change_ms, 1),
    )  # fmt: skip
    return ["-" if value is None else f"{value:,.{digits}f}" for value, digits in values]
