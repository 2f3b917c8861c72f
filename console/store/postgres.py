"""PostgreSQL behind the same two doors as SQLite: `write` and `read` run a unit of work.

Each unit has a transaction of its own; one that loses a race for a lock is run again, which is why
a unit touches nothing but the store. One that loses its connection is refused as `unavailable`: it
may have been committed, and who sent it repeats it under the same client id (R37, trap L18).
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from console.failpoints import Failpoints
from console.model.refusal import Refused
from console.store.tx import T, Work
from console.telemetry import StoreFigures, clock

COMMAND_TIMEOUT_S = 10
TRIES = 5
MAX_WAITING = 4096  # seconds of work for the pool; who comes after that is refused (R32)
POOL = 10


class PostgresTx:
    """One transaction on one connection."""

    for_update = " FOR UPDATE"
    kept = None

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def one(self, sql: str, *params: Any) -> Sequence[Any] | None:
        row: Sequence[Any] | None = await self._connection.fetchrow(sql, *params)
        return row

    async def all(self, sql: str, *params: Any) -> list[Sequence[Any]]:
        rows: list[Sequence[Any]] = await self._connection.fetch(sql, *params)
        return rows

    async def run(self, sql: str, *params: Any) -> int:
        """Returns the number of rows touched."""
        status: str = await self._connection.execute(sql, *params)
        tail = status.rsplit(" ", 1)[-1]
        return int(tail) if tail.isdigit() else 0

    async def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        await self._connection.executemany(sql, rows)


class PostgresStore:
    """Open it with `open_postgres`."""

    kind = "postgresql"

    def __init__(self, pool: Any, driver: Any, failpoints: Failpoints | None = None) -> None:
        self._pool = pool
        self._failpoints = failpoints or Failpoints()
        self._writing = 0
        self.figures = StoreFigures()
        self._again = (driver.SerializationError, driver.DeadlockDetectedError)
        self._doubled = driver.UniqueViolationError
        self._away = (
            driver.PostgresConnectionError,
            driver.OperatorInterventionError,  # shutting down, starting up, cut by an operator
            driver.InsufficientResourcesError,  # no connection free, disk full
            driver.InterfaceError,
            driver.InternalClientError,  # asyncpg's word for an idle connection just cut
            OSError,
            TimeoutError,
        )

    async def write(self, work: Work[T]) -> T:
        """Run one unit in a transaction; returns what it returns once that is committed.

        Raises what the unit raises, and Refused("unavailable") when the database is out of reach.
        """
        if self._writing >= MAX_WAITING:
            self.figures.refused_units += 1
            raise Refused("unavailable", f"store: {MAX_WAITING} writes wait already")
        begun = clock()
        self.figures.begun = self.figures.begun or begun
        self._writing += 1
        try:
            value = await self._write(work)
            self.figures.told = self.figures.committed(1, begun)
            self.figures.begun = self.figures.told
            return value
        finally:
            self._writing -= 1
            if not self._writing:
                self.figures.begun = 0.0

    def waiting(self) -> int:
        """Units that are not committed yet."""
        return self._writing

    async def read(self, work: Work[T]) -> T:
        """Run one unit of reads on a consistent snapshot."""
        try:
            async with self._pool.acquire(timeout=COMMAND_TIMEOUT_S) as connection:
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    return await work(PostgresTx(connection))
        except self._away as failure:
            raise Refused("unavailable", f"store: database out of reach: {failure}") from failure

    async def close(self) -> None:
        await self._pool.close()

    async def _write(self, work: Work[T]) -> T:
        for attempt in range(TRIES):
            try:
                async with self._pool.acquire(timeout=COMMAND_TIMEOUT_S) as connection:
                    async with connection.transaction():
                        value = await work(PostgresTx(connection))
                        self._failpoints.hit("after_insert")
                self._failpoints.hit("after_commit")
                return value
            except self._doubled:
                if attempt:  # the first time somebody else made it between our look and our insert
                    raise
            except self._again:
                await asyncio.sleep(0.01 * 2**attempt)
            except self._away as failure:
                self.figures.lost()
                raise Refused(
                    "unavailable", f"store: database out of reach: {failure}"
                ) from failure
        raise Refused("unavailable", f"store: gave up after {TRIES} conflicts")


async def open_postgres(url: str, failpoints: Failpoints | None = None) -> PostgresStore:
    """Open a migrated database at a `postgresql://` address."""
    # Deferred: an installation on SQLite never needs it.
    import asyncpg

    pool = await asyncpg.create_pool(
        url, min_size=1, max_size=POOL, command_timeout=COMMAND_TIMEOUT_S
    )
    return PostgresStore(pool, asyncpg, failpoints)
