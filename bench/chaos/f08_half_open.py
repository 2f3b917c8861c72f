"""F8: links go dead without a word: no byte, no FIN. The server must notice by itself.

Shoppers come back over new links; one agent never does, and a colleague must see her go offline.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

from bench.chaos.fault import Result, Terms
from bench.chaos.proxy import CALM, Link
from bench.chaos.report import zero
from bench.chaos.trial import Plan, Stage
from bench.chaos.trials import runs

NOTICES_WITHIN_S = 65.0
OFFLINE_WITHIN_S = 60.0
AT_MOST_S = 120.0
SETTLE_S = 3.0


@dataclass(slots=True)
class Seen:
    links: list[Link] = field(default_factory=list)
    noticed_s: list[float] = field(default_factory=list)
    offline_s: float = AT_MOST_S


def run(terms: Terms) -> Result:
    seen = Seen()
    shoppers = 6 if terms.short else 20
    plan = Plan(
        terms.seed, seconds=200, messages=2_000, shoppers=2 * shoppers, agents=4, weather=CALM
    )

    async def go_dead(stage: Stage) -> None:
        await asyncio.sleep(SETTLE_S)
        gone, watching = stage.agents[0], stage.agents[1]
        begun = time.monotonic()
        for one in (gone, *stage.shoppers[:shoppers]):
            assert one.line is not None
            seen.links.append(stage.proxy.doom(one.line.port, "hole"))
        stage.agents.remove(gone)
        gone.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(AT_MOST_S):
                await stage.world.until(lambda: watching.online.get(gone.name) is False)
                seen.offline_s = time.monotonic() - begun
                await asyncio.gather(*(link.over.wait() for link in seen.links))
        seen.noticed_s = [(one.server_ended or begun + AT_MOST_S) - begun for one in seen.links]

    (report,) = runs([plan], terms.folder, fault=go_dead)
    slowest = max(seen.noticed_s, default=AT_MOST_S)
    return Result(
        "F8",
        "links dead without a word",
        f"{len(seen.links)} links in {report.intended} messages",
        f"zero; server notices <= {NOTICES_WITHIN_S:g} s, presence off <= {OFFLINE_WITHIN_S:g} s",
        f"{zero([report])}; noticed after {slowest:.0f} s, offline after {seen.offline_s:.0f} s",
        passed=report.verdict.sound
        and slowest <= NOTICES_WITHIN_S
        and seen.offline_s <= OFFLINE_WITHIN_S,
    )
