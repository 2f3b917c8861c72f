"""`python -m bench.matching.probe CONTENDER SIZE`: one contender at one size, in this process.

Prints one line of JSON. A process of its own, so that memory is what this one contender took.
"""

import gc
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean, median
from typing import TypeVar

import msgspec

from bench.matching import generated, sets
from bench.matching.contender import Changing, Contender, Keeping, Knowledge, Ranking, taught
from bench.matching.contenders import ALL
from bench.matching.quality import WARMING
from knowledge import Entry

MESSAGES = 500
CHANGES = 5
SHOWN = 5

T = TypeVar("T")


class Scaled(msgspec.Struct, frozen=True):
    """`before_mib` is the process with everything imported and the shop's own entries built;
    `found` is the share of messages whose entry was shown: who finds nothing is quick. None where a
    contender has no such thing."""

    build_s: float
    load_s: float | None
    before_mib: float
    resident_mib: float
    found: float
    p50_ms: float
    p99_ms: float
    change_ms: float | None


def measured(name: str, size: int, *, messages: int = MESSAGES) -> Scaled:
    questions = sets.own().knowledge.entries
    ALL[name](Knowledge(questions)).rank(WARMING, 1)  # dictionaries are loaded once
    before = resident_mib()
    entries = list(generated.entries(size, questions))
    began = time.perf_counter()
    contender = ALL[name](Knowledge(entries))
    build_s = time.perf_counter() - began
    changed = entries[:: max(1, size // CHANGES)][:CHANGES]
    del entries  # who needs them keeps them
    resident = resident_mib()
    asked = generated.messages(size, questions, count=messages)
    shown: list[Ranking] = []
    took = sorted(milliseconds(lambda each: shown.append(contender.rank(each[0], SHOWN)), asked))
    right = [entry in dict(ranked) for (_, entry), ranked in zip(asked, shown, strict=True)]
    return Scaled(
        build_s=build_s,
        load_s=load_s(contender),
        before_mib=before,
        resident_mib=resident,
        found=mean(right),
        p50_ms=took[len(took) // 2],
        p99_ms=took[int(len(took) * 0.99)],
        change_ms=change_ms(contender, changed),
    )


def load_s(contender: Contender) -> float | None:
    """Seconds to read what was built from a file, the entries being at hand."""
    if not isinstance(contender, Keeping):
        return None
    with tempfile.TemporaryFile() as file:
        contender.keep(file)
        file.seek(0)
        began = time.perf_counter()
        contender.load(file)
        return time.perf_counter() - began


def change_ms(contender: Contender, entries: Iterable[Entry]) -> float | None:
    """To put an entry with one more phrasing in the place of its earlier self."""
    if not isinstance(contender, Changing):
        return None
    more = [taught(entry, "上次买的那个还能不能再便宜一点") for entry in entries]
    return median(milliseconds(contender.change, more))


def milliseconds(call: Callable[[T], object], values: Iterable[T]) -> list[float]:
    took = []
    for value in values:
        began = time.perf_counter()
        call(value)
        took.append((time.perf_counter() - began) * 1000)
    return took


def resident_mib() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    print(msgspec.json.encode(measured(sys.argv[1], int(sys.argv[2]))).decode())
