"""The grouped writer of SQLite: one bad unit fails alone, a failed commit acknowledges nothing."""

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from console.model.refusal import Refused
from console.store import Store, Tx, places, sqlite_file
from console.store.sqlite import MAX_UNITS
from console.store.tx import Work
from tests.store.databases import Database

BULKY = "x" * 20_000


@pytest.fixture
async def store(sqlite_database: Database) -> AsyncIterator[Store]:
    opened = await sqlite_database.open()
    yield opened
    await opened.close()


def note(key: str, value: str = "there") -> Work[str]:
    """A unit of work that keeps one note and answers with its key."""

    async def work(tx: Tx) -> str:
        await places.keep_note(tx, key, value)
        return key

    return work


async def kept(store: Store) -> list[str]:
    rows = await store.read(lambda tx: tx.all("SELECT key FROM meta ORDER BY key"))
    return [str(row[0]) for row in rows]


async def outcomes(store: Store, *works: Work[str]) -> list[str | BaseException]:
    return await asyncio.gather(*(store.write(one) for one in works), return_exceptions=True)


async def test_what_was_written_is_there_after_opening_again(sqlite_database: Database) -> None:
    first = await sqlite_database.open()
    assert await first.write(note("a")) == "a"
    await first.close()
    second = await sqlite_database.open()
    assert await kept(second) == ["a"]
    await second.close()


async def test_waiting_units_share_transactions(store: Store) -> None:
    """Two thousand units in a few commits: each would otherwise wait for the disk alone."""
    commits: set[int] = set()

    def counted(number: int) -> Work[str]:
        async def work(tx: Tx) -> str:
            row = await tx.one("SELECT count(*) FROM meta WHERE key LIKE 'first-%'")
            assert row is not None
            if number % MAX_UNITS == 0:
                await places.keep_note(tx, f"first-{number}", "")
            commits.add(row[0])
            return ""

        return work

    units = 4 * MAX_UNITS
    done = await outcomes(store, *(counted(number) for number in range(units)))
    assert done == [""] * units
    assert len(commits) <= 6


async def fails(tx: Tx) -> str:
    await places.keep_note(tx, "bad", "")
    raise ValueError("no")


async def refuses(tx: Tx) -> str:
    await places.keep_note(tx, "bad", "")
    raise Refused("conflict", "no")


async def breaks_a_key(tx: Tx) -> str:
    await places.keep_note(tx, "bad", "")
    await tx.run("INSERT INTO meta (key, value) VALUES ('bad', '')")
    return "never"


async def breaks_a_reference(tx: Tx) -> str:
    await tx.run("INSERT INTO session VALUES ('bad', 'no such agent', '', 0, 0)")
    return "never"


async def speaks_nonsense(tx: Tx) -> str:
    await places.keep_note(tx, "bad", "")
    await tx.run("SELEKT")
    return "never"


async def waits_for_something_else(tx: Tx) -> str:
    await places.keep_note(tx, "bad", "")
    await asyncio.sleep(0)
    return "never"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (fails, "no"),
        (refuses, "conflict: no"),
        (breaks_a_key, "UNIQUE constraint failed: meta.key"),
        (breaks_a_reference, "FOREIGN KEY constraint failed"),
        (speaks_nonsense, "unavailable: store: cannot write: near"),
        (waits_for_something_else, "awaited something other than the store"),
    ],
)
async def test_one_bad_unit_fails_alone(
    store: Store, bad: Callable[[Tx], Awaitable[str]], said: str
) -> None:
    before, failure, after = await outcomes(store, note("a"), bad, note("b"))
    assert (before, after) == ("a", "b")
    assert isinstance(failure, Exception)
    assert said in str(failure)
    assert await kept(store) == ["a", "b"]


async def test_a_read_that_awaits_something_else_is_refused(store: Store) -> None:
    with pytest.raises(RuntimeError, match="something other than the store"):
        await store.read(lambda tx: asyncio.sleep(0))
    assert await kept(store) == []


async def test_a_reader_sees_one_snapshot(store: Store) -> None:
    async def twice(tx: Tx) -> tuple[object, object]:
        first = await tx.all("SELECT key FROM meta")
        asyncio.run_coroutine_threadsafe(store.write(note("late")), loop).result(5)
        return first, await tx.all("SELECT key FROM meta")

    loop = asyncio.get_running_loop()
    first, second = await store.read(twice)
    assert first == second == []
    assert await kept(store) == ["late"]


async def test_a_commit_that_fails_acknowledges_nobody(store: Store) -> None:
    async def owes(tx: Tx) -> str:
        await tx.run("PRAGMA defer_foreign_keys = ON")
        return await breaks_a_reference(tx)

    for failure in await outcomes(store, note("a"), owes, note("b")):
        assert isinstance(failure, Refused)
        assert failure.code == "unavailable"
        assert "cannot commit: FOREIGN KEY constraint failed" in failure.message
    assert await kept(store) == []
    assert await store.write(note("c")) == "c"
    assert await kept(store) == ["c"]


async def test_a_disk_that_cannot_take_more_refuses_and_recovers(
    store: Store, sqlite_database: Database
) -> None:
    """The commit itself meets the end of the disk, here the longest file a process may write."""
    assert await store.write(note("before", BULKY)) == "before"
    wal = sqlite_file(sqlite_database.data).with_name("dianxiaoer.db-wal")
    with longest_file(wal.stat().st_size):
        for failure in await outcomes(store, *(note(f"n{i}", BULKY) for i in range(5))):
            assert isinstance(failure, Refused)
            assert failure.code == "unavailable"
        assert await kept(store) == ["before"]
    assert await store.write(note("after", BULKY)) == "after"
    assert await kept(store) == ["after", "before"]


async def test_a_full_database_refuses_the_unit_and_recovers(store: Store) -> None:
    async def cap(tx: Tx) -> None:
        row = await tx.one("PRAGMA page_count")
        assert row is not None
        await tx.run(f"PRAGMA max_page_count = {row[0] + 2}")

    await store.write(cap)
    with pytest.raises(Refused, match="database or disk is full") as full:
        await store.write(note("big", BULKY))
    assert full.value.code == "unavailable"
    await store.write(lambda tx: tx.run("PRAGMA max_page_count = 100000"))
    assert await store.write(note("big", BULKY)) == "big"
    assert await kept(store) == ["big"]


async def test_a_closed_store_says_so(sqlite_database: Database) -> None:
    opened = await sqlite_database.open()
    await opened.close()
    with pytest.raises(Refused) as gone:
        await opened.write(note("late"))
    assert gone.value.code == "unavailable"


async def test_a_writer_who_goes_away_does_not_stop_the_others(store: Store) -> None:
    tasks = [asyncio.ensure_future(store.write(note(f"n{i}"))) for i in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    first, gone, last = await asyncio.gather(*tasks, return_exceptions=True)
    assert (first, last) == ("n0", "n2")
    assert isinstance(gone, asyncio.CancelledError)
    assert {"n0", "n2"} <= set(await kept(store))


@contextmanager
def longest_file(size: int) -> Iterator[None]:
    """No file of this process may grow past `size` meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
