"""F25: the code before the newest migration serves under load; then the code of today takes over
the same database, and migrates it while the clients come back. Going back is refused: the old code
says that it does not know the schema, and changes nothing.
"""

import asyncio
import hashlib
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.chaos.fault import Result, Terms
from bench.chaos.proxy import CALM
from bench.chaos.report import zero
from bench.chaos.server import Shop
from bench.chaos.trial import Plan, Stage
from bench.chaos.trials import runs
from bench.programs import BenchFailed
from bootstrap.places import ROOT

ROUNDS = 10
BETWEEN = 20
VERSIONS = "console/store/migrations/versions"
SENTENCE = "this program knows up to"
GIT_S = 60


@dataclass(slots=True)
class Seen:
    """`refused` are the old code's words where it left the database as it was."""

    refused: list[str] = field(default_factory=list)


def run(terms: Terms) -> Result:
    rounds = 1 if terms.short else ROUNDS
    old = _before_the_newest_migration(terms.folder / "old")
    seen = Seen()
    plans = [_plan(terms, old, terms.seed + number) for number in range(rounds)]
    reports = runs(plans, terms.folder, fault=partial(_upgrade, seen, old))
    return Result(
        "F25",
        "old code, then new code with a migration, under load",
        f"{rounds} upgrades in {sum(one.intended for one in reports)} messages",
        "zero; old code refuses the new schema in a sentence and changes nothing",
        f"{zero(reports)}; refused {len(seen.refused)} of {rounds}",
        passed=all(one.verdict.sound for one in reports) and len(seen.refused) == rounds,
    )


def _plan(terms: Terms, old: Path, seed: int) -> Plan:
    shoppers, agents = (12, 4) if terms.short else (30, 6)
    return Plan(
        seed, seconds=90, messages=1_350, shoppers=shoppers, agents=agents, weather=CALM, code=old
    )


async def _upgrade(seen: Seen, old: Path, stage: Stage) -> None:
    shop = stage.shop
    await _more(stage)
    await asyncio.to_thread(shop.stop)
    shop.code = ROOT
    await asyncio.to_thread(shop.start)
    await _more(stage)
    await asyncio.to_thread(shop.stop)
    await asyncio.to_thread(_try_old, seen, old, shop)
    await asyncio.to_thread(shop.start)
    await _more(stage)


async def _more(stage: Stage) -> None:
    counted = stage.world.counted
    enough = counted.get("acknowledged", 0) + BETWEEN
    await stage.world.until(lambda: counted.get("acknowledged", 0) >= enough)


def _try_old(seen: Seen, old: Path, shop: Shop) -> None:
    before = _content(shop.data)
    words = [sys.executable, "-m", "console.cli", "serve", "--demo", "--data", str(shop.data)]
    done = subprocess.run(
        [*words, "--port", str(shop.port)],
        cwd=old,
        capture_output=True,
        text=True,
        timeout=GIT_S,
        check=False,
    )
    if _content(shop.data) != before:
        raise BenchFailed("the old code changed a database that it does not know")
    if done.returncode == 1 and SENTENCE in done.stderr and "Traceback" not in done.stderr:
        seen.refused.append(done.stderr.strip())


def _content(data: Path) -> dict[str, str]:
    return {
        one.name: hashlib.sha256(one.read_bytes()).hexdigest()
        for one in data.iterdir()
        if one.is_file() and one.name != "lock"
    }


def _before_the_newest_migration(folder: Path) -> Path:
    """The clone as it was, with the browser programs of today: no client of this run has one."""
    newest = max((ROOT / VERSIONS).glob("[0-9]*.py"))
    added = _git("log", "--diff-filter=A", "--format=%H", "--", f"{VERSIONS}/{newest.name}")
    if not added.strip():
        raise BenchFailed("no history to take the old code from: a whole clone is needed")
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    _git("archive", f"--output={archive}", f"{added.split()[-1]}^")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()
    shutil.copytree(ROOT / "static/dist", folder / "static/dist", dirs_exist_ok=True)
    return folder


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, timeout=GIT_S, check=False
    )
    if done.returncode:
        raise BenchFailed(f"git {words[0]}: {done.stderr.strip()}")
    return done.stdout
