"""/readyz says what is wrong and nothing else: with a real database stopped and a real disk full,
and each judgement by itself."""

import json
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from console.telemetry import JobFigures, LiveFigures, clock
from console.web import vitals as judgement
from console.web.tally import Tally
from console.web.vitals import Vitals, wrong
from tests.clients import shopper
from tests.desk.house import close_house, open_house
from tests.program import Program
from tests.servers import Cluster, stop
from tests.store.databases import Database, sqlite_database

__all__ = ["sqlite_database"]

WITHIN_S = 20.0


@pytest.fixture
async def vitals(sqlite_database: Database) -> AsyncIterator[Vitals]:
    """Of a shop that serves."""
    house = await open_house(await sqlite_database.open())
    yield Vitals(house.desk, LiveFigures(), Tally(house.desk), phase="serving")
    await close_house(house)


async def test_nothing_is_wrong(vitals: Vitals) -> None:
    assert await wrong(vitals) == {}


@pytest.mark.parametrize("phase", ["starting", "stopping"])
async def test_it_does_not_serve_yet_or_any_more(vitals: Vitals, phase: Any) -> None:
    vitals.phase = phase
    assert await wrong(vitals) == {"phase": f"the server is {phase}"}


async def test_a_commit_that_waits_is_told(vitals: Vitals) -> None:
    figures = vitals.desk.store.figures
    figures.begun = clock() - judgement.STUCK_S - 2
    assert await wrong(vitals) == {"writer": "a commit has been waiting for 7 s"}
    figures.begun = clock()
    assert await wrong(vitals) == {}


async def test_after_a_failed_commit_another_try_tells(vitals: Vitals) -> None:
    store = vitals.desk.store
    store.figures.lost()
    before = store.figures.commits
    assert await wrong(vitals) == {}, "one row was written"
    assert store.figures.commits == before + 1
    assert await wrong(vitals) == {}
    assert store.figures.commits == before + 1, "and no other without need"


async def test_a_loop_that_is_mostly_late_is_told(vitals: Vitals) -> None:
    vitals.lag.late.append((clock(), 4.0))
    assert await wrong(vitals) == {}
    vitals.lag.late.append((clock(), 2.0))
    assert await wrong(vitals) == {"loop": "the event loop was late 60% of the last 10 s"}


async def test_a_job_that_crashes_again_and_again_is_told(
    vitals: Vitals, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = vitals.jobs = JobFigures()
    for _ in range(2):
        jobs.started("outbox")
        jobs.crashed("outbox")
    assert await wrong(vitals) == {}
    jobs.started("outbox")
    jobs.crashed("outbox")
    assert await wrong(vitals) == {"jobs": "crash again and again: outbox"}
    jobs.started("outbox")
    assert await wrong(vitals) == {"jobs": "crash again and again: outbox"}
    monkeypatch.setattr("console.telemetry.QUIET_S", 0.0)
    assert await wrong(vitals) == {}, "it has run quietly since"


async def test_a_full_disk_is_told_until_it_is_freed(tmp_path: Path) -> None:
    one = Program(tmp_path / "data", environ={"CONSOLE_RATE_LIMITS": "off"})
    try:
        one.start()
        key = one.inbox_key()
        assert one.process is not None
        async with shopper(one, key) as client:
            assert (await client.say("还有地方"))["ok"]
            with full_disk(one.process.pid):
                refused = await client.say("没有地方了")
                assert refused["error"]["code"] == "unavailable"
                status, body = one.get("/readyz")
                assert (status, list(json.loads(body)["wrong"])) == (503, ["writer"])
                assert one.get("/healthz")[0] == 200
            assert one.get("/readyz") == (200, b'{"ok":true}')
            assert (await client.say("又有地方了"))["ok"]
    finally:
        assert one.process is not None
        stop(one.process)


def test_a_database_that_is_gone_is_told_until_it_is_back(tmp_path: Path) -> None:
    with Cluster.started() as cluster:
        one = Program(tmp_path / "data", environ={"CONSOLE_DATABASE_URL": cluster.url})
        try:
            one.start()
            cluster.stop()
            status, body = one.get("/readyz")
            said = json.loads(body)
            assert (status, said["ok"], said["wrong"]["database"]) == (503, False, "out of reach")
            assert str(cluster.port) not in json.dumps(said)
            assert one.get("/healthz")[0] == 200
            status, page = one.get("/metrics")
            assert (status, b"dianxiaoer_database_up 0.0" in page) == (200, True)
            cluster.start()
            until = time.monotonic() + WITHIN_S
            while one.get("/readyz")[0] != 200 and time.monotonic() < until:
                time.sleep(0.05)
            assert one.get("/readyz")[0] == 200
            assert b"dianxiaoer_database_up 1.0" in one.get("/metrics")[1]
        finally:
            assert one.process is not None
            stop(one.process)


@contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """No file of the process may grow beyond its first pages: what a write hears is an error."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (16 * 1024, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
