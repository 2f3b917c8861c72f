"""F26: a backup under load, then the shop goes back to it while its clients hold newer numbers.

What was acknowledged between a backup and the restore is gone, and that is what a restore means; it
is counted and taken out of the ledger. Everything else is held against the shop as ever: nothing
older is lost, what was unsent arrives once, every screen is begun anew and whole.
"""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench.chaos import trial
from bench.chaos.fault import Result, Terms
from bench.chaos.ledger import Intent, Ledger
from bench.chaos.oracle import judge
from bench.chaos.proxy import CALM
from bench.chaos.report import told
from bench.chaos.server import Shop
from bench.chaos.trial import Plan, Stage

ROUNDS = 10
BETWEEN = 20


@dataclass(slots=True)
class Seen:
    """`spans` are the seconds from the begin of a backup until its restore is served."""

    spans: list[tuple[float, float]] = field(default_factory=list)
    resyncs: int = 0
    wanted: int = 0


def run(terms: Terms) -> Result:
    rounds = 1 if terms.short else ROUNDS
    seen = Seen()
    report = trial.run(plan(terms), terms.folder, fault=partial(_back_and_forth, seen, rounds))
    rolled_back = forget_rolled_back(report.ledger, seen.spans)
    verdict = judge(report.ledger)
    print("\n".join(verdict.sentences(3)), flush=True)
    crashes = (terms.folder / Shop.LOG).read_text("utf-8").count("Traceback")
    return Result(
        "F26",
        "backup while writing, restore under clients with newer cursors",
        f"{rounds} restores in {report.intended} messages, {rolled_back} rolled back",
        "resync for every client; unsent kept; zero for the rest; no crash",
        f"{told(verdict.counts())}; {seen.resyncs} resyncs of {seen.wanted}; {crashes} crashes",
        passed=verdict.sound
        and rolled_back > 0
        and seen.resyncs >= seen.wanted > 0
        and crashes == 0,
    )


def plan(terms: Terms) -> Plan:
    common: dict[str, Any] = {"weather": CALM}
    if terms.short:
        return Plan(terms.seed, seconds=120, messages=1_800, shoppers=12, agents=4, **common)
    return Plan(terms.seed, seconds=600, messages=12_000, **common)


def forget_rolled_back(ledger: Ledger, spans: list[tuple[float, float]]) -> int:
    """Take out of the ledger what was acknowledged too late for a backup that was restored."""
    stored = {one.id for each in ledger.stored.values() for one in each}

    def gone(intent: Intent) -> bool:
        return any(
            begun <= ack.at <= served and ack.id not in stored
            for ack in intent.acks
            for begun, served in spans
        )

    lost = [sent for sent, intent in ledger.intents.items() if gone(intent)]
    for sent in lost:
        del ledger.intents[sent]
    return len(lost)


async def _back_and_forth(seen: Seen, rounds: int, stage: Stage) -> None:
    world, shop = stage.world, stage.shop
    await world.until(lambda: all(one.conversation for one in stage.shoppers))
    for number in range(rounds):
        file = str(shop.data.parent / f"{number}.backup")
        await _more(stage)
        begun = time.monotonic()
        await asyncio.to_thread(shop.command, ["backup", file])
        await _more(stage)
        before = world.counted.get("resync", 0)
        await asyncio.to_thread(shop.stop)
        await asyncio.to_thread(shop.command, ["restore", file, "--force"])
        await asyncio.to_thread(shop.start)
        seen.spans.append((begun, time.monotonic()))
        await _everybody_back(stage)
        seen.resyncs += world.counted.get("resync", 0) - before
        seen.wanted += len(stage.actors)


async def _more(stage: Stage) -> None:
    """Wait for words that a backup can hold, or lack."""
    counted = stage.world.counted
    enough = counted.get("acknowledged", 0) + BETWEEN
    await stage.world.until(lambda: counted.get("acknowledged", 0) >= enough)


async def _everybody_back(stage: Stage) -> None:
    stage.world.fresh_since = time.monotonic()
    for one in stage.actors:
        one.ask_anew()
    await stage.world.until(lambda: all(one.fresh for one in stage.actors))
