"""F27: the event loop stands still for 2 s, again and again. Nobody is cut off, and it is told."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import aiohttp

from bench.chaos.fault import Result, Terms
from bench.chaos.proxy import CALM
from bench.chaos.report import zero
from bench.chaos.server import Shop
from bench.chaos.trial import Plan, Stage
from bench.chaos.trials import runs

BLOCKS = 100
BLOCK_S = 2
MOST_CUT = 0.01
LOOK_S = 1.0
SAMPLE = re.compile(r"^dianxiaoer_(\w+?)(?:\{.*\})? (\S+)$", re.MULTILINE)


@dataclass(slots=True)
class Seen:
    """Figures of the server's own: how often it was late, who came and who went."""

    alarms: float = 0
    connects: float = 0
    disconnects: float = 0

    @property
    def cut(self) -> float:
        return self.disconnects / max(1.0, self.connects)


def run(terms: Terms) -> Result:
    blocks = 3 if terms.short else BLOCKS
    seen = Seen()

    async def hold(stage: Stage) -> None:
        async with aiohttp.ClientSession() as http:
            while seen.alarms < blocks:
                await asyncio.sleep(LOOK_S)
                await _look(http, stage.shop, seen)

    (report,) = runs([plan(terms)], terms.folder, fault=hold)
    log = (terms.folder / "1" / Shop.LOG).read_text("utf-8")
    named = log.count("the event loop stands still in console/failpoints.py")
    return Result(
        "F27",
        "event loop blocked",
        f"{seen.alarms:.0f} times {BLOCK_S} s in {report.intended} messages",
        f"zero; disconnects <= {MOST_CUT:.0%}; an alarm each",
        f"{zero([report])}; {seen.disconnects:.0f} of {seen.connects:.0f} cut; {named} named",
        passed=report.verdict.sound and seen.cut <= MOST_CUT and named >= blocks,
    )


def plan(terms: Terms) -> Plan:
    blocked = {"CONSOLE_FAILPOINTS": f"tick=block:{BLOCK_S}@0.05,seed={terms.seed}"}
    common: dict[str, Any] = {"weather": CALM, "environment": blocked}
    if terms.short:
        return Plan(terms.seed, seconds=30, messages=200, shoppers=30, agents=5, **common)
    return Plan(terms.seed, seconds=600, messages=10_000, shoppers=200, agents=20, **common)


async def _look(http: aiohttp.ClientSession, shop: Shop, seen: Seen) -> None:
    async with http.get(f"http://127.0.0.1:{shop.port}/metrics") as answer:
        text = await answer.text()
    sums: dict[str, float] = {}
    for name, value in SAMPLE.findall(text):
        sums[name] = sums.get(name, 0.0) + float(value)
    seen.alarms = sums["loop_lag_alarms_total"]
    seen.connects = sums["connects_total"]
    seen.disconnects = sums.get("disconnects_total", 0.0)
