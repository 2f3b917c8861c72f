"""A backup of a shop at work: one moment of it, whole, while nobody waits."""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from console.backup import restore, save
from console.desk.reasons import sentence
from console.store import Tx, sqlite_file, talk
from tests.backup.rows import settings
from tests.desk.house import close_house, open_house
from tests.store.databases import Database

AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
SHOPPERS = 6
# as console/store/sqlite.py sets it
CHECKPOINT_PAGES, PAGE_BYTES = 4000, 4096


async def test_what_is_written_meanwhile_does_not_tear_it(
    database: Database, tmp_path: Path
) -> None:
    house = await open_house(await database.open())
    people = [await house.shopper() for _ in range(SHOPPERS)]
    for person in people:
        await house.ask(person)
    done = asyncio.Event()

    async def write(person: str) -> int:
        said = 1
        while not done.is_set():
            await house.ask(person, f"第{said}句")
            said += 1
        return said

    writing = [asyncio.create_task(write(one)) for one in people]
    before = {one: await house.messages(one) for one in await house.conversations()}
    manifest = await save(settings(database), tmp_path / "b.zip", force=False, at=AT)
    during = {one: await house.messages(one) for one in await house.conversations()}
    done.set()
    said = await asyncio.gather(*writing)
    assert min(said) > 1, "nobody waits for a backup"
    await close_house(house)
    await restore(settings(database), tmp_path / "b.zip", force=True, at=AT)
    store = await database.open()
    rows = 0
    for id, held in before.items():

        async def read(tx: Tx, id: str = id) -> tuple[int, list[str]]:
            found = await talk.find(tx, id)
            assert found is not None
            return found.last_seq, [one.id for one in await talk.after(tx, id, 0, 100_000)]

        last, ids = await store.read(read)
        assert last == len(ids), "the conversation and its messages are of the same moment"
        assert len(held) <= last <= len(during[id])
        assert ids == [one.id for one in during[id]][:last]
        rows += last
    await store.close()
    assert rows == next(one.rows for one in manifest.tables if one.name == "message")


def size_of(path: str) -> int:
    return os.path.getsize(path)


async def test_the_log_starts_over_after_a_long_reader(sqlite_database: Database) -> None:
    """While a snapshot is held the write-ahead log only grows; then it is used again (L14)."""
    house = await open_house(await sqlite_database.open())
    file = sqlite_file(sqlite_database.data)
    person = await house.shopper()

    async def grow(messages: int) -> int:
        for _ in range(messages):
            await house.ask(person, "好" * 8000)
        return size_of(f"{file}-wal")

    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM message").fetchone()
        held = await grow(700)
        reader.execute("ROLLBACK")
    assert held > CHECKPOINT_PAGES * PAGE_BYTES
    assert await grow(700) < 1.2 * held
    await close_house(house)


async def test_the_reason_of_a_restore_is_a_sentence(sqlite_database: Database) -> None:
    house = await open_house(await sqlite_database.open())
    said = [sentence(house.desk.inboxes, "desk:restored:", one) for one in ("zh-CN", "en")]
    await close_house(house)
    assert "备份" in said[0]
    assert "backup" in said[1]
