"""SQLite behind one grouped writer: what waits during a commit leaves in the next one.

A unit of work is a coroutine function over `Tx` that awaits nothing but the store. One bad unit
fails alone (R4, R36, traps L9-L13): most have written nothing when they refuse; when one has, all
that share its transaction run again, with a savepoint each. The statements run on the event loop's
own thread: they touch pages in memory and take microseconds, while a hand-over of the interpreter
lock per statement takes milliseconds under load. The commit, which waits for the disk, runs in
aiosqlite's thread. Readers have connections and threads of their own, are `query_only`, and never
checkpoint.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiosqlite

from console.failpoints import Failpoints
from console.model.refusal import Refused
from console.store.tx import T, Work
from console.tasks import spawn
from console.telemetry import StoreFigures, clock

MAX_UNITS = 128
# Seconds of work for the disk; who comes after that is refused, and writes again later (R32).
MAX_WAITING = 16_384
READERS = 2
# Rows in memory as they were last written; all are forgotten when there are more.
MOST_KEPT = 4096

Outcome = tuple[bool, Any]


@lru_cache(maxsize=1024)
def _dialect(sql: str) -> str:
    """`$1` is how PostgreSQL numbers parameters; SQLite writes `?1`."""
    return sql.replace("$", "?")


class SqliteTx:
    """One transaction. Coroutines for the sake of PostgreSQL; here none suspends."""

    for_update = ""

    def __init__(self, connection: sqlite3.Connection, kept: dict[str, Any] | None = None) -> None:
        self.kept = kept
        self._connection = connection

    async def one(self, sql: str, *params: Any) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._connection.execute(_dialect(sql), params).fetchone()
        return row

    async def all(self, sql: str, *params: Any) -> list[Sequence[Any]]:
        return self._connection.execute(_dialect(sql), params).fetchall()

    async def run(self, sql: str, *params: Any) -> int:
        """Returns the number of rows touched."""
        return self._connection.execute(_dialect(sql), params).rowcount

    async def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(_dialect(sql), rows)


class SqliteStore:
    """The store of an installation without a DATABASE_URL. Open it with `open_sqlite`."""

    kind = "sqlite"

    def __init__(
        self,
        writer: aiosqlite.Connection,
        raw: sqlite3.Connection,
        readers: list[aiosqlite.Connection],
        failpoints: Failpoints | None = None,
    ) -> None:
        self._writer = writer
        self._raw = raw
        self._readers = readers
        self._failpoints = failpoints or Failpoints()
        self._turn = 0
        self.figures = StoreFigures()
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._kept: dict[str, Any] = {}
        self._draining = False

    async def write(self, work: Work[T]) -> T:
        """Run one unit in a durable transaction; returns what it returns once that is on disk.

        Raises what the unit raises (its writes are undone, its neighbours' are not), and
        Refused("unavailable") when the commit itself fails, as on a full disk, or too many wait.
        """
        if len(self._waiting) >= MAX_WAITING:
            self.figures.refused_units += 1
            raise Refused("unavailable", f"store: {MAX_WAITING} writes wait already")
        future: asyncio.Future[tuple[float, T]] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if not self._draining:
            self._draining = True
            spawn("store-writer", self._drain())
        self.figures.told, value = await future
        return value

    def waiting(self) -> int:
        """Units that no transaction has taken yet."""
        return len(self._waiting)

    async def read(self, work: Work[T]) -> T:
        """Run one unit of reads on a consistent snapshot."""
        self._turn = (self._turn + 1) % len(self._readers)
        value: T = await _on_thread(self._readers[self._turn], _snapshot, work)
        return value

    async def close(self) -> None:
        for connection in (*self._readers, self._writer):
            await connection.close()

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_UNITS], self._waiting[MAX_UNITS:]
                outcomes = await self._commit([work for work, _ in batch])
                for (_, future), (done, value) in zip(batch, outcomes, strict=True):
                    if future.done():
                        continue
                    if done:
                        future.set_result((self.figures.succeeded_at, value))
                    else:
                        future.set_exception(value)
        finally:
            self._draining = False

    async def _commit(self, works: list[Work[Any]]) -> list[Outcome]:
        begun = self.figures.begun = clock()
        try:
            self._raw.execute("BEGIN IMMEDIATE")
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
            outcomes = _together(self._raw, works, self._kept)
            if outcomes is None:
                self._kept.clear()
                self._raw.execute("ROLLBACK")
                self._raw.execute("BEGIN IMMEDIATE")
                outcomes = [_apart(self._raw, work, self._kept) for work in works]
            self._failpoints.hit("after_insert")
            await self._writer.commit()
            self.figures.committed(len(works), begun)
            self._failpoints.hit("after_commit")
        except (sqlite3.Error, ValueError) as failure:  # ValueError: aiosqlite's "closed"
            self._kept.clear()
            with suppress(sqlite3.ProgrammingError):  # nothing to roll back on a closed one
                if self._raw.in_transaction:
                    self._raw.execute("ROLLBACK")
            self.figures.lost()
            refusal = Refused("unavailable", f"store: cannot commit: {failure}")
            refusal.__cause__ = failure
            return [(False, refusal)] * len(works)
        except BaseException:
            self._kept.clear()
            raise
        finally:
            self.figures.begun = 0.0
        return outcomes


async def open_sqlite(path: Path, failpoints: Failpoints | None = None) -> SqliteStore:
    """Open a migrated file. Raises sqlite3.OperationalError when it cannot be written."""
    opened: list[sqlite3.Connection] = []

    def connector() -> sqlite3.Connection:
        opened.append(
            sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, cached_statements=512
            )
        )
        return opened[0]

    writer = await _prepared(aiosqlite.Connection(connector, 64), query_only=False)
    readers: list[aiosqlite.Connection] = []
    try:
        for _ in range(READERS):
            reader = aiosqlite.connect(path, isolation_level=None, cached_statements=512)
            readers.append(await _prepared(reader, query_only=True))
    except BaseException:
        for connection in (writer, *readers):
            await connection.close()
        raise
    return SqliteStore(writer, opened[0], readers, failpoints)


async def _prepared(connection: aiosqlite.Connection, *, query_only: bool) -> aiosqlite.Connection:
    await connection
    try:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "cache_size=-16000",
            "temp_store=MEMORY",
            "wal_autocheckpoint=0" if query_only else "wal_autocheckpoint=4000",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            await connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        await connection.close()
        raise
    return connection


async def _on_thread(connection: aiosqlite.Connection, run: Callable[..., Any], work: Any) -> Any:
    # aiosqlite offers no public way to run a whole function in its thread, and a hop per statement
    # costs more than the statements; tests/store/test_sqlite.py fails if this name ever goes.
    return await connection._execute(  # type: ignore[no-untyped-call]
        run, connection._conn, work
    )


def _together(
    connection: sqlite3.Connection, works: list[Work[Any]], kept: dict[str, Any]
) -> list[Outcome] | None:
    """One after the other; None when one failed that had written: what it wrote must go."""
    tx = SqliteTx(connection, kept)
    outcomes: list[Outcome] = []
    for work in works:
        before = connection.total_changes
        try:
            outcomes.append((True, _drive(work(tx))))
        except Exception as failure:
            reason = _reason(connection, failure)
            if connection.total_changes != before:
                return None
            outcomes.append((False, reason))
    return outcomes


def _apart(connection: sqlite3.Connection, work: Work[Any], kept: dict[str, Any]) -> Outcome:
    connection.execute("SAVEPOINT unit")
    try:
        value = _drive(work(SqliteTx(connection, kept)))
    except Exception as failure:
        kept.clear()
        reason = _reason(connection, failure)
        connection.execute("ROLLBACK TO unit")
        connection.execute("RELEASE unit")
        return False, reason
    connection.execute("RELEASE unit")
    return True, value


def _reason(connection: sqlite3.Connection, failure: Exception) -> Exception:
    """What the caller is told. Raises when SQLite gave the whole transaction up: disk full, I/O
    error."""
    if not connection.in_transaction:
        raise sqlite3.OperationalError(str(failure)) from failure
    if not isinstance(failure, sqlite3.OperationalError):
        return failure
    refusal = Refused("unavailable", f"store: cannot write: {failure}")
    refusal.__cause__ = failure
    return refusal


def _snapshot(connection: sqlite3.Connection, work: Work[Any]) -> Any:
    connection.execute("BEGIN")
    try:
        return _drive(work(SqliteTx(connection)))
    finally:
        connection.execute("ROLLBACK")


def _drive(work: Awaitable[Any]) -> Any:
    assert isinstance(work, Coroutine)
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise RuntimeError("a unit of work awaited something other than the store")
