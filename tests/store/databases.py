"""Migrated databases for tests: made once a session. SQLite's file is copied for a test, the one
in PostgreSQL is emptied before it: a copy there is three hundred files."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import asyncpg
import pytest

from console.store import Store, open_store, sqlite_file
from console.store.migrate import HEAD, ensure
from console.store.schema import metadata
from tests.servers import START_S, Postgres


@dataclass(frozen=True, slots=True)
class Database:
    """Where a migrated database of the test's own is: in the folder, or at the address."""

    data: Path
    url: str | None

    async def open(self) -> Store:
        return await open_store(self.data, self.url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Database:
    if request.param == "sqlite":
        return sqlite_copy(tmp_path, tmp_path_factory)
    return emptied(request.getfixturevalue("postgres"), tmp_path)


@pytest.fixture
def sqlite_database(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Database:
    return sqlite_copy(tmp_path, tmp_path_factory)


@pytest.fixture
def postgres_database(postgres: Postgres, tmp_path: Path) -> Database:
    return emptied(postgres, tmp_path)


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    opened = await database.open()
    yield opened
    await opened.close()


def sqlite_copy(folder: Path, factory: pytest.TempPathFactory) -> Database:
    shutil.copy(migrated_file(factory.getbasetemp()), sqlite_file(folder))
    return Database(folder, None)


@cache
def migrated_file(base: Path) -> Path:
    data = base / "migrated"
    data.mkdir()
    asyncio.run(ensure(data, None))
    return sqlite_file(data)


def emptied(server: Postgres, folder: Path) -> Database:
    url = migrated_url(server)
    asyncio.run(_empty(url))
    return Database(folder, url)


@cache
def migrated_url(server: Postgres) -> str:
    asyncio.run(_accepting(server))
    url = address(server, server.new_database())
    asyncio.run(ensure(Path(), url))
    return url


def address(server: Postgres, name: str) -> str:
    return server.url(name).replace("+asyncpg", "")


async def _empty(url: str) -> None:
    connection = await asyncpg.connect(url)
    deletes = [f"DELETE FROM {table.name}" for table in metadata.sorted_tables]
    await connection.execute(
        "; ".join(
            [
                "SET session_replication_role = replica",
                *deletes,
                f"UPDATE alembic_version SET version_num = '{HEAD}'",
            ]
        )
    )
    await connection.close()


async def _accepting(server: Postgres) -> None:
    """A server that has just opened its port may still say that it is starting up."""
    deadline = time.monotonic() + START_S
    while True:
        try:
            connection = await asyncpg.connect(address(server, "postgres"))
        except asyncpg.CannotConnectNowError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.02)
        else:
            return await connection.close()
