"""Migrated databases for tests: each backend is migrated once a session and copied for a test."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import asyncpg
import pytest

from console.store import Store, open_store, sqlite_file
from console.store.migrate import ensure
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
    server: Postgres = request.getfixturevalue("postgres")
    # not dropped: the server's folder goes with the session
    return Database(tmp_path, address(server, server.new_database(template=migrated(server))))


@pytest.fixture
def sqlite_database(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Database:
    return sqlite_copy(tmp_path, tmp_path_factory)


@pytest.fixture
def postgres_database(postgres: Postgres, tmp_path: Path) -> Iterator[Database]:
    name = postgres.new_database(template=migrated(postgres))
    yield Database(tmp_path, address(postgres, name))
    postgres.drop_database(name)


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


@cache
def migrated(server: Postgres) -> str:
    """The name of a migrated database that nobody is connected to."""
    asyncio.run(_accepting(server))
    name = server.new_database()
    asyncio.run(ensure(Path(), address(server, name)))
    return name


def address(server: Postgres, name: str) -> str:
    return server.url(name).replace("+asyncpg", "")


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
