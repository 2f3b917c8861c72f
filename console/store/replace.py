"""A new database built beside the one in use, and the two changing places at once.

SQLite: a new file in a folder of its own, then renamed over the old one, of which a second name was
kept. PostgreSQL: a schema of its own in the same database, then the tables of both move in one
transaction. Whatever is cut short in between leaves the old database in its place.
"""

import asyncio
import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from console.store import sqlite_file

BUILDING = "dianxiaoer_restoring"
CLOSING_S = 2.0

_OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


class NewFile:
    """For SQLite. `data` and `url` say where the new database is to be opened."""

    url = None

    def __init__(self, data: Path) -> None:
        self._file = sqlite_file(data)
        self.data = data / ".restoring"

    async def begin(self) -> None:
        await self.give_up()
        self.data.mkdir(mode=0o700)

    async def others(self) -> int:
        """Programs that have the database open; the lock on the data folder tells already."""
        return 0

    async def swap(self, aside: Path) -> None:
        """What was there is found in `aside`. The new database must be closed."""
        if self._file.exists():
            _settle(self._file)
            for one in _parts(self._file):
                _keep(one, aside / one.name)
            for rest in _parts(self._file)[1:]:
                rest.unlink()
        sqlite_file(self.data).replace(self._file)
        os.chmod(self._file, 0o600)

    async def give_up(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)


class NewSchema:
    """For PostgreSQL."""

    def __init__(self, data: Path, url: str) -> None:
        self._url = url
        self.data = data
        mark = "&" if "?" in url else "?"
        self.url = f"{url}{mark}search_path={quote(BUILDING)}"

    async def begin(self) -> None:
        await self._run(f"DROP SCHEMA IF EXISTS {BUILDING} CASCADE", f"CREATE SCHEMA {BUILDING}")

    async def others(self) -> int:
        """Programs that have the database open; one that is just closing gets a moment."""
        connection = await self._connect()
        until = time.monotonic() + CLOSING_S
        try:
            while True:
                found = int(await connection.fetchval(_OTHERS))
                if not found or time.monotonic() > until:
                    return found
                await asyncio.sleep(0.05)
        finally:
            await connection.close()

    async def swap(self, aside: Path) -> None:
        """What was there is found in the schema that has the name of `aside`."""
        connection = await self._connect()
        try:
            async with connection.transaction():
                home = await connection.fetchval("SELECT current_schema()")
                there = await connection.fetch(
                    "SELECT old.tablename FROM pg_tables old JOIN pg_tables new"
                    " ON new.tablename = old.tablename AND new.schemaname = $1"
                    " WHERE old.schemaname = $2",
                    BUILDING,
                    home,
                )
                if there:
                    await connection.execute(f'CREATE SCHEMA "{aside.name}"')
                for (name,) in there:
                    await connection.execute(
                        f'ALTER TABLE "{home}"."{name}" SET SCHEMA "{aside.name}"'
                    )
                built = await connection.fetch(
                    "SELECT tablename FROM pg_tables WHERE schemaname = $1", BUILDING
                )
                for (name,) in built:
                    await connection.execute(f'ALTER TABLE {BUILDING}."{name}" SET SCHEMA "{home}"')
                await connection.execute(f"DROP SCHEMA {BUILDING}")
        finally:
            await connection.close()

    async def give_up(self) -> None:
        await self._run(f"DROP SCHEMA IF EXISTS {BUILDING} CASCADE")

    async def _run(self, *statements: str) -> None:
        connection = await self._connect()
        try:
            for one in statements:
                await connection.execute(one)
        finally:
            await connection.close()

    async def _connect(self) -> Any:
        # Deferred: an installation on SQLite never needs it.
        import asyncpg

        return await asyncpg.connect(self._url, timeout=10)


def replacement(data: Path, url: str | None) -> NewFile | NewSchema:
    return NewSchema(data, url) if url else NewFile(data)


def _parts(file: Path) -> list[Path]:
    """The database and what SQLite keeps beside it; the database first."""
    return [
        one
        for end in ("", "-wal", "-shm")
        if (one := file.with_name(file.name + end)).exists() or not end
    ]


def _settle(file: Path) -> None:
    """Bring the write-ahead log into the file; a damaged one is kept as it is."""
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _keep(file: Path, kept: Path) -> None:
    """A second name for the same file, or a copy where a file has one name only."""
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(file, kept)
    except OSError:
        shutil.copy2(file, kept)
