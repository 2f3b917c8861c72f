"""How the connections to SQLite are set up, and that they end."""

import inspect
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite
import pytest

from console.store import Store, Tx, sqlite_file
from console.store.sqlite import READERS, open_sqlite
from tests.program import ROOT
from tests.store.databases import Database

FULL = 2
ENDS_WITHIN_S = 10.0
PROGRAM = """
import asyncio, sys
from pathlib import Path
from console.store import open_store, places

async def main():
    store = await open_store(Path(sys.argv[1]), None)
    await store.write(lambda tx: places.keep_note(tx, "was", "here"))
    assert await store.read(lambda tx: places.note(tx, "was")) == "here"
    await store.close()

asyncio.run(main())
"""


@pytest.fixture
async def store(sqlite_database: Database) -> AsyncIterator[Store]:
    opened = await sqlite_database.open()
    yield opened
    await opened.close()


async def pragma(tx: Tx, name: str) -> object:
    row = await tx.one(f"PRAGMA {name}")
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("name", "of_writer", "of_reader"),
    [
        ("journal_mode", "wal", "wal"),
        ("synchronous", FULL, FULL),
        ("foreign_keys", 1, 1),
        ("busy_timeout", 5000, 5000),
        ("query_only", 0, 1),
    ],
)
async def test_pragmas(store: Store, name: str, of_writer: object, of_reader: object) -> None:
    assert await store.write(lambda tx: pragma(tx, name)) == of_writer
    for _ in range(READERS):
        assert await store.read(lambda tx: pragma(tx, name)) == of_reader


async def test_only_the_writer_checkpoints(store: Store) -> None:
    written = await store.write(lambda tx: pragma(tx, "wal_autocheckpoint"))
    assert isinstance(written, int)
    assert written > 0
    for _ in range(READERS):
        assert await store.read(lambda tx: pragma(tx, "wal_autocheckpoint")) == 0


async def test_readers_cannot_write(store: Store) -> None:
    for _ in range(READERS):
        with pytest.raises(sqlite3.OperationalError, match="readonly database"):
            await store.read(lambda tx: tx.run("INSERT INTO meta VALUES ('a', 'b')"))
    assert await store.read(lambda tx: tx.all("SELECT * FROM meta")) == []


def test_aiosqlite_still_runs_a_whole_function_in_its_thread() -> None:
    assert inspect.iscoroutinefunction(aiosqlite.Connection._execute)
    parameters = list(inspect.signature(aiosqlite.Connection._execute).parameters)
    assert parameters[:2] == ["self", "fn"]
    assert isinstance(inspect.getattr_static(aiosqlite.Connection, "_conn"), property)


async def test_a_file_that_is_not_a_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = sqlite_file(tmp_path)
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        await open_sqlite(path)
    assert path.read_bytes() == b"not a database" * 100


def test_the_process_ends_after_close(sqlite_database: Database) -> None:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(sqlite_database.data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=ENDS_WITHIN_S * 3,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - begun < ENDS_WITHIN_S
