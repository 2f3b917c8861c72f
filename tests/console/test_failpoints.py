"""A failpoint strikes where it is named, as often as it was told, and in a demo only."""

import asyncio
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.app import serve
from console.doctor import findings
from console.events import Events, MessageAdded, QueueMoved
from console.failpoints import Failpoints, parse
from console.model.refusal import Refused
from console.model.words import ShopId
from console.settings import from_environment
from console.store import open_store, places, sqlite_file
from tests.desk.conftest import database, desk, house, sqlite_database
from tests.desk.house import House
from tests.program import Program
from tests.store.databases import Database

__all__ = ["database", "desk", "house", "sqlite_database"]


class Passed(Failpoints):
    """Notes what was passed."""

    def __init__(self) -> None:
        super().__init__()
        self.points: list[str] = []

    def hit(self, point: str) -> None:
        self.points.append(point)


class Looking(Failpoints):
    """Notes at each point how many shops another connection sees."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.shops: dict[str, int] = {}
        self._database = sqlite3.connect(file)

    def hit(self, point: str) -> None:
        self.shops[point] = self._database.execute("SELECT count(*) FROM shop").fetchone()[0]

    def close(self) -> None:
        self._database.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nowhere=kill", "the points are after_insert"),
        ("after_commit", "the actions are kill"),
        ("after_commit=explode", "the actions are kill"),
        ("after_commit=kill:3", "the actions are kill"),
        ("tick=block", "the actions are kill and block:SECONDS"),
        ("tick=block:soon", "'soon' is not a number"),
        ("tick=block:1e9", "from 0 to 600"),
        ("after_commit=kill@2", "'2' is not a number from 0 to 1"),
        ("after_commit=kill@", "'' is not a number"),
    ],
)
def test_a_wrong_rule_is_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(f"seed=3,{text}")


def test_it_strikes_as_often_as_told_and_again_by_its_seed() -> None:
    def strikes(seed: int) -> list[bool]:
        points = parse(f" tick=block:0.002@0.25 , seed={seed}")
        points.arm()
        struck = []
        for _ in range(200):
            began = time.perf_counter()
            points.hit("tick")
            struck.append(time.perf_counter() - began >= 0.002)
        return struck

    first = strikes(7)
    assert 25 < sum(first) < 90
    assert strikes(7)[:20] == first[:20]
    assert strikes(8) != first


def test_nothing_strikes_before_it_is_armed_or_elsewhere() -> None:
    points = parse("after_commit=kill,tick=block:600@0")
    assert points.has("after_commit")
    assert not points.has("after_insert")
    points.hit("after_commit")
    points.arm()
    points.hit("after_insert")
    points.hit("tick")


def test_kill_is_the_real_thing() -> None:
    program = (
        "from console.failpoints import parse\n"
        "points = parse('after_commit=kill')\n"
        "points.arm()\n"
        "try:\n    points.hit('after_commit')\nfinally:\n    print('no clean-up may run')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, "")


async def test_the_store_passes_both_points(database: Database) -> None:
    points = Passed()
    store = await open_store(database.data, database.url, points)
    await store.write(lambda tx: places.add_shop(tx, ShopId("shop"), "店", 1))
    await store.close()
    assert points.points == ["after_insert", "after_commit"]


async def test_the_commit_lies_between_them(sqlite_database: Database) -> None:
    points = Looking(sqlite_file(sqlite_database.data))
    store = await open_store(sqlite_database.data, None, points)
    await store.write(lambda tx: places.add_shop(tx, ShopId("shop"), "店", 1))
    await store.close()
    points.close()
    assert points.shops == {"after_insert": 0, "after_commit": 1}


async def test_a_message_passes_when_it_was_told_and_not_yet_acknowledged(house: House) -> None:
    points = Passed()
    order: list[tuple[type, list[str]]] = []
    house.desk.events.failpoints = points
    house.desk.events.subscribe(lambda event: order.append((type(event), list(points.points))))
    await house.chat()
    assert points.points == ["after_publish"]
    assert (MessageAdded, []) in order


def test_other_news_passes_no_point() -> None:
    points = Passed()
    Events(points).publish(QueueMoved(ShopId("shop")))
    assert points.points == []


def test_only_a_demo_may_be_broken(tmp_path: Path) -> None:
    given = {"CONSOLE_FAILPOINTS": "after_commit=kill"}
    settings = from_environment(given, data=str(tmp_path / "data"))
    with pytest.raises(Refused, match="needs --demo"):
        asyncio.run(serve(settings, demo=False))
    assert not (tmp_path / "data").exists()
    program = Program(tmp_path / "data", environ=given)
    ended = program.cli("serve", check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
    assert "CONSOLE_FAILPOINTS" in ended.stderr
    assert any("CONSOLE_FAILPOINTS is set" in one.text for one in findings(settings))


def test_a_wrong_setting_is_told_at_the_start(tmp_path: Path) -> None:
    given = {"CONSOLE_FAILPOINTS": "after_lunch=kill"}
    with pytest.raises(Refused, match="CONSOLE_FAILPOINTS: 'after_lunch=kill': the points are"):
        asyncio.run(serve(from_environment(given, data=str(tmp_path)), demo=True))
