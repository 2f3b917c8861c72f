"""Whatever waits has an end (R32): the list of it is true, and at each end happens what it says."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

import console
from console import control
from console.app import MAX_BODY
from console.desk import asked, entrance, prompter, tries
from console.desk.prompter import Prompter
from console.model.refusal import Refused
from console.outbox import AT_ONCE
from console.store import Store, postgres, sqlite
from console.tasks import Latest, spawn
from console.telemetry import LagFigures
from console.web import engine, imports_api, limits, sockets
from knowledge.learning import MOST_WORDINGS
from tests.desk.house import House, close_house, open_house
from tests.store.databases import Database, database, sqlite_database, store

__all__ = ["database", "sqlite_database", "store"]

BOUNDS = {
    "store.sqlite": sqlite.MAX_WAITING,
    "store.postgres": postgres.MAX_WAITING,
    "desk.entrance": entrance.MAX_AT_HASHING,
    "desk.tries": tries.MOST_REMEMBERED,
    "desk.prompter": prompter.MAX_ASKED,
    "desk.learning": MOST_WORDINGS,
    "desk.asked": asked.HANDFUL,
    "outbox": AT_ONCE,
    "web.engine": engine.MAX_QUEUED,
    "web.sockets": sockets.MAX_FRAME,
    "app": MAX_BODY,
    "web.imports_api": imports_api.LARGEST,
    "web.limits": limits.MOST_REMEMBERED,
    "tasks": 2,
    "control": control.AT_ONCE,
    "telemetry": LagFigures().late.maxlen,
}


@pytest.fixture
async def house(sqlite_database: Database) -> AsyncIterator[House]:
    one = await open_house(await sqlite_database.open())
    yield one
    await close_house(one)


def test_the_list_is_true() -> None:
    assert console.__doc__ is not None
    rows = [line for line in console.__doc__.splitlines() if line.startswith("    ")][1:]
    told = {row[37:56].strip(): int(row[56:64]) for row in rows}
    assert told == BOUNDS
    assert f"one address has {limits.SOCKETS_AT_ONCE}" in console.__doc__
    for place in told:
        importlib.import_module(f"console.{place}")


async def test_too_many_units_are_refused_and_the_others_done(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres if store.kind == "postgresql" else sqlite, "MAX_WAITING", 8)

    async def work(tx: Any) -> int:
        return int((await tx.one("SELECT 1"))[0])

    done = await asyncio.gather(*(store.write(work) for _ in range(20)), return_exceptions=True)
    refused = [one for one in done if isinstance(one, Refused)]
    assert [one for one in done if one == 1] == [1] * 8
    assert {one.code for one in refused} == {"unavailable"}
    assert store.figures.refused_units == len(refused) == 12
    assert await store.write(work) == 1


async def test_too_many_who_sign_in_are_asked_to_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "MAX_AT_HASHING", 3)
    tried = [house.desk.entrance.sign_in(f"n{i}", "wrong", f"192.0.2.{i}") for i in range(8)]
    codes = [one.code for one in await asyncio.gather(*tried, return_exceptions=True)]  # type: ignore[union-attr]
    assert codes.count("rate_limited") > 0
    assert codes.count("unauthorized") >= 3
    assert set(codes) == {"rate_limited", "unauthorized"}
    with pytest.raises(Refused, match="unauthorized"):
        await house.desk.entrance.sign_in("later", "wrong", "192.0.2.99")


async def test_the_first_of_too_many_goes_without_suggestions(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompter, "MAX_ASKED", 3)
    await house.agent("王芳", capacity=10)
    talks = [await house.chat("什么时候发货") for _ in range(5)]
    waiting: Prompter = house.desk.prompter
    assert list(waiting._asked) == talks[2:]


async def test_a_thing_that_changes_often_is_told_at_most_twice() -> None:
    latest, told, gate = Latest(), [], asyncio.Event()
    state = 0

    async def telling() -> None:
        told.append(state)
        await gate.wait()

    for state in range(1000):
        latest.tell("queue", "shop", telling)
        if not state % 100:
            await asyncio.sleep(0)
    gate.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert told == [0, 999]
    latest.tell("queue", "shop", telling)
    await asyncio.sleep(0)
    assert told == [0, 999, 999]


async def test_a_handful_of_matched_messages_is_written_before_the_next_is_matched(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "HANDFUL", 3)
    desk, most = house.desk, 0
    faq = "version: 1\nshop: x\nentries: [{id: a, question: 发货, answer: x}]\n"
    await desk.importing.import_file(house.shop_id, faq.encode(), file="faq.yaml", by=None)
    await desk.library.warm()
    await house.agent("王芳", capacity=50)
    note = desk.asked.note

    def counting(*noted: Any) -> None:
        nonlocal most
        note(*noted)
        most = max(most, len(desk.asked._pending))

    monkeypatch.setattr(desk.asked, "note", counting)
    for number in range(10):
        await house.chat(f"能刻第{number}个字吗")
    worker = spawn("prompter", desk.prompter.run())
    async with asyncio.timeout(10):
        while (await house.rows("SELECT count(*) FROM asked"))[0][0] < 9:
            await asyncio.sleep(0.01)
            assert most <= 3
    worker.cancel()
    await asyncio.wait([worker])
    assert most == 3


async def test_too_many_commands_at_once_are_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "AT_ONCE", 2)
    gate, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def run(request: dict[str, Any]) -> dict[str, Any]:
        begun.release()
        await gate.wait()
        return {"code": 0}

    async def ask() -> dict[str, Any]:
        reader, writer = await asyncio.open_unix_connection(tmp_path / control.NAME)
        writer.write(b"{}\n")
        answer = orjson.loads(await reader.readline())
        writer.close()
        return dict(answer)

    server = await control.listen(tmp_path, run)
    held = [asyncio.create_task(ask()) for _ in range(2)]
    for _ in held:
        await begun.acquire()
    assert await ask() == control.BUSY
    gate.set()
    assert [one["code"] for one in await asyncio.gather(*held)] == [0, 0]
    assert (await ask())["code"] == 0
    server.close()
