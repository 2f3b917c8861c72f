"""PostgreSQL: lost races are run again, a server out of reach is `unavailable`, settings hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from console.model.refusal import Refused
from console.store import Store, Tx, open_store, places
from console.store.postgres import TRIES
from tests.servers import free_port
from tests.store.databases import Database
from tests.store.road import Road


@pytest.fixture
async def store(postgres_database: Database) -> AsyncIterator[Store]:
    opened = await postgres_database.open()
    yield opened
    await opened.close()


async def kept(store: Store) -> list[str]:
    rows = await store.read(lambda tx: tx.all("SELECT key FROM meta ORDER BY key"))
    return [str(row[0]) for row in rows]


@pytest.mark.parametrize("failure", [asyncpg.SerializationError, asyncpg.DeadlockDetectedError])
async def test_a_lost_race_is_run_again(store: Store, failure: type[Exception]) -> None:
    runs = 0

    async def work(tx: Tx) -> int:
        nonlocal runs
        runs += 1
        await places.keep_note(tx, f"run-{runs}", "")
        if runs < 3:
            raise failure
        return runs

    assert await store.write(work) == 3
    assert await kept(store) == ["run-3"], "the runs that lost must leave nothing"


async def test_a_race_lost_for_ever_is_given_up(store: Store) -> None:
    runs = 0

    async def work(tx: Tx) -> None:
        nonlocal runs
        runs += 1
        raise asyncpg.SerializationError

    with pytest.raises(Refused, match=f"gave up after {TRIES}") as no:
        await store.write(work)
    assert (no.value.code, runs) == ("unavailable", TRIES)


async def test_a_real_deadlock_ends_with_both_done(store: Store) -> None:
    await store.write(lambda tx: places.keep_note(tx, "a", "0"))
    await store.write(lambda tx: places.keep_note(tx, "b", "0"))
    met = asyncio.Barrier(2)
    runs = 0

    async def crossing(tx: Tx, first: str, second: str) -> None:
        nonlocal runs
        runs += 1
        await tx.one("SELECT value FROM meta WHERE key = $1" + tx.for_update, first)
        if runs <= 2:
            await met.wait()
        await tx.run("UPDATE meta SET value = value || '+' WHERE key = $1", second)

    await asyncio.gather(
        store.write(lambda tx: crossing(tx, "a", "b")),
        store.write(lambda tx: crossing(tx, "b", "a")),
    )
    rows = await store.read(lambda tx: tx.all("SELECT value FROM meta ORDER BY key"))
    assert [row[0] for row in rows] == ["0+", "0+"]
    assert runs == 3, "one of the two was run again"


async def test_a_unit_that_raises_leaves_nothing(store: Store) -> None:
    async def work(tx: Tx) -> None:
        await places.keep_note(tx, "bad", "")
        raise Refused("conflict", "no")

    with pytest.raises(Refused, match="conflict: no"):
        await store.write(work)
    assert await kept(store) == []


async def test_reads_cannot_write(store: Store) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await store.read(lambda tx: places.keep_note(tx, "a", "b"))
    assert await kept(store) == []


async def test_a_reader_sees_one_snapshot(store: Store) -> None:
    async def twice(tx: Tx) -> tuple[int, int]:
        first = await tx.all("SELECT key FROM meta")
        await store.write(lambda other: places.keep_note(other, "late", ""))
        return len(first), len(await tx.all("SELECT key FROM meta"))

    assert await store.read(twice) == (0, 0)
    assert await kept(store) == ["late"]


async def test_a_connection_cut_in_the_middle_is_unavailable_and_the_next_works(
    store: Store,
) -> None:
    async def cut(tx: Tx) -> None:
        await places.keep_note(tx, "half", "")
        await tx.run("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(Refused) as no:
        await store.write(cut)
    assert no.value.code == "unavailable"
    assert await kept(store) == []
    await store.write(lambda tx: places.keep_note(tx, "whole", ""))
    assert await kept(store) == ["whole"]


async def test_connections_cut_while_idle_are_made_anew(
    store: Store, postgres_database: Database
) -> None:
    await store.write(lambda tx: places.keep_note(tx, "before", ""))
    other = await asyncpg.connect(postgres_database.url)
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await other.close()
    # the driver may learn of the cut from this write, or before it
    with suppress(Refused):
        await store.write(lambda tx: places.keep_note(tx, "between", ""))
    await store.write(lambda tx: places.keep_note(tx, "after", ""))
    await store.write(lambda tx: tx.run("DELETE FROM meta WHERE key = 'between'"))
    assert await kept(store) == ["after", "before"]


@pytest.mark.parametrize(
    "failure",
    [
        asyncpg.AdminShutdownError,
        asyncpg.CannotConnectNowError,
        asyncpg.ConnectionDoesNotExistError,
        asyncpg.DiskFullError,
        asyncpg.TooManyConnectionsError,
        ConnectionResetError,
        TimeoutError,
    ],
)
async def test_what_the_server_says_when_it_cannot_is_unavailable(
    store: Store, failure: type[Exception]
) -> None:
    async def work(tx: Tx) -> None:
        await places.keep_note(tx, "half", "")
        raise failure("as the server says")

    async def look(tx: Tx) -> None:
        raise failure("as the server says")

    with pytest.raises(Refused) as written:
        await store.write(work)
    with pytest.raises(Refused) as read:
        await store.read(look)
    assert (written.value.code, read.value.code) == ("unavailable", "unavailable")
    assert await kept(store) == []


async def test_while_the_server_is_away_nothing_is_acknowledged(
    postgres_database: Database,
) -> None:
    assert postgres_database.url is not None
    async with Road(postgres_database.url) as road:
        opened = await open_store(postgres_database.data, road.url)
        await opened.write(lambda tx: places.keep_note(tx, "before", ""))
        await road.cut()
        for _ in range(2):
            with pytest.raises(Refused) as written:
                await opened.write(lambda tx: places.keep_note(tx, "lost", ""))
            with pytest.raises(Refused) as read:
                await opened.read(lambda tx: places.note(tx, "before"))
            assert (written.value.code, read.value.code) == ("unavailable", "unavailable")
        await road.mend()
        await opened.write(lambda tx: places.keep_note(tx, "after", ""))
        assert await kept(opened) == ["after", "before"]
        await opened.close()


async def test_opening_where_no_server_is_fails(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Connect call failed"):
        await open_store(tmp_path, f"postgresql://postgres@127.0.0.1:{free_port()}/none")


async def test_commits_wait_for_the_disk_where_the_server_says_so(store: Store) -> None:
    """Nothing of ours turns synchronous_commit down: the session has the server's setting."""
    row = await store.write(
        lambda tx: tx.one("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
    )
    assert row is not None
    assert row[0] in ("default", "configuration file", "command line")
