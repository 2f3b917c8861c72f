"""A random walk of a shop beside a model of it: words sent once, twice, changed, unheard, while the
power is cut; talks taken, handed over, closed, reopened, recalled; clients that come back.

After every step: nothing acknowledged is missing, none is doubled, both sequences are gap-free, the
order is that of the acknowledgements, everybody has what the model says, and nobody reads what is
not theirs. `MODEL_EXAMPLES=500` walks that often, along new paths; what fails is printed as code.
"""

import os
import shutil
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from console.store import Store, open_store, sqlite_file
from tests.desk.walk import Walk
from tests.servers import Postgres
from tests.store.databases import emptied, migrated_file, migrated_url

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "0"))


class OnSqlite(Walk):
    """A power cut leaves the file and its log as they are at that moment."""

    cuts = 0

    async def first_store(self) -> Store:
        shutil.copy(self.template, sqlite_file(self.folder))
        return await open_store(self.folder, None)

    async def cut_power(self) -> Store:
        self.cuts += 1
        left = self.folder / f"cut {self.cuts}"
        left.mkdir()
        before = sqlite_file(
            self.folder if self.cuts == 1 else self.folder / f"cut {self.cuts - 1}"
        )
        for name in (before.name, f"{before.name}-wal"):
            shutil.copy(before.parent / name, left / name)
        return await open_store(left, None)


class OnPostgres(Walk):
    """A power cut ends every connection at once; what the server has not committed is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.url = emptied(self.template, self.folder).url

    async def first_store(self) -> Store:
        return await open_store(self.folder, self.url)

    async def cut_power(self) -> Store:
        connection = await asyncpg.connect(self.url)
        await connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await connection.close()
        return await open_store(self.folder, self.url)


def walk(machine: type[Walk], template: Any, examples: int) -> None:
    machine.template = template
    run = machine.TestCase
    run.settings = settings(
        max_examples=EXAMPLES or examples,
        stateful_step_count=40,
        deadline=None,
        derandomize=not EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run("runTest").runTest()


def test_a_walk_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> None:
    walk(OnSqlite, migrated_file(tmp_path_factory.getbasetemp()), 12)


def test_a_walk_on_postgresql(postgres: Postgres) -> None:
    migrated_url(postgres)
    walk(OnPostgres, postgres, 4)
