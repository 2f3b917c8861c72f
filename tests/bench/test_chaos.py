"""The fault runs in their short forms, against the real program through the real proxy; and that a
shop which loses one message is found out."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from bench.chaos import f02_points, f04_disk_full, f07_acks_lost
from bench.chaos.fault import Result, Run, Terms
from bench.chaos.proxy import CALM, Weather
from bench.chaos.report import Report
from bench.chaos.trial import Plan, Stage, run
from tests.program import ROOT

SEED = 11
STORM = Weather(life_s=0.7, fates=(("cut", 5), ("swallow", 4), ("hole", 0.3)))
ENDS_WITHIN_S = 30.0
FILES_WITH_CLIENTS = 40


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    plan = Plan(SEED, seconds=12, messages=400, kills=2, shoppers=12, agents=4, weather=STORM)
    return run(plan, tmp_path_factory.mktemp("ledger"))


def test_nothing_is_lost_under_kills_cuts_and_lost_acks(report: Report) -> None:
    assert report.verdict.sentences(9) == []
    assert report.verdict.sound


def test_the_faults_did_take_place(report: Report) -> None:
    assert len(report.outages) == 2
    assert report.tally.cuts > 10
    assert report.tally.swallowed > 0
    assert report.counted["duplicates answered"] > 0
    assert report.acked >= 400
    assert report.shown > report.acked
    said = "\n".join(report.lines())
    assert f"seed {SEED}" in said
    assert said.endswith("lost 0, doubled 0, disorder 0, leaked 0, stuck 0, denied 0")


@pytest.mark.parametrize(
    "fault", [f02_points.run, f04_disk_full.run, f07_acks_lost.run], ids=["F2", "F4", "F7"]
)
def test_short_forms(fault: Run, tmp_path: Path) -> None:
    result: Result = fault(Terms(tmp_path, SEED, short=True))
    assert result.passed, result


def test_a_shop_that_loses_one_message_is_found_out(tmp_path: Path) -> None:
    plan = Plan(SEED, seconds=60, messages=3000, shoppers=6, agents=2, weather=CALM)
    taken: list[str] = []

    async def lose_one(stage: Stage) -> None:
        await stage.world.until(lambda: stage.world.counted.get("acknowledged", 0) > 60)
        victim = next(
            one.acks[0].id
            for one in stage.world.ledger.intents.values()
            if one.acks and one.body.sender == "s0"
        )
        with closing(sqlite3.connect(stage.shop.data / "dianxiaoer.db", timeout=20)) as database:
            taken.append(
                database.execute(
                    "DELETE FROM message WHERE id = ? RETURNING id", (victim,)
                ).fetchone()[0]
            )
            database.commit()

    verdict = run(plan, tmp_path, fault=lose_one).verdict
    assert [one for one in verdict.lost if f"acknowledged as {taken[0]}, not stored" in one]
    assert verdict.disorder, "its number is missing"
    assert [verdict.doubled, verdict.leaked, verdict.stuck] == [[], [], []]


def test_told_to_end_it_leaves_nothing_behind(tmp_path: Path) -> None:
    """In the middle of a run: the server is up and its clients are connected."""
    with (tmp_path / "said").open("w+b") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench", "chaos", "--seconds", "300", "--kills", "0"],
            cwd=ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            server = child(process.pid)
            await_clients(server)
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=ENDS_WITHIN_S)
        finally:
            process.kill()
            process.wait()
        said.seek(0)
        assert (process.returncode, b"Traceback" in said.read()) == (128 + signal.SIGTERM, False)
    assert not Path(f"/proc/{server}").exists()


def child(pid: int) -> int:
    """The server that a bench started, as soon as there is one."""
    until = time.monotonic() + ENDS_WITHIN_S
    while time.monotonic() < until:
        for one in Path("/proc").glob("[0-9]*"):
            try:
                parent = (one / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == pid and b"serve" in (one / "cmdline").read_bytes():
                    return int(one.name)
            except (FileNotFoundError, ProcessLookupError):
                continue
        time.sleep(0.05)
    pytest.fail("the bench started no server")


def await_clients(server: int) -> None:
    """Until the server has more files open than it opens for itself."""
    until = time.monotonic() + ENDS_WITHIN_S
    while time.monotonic() < until:
        if len(list(Path(f"/proc/{server}/fd").iterdir())) > FILES_WITH_CLIENTS:
            return
        time.sleep(0.05)
    pytest.fail("nobody came to the server")
