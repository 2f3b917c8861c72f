"""What a backup holds, and that either database takes it in and gives it back the same."""

import json
import stat
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from console.backup import restore, save
from console.settings import Settings
from console.store import Store, Tx, dump, places
from console.store.migrate import HEAD, KNOWN, bring, current
from console.store.schema import metadata
from tests.backup.rows import HARD, contents, everything, fill, settings, without_epoch
from tests.servers import Postgres
from tests.store.databases import Database, address

AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MANY = 8_000
WORDS = "春茶上市" * 100


async def test_every_table_of_the_schema_is_in_it(store: Store, database: Database) -> None:
    await fill(store)
    path = database.data / "b.zip"
    manifest = await save(settings(database), path, force=False, at=AT)
    assert {one.name for one in manifest.tables} == set(metadata.tables)
    assert all(one.rows >= 1 for one in manifest.tables)
    assert manifest.schema == HEAD
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with ZipFile(path) as opened:
        assert json.loads(opened.read("manifest.json"))["database"] == store.kind
        lines = opened.read("tables/message.jsonl").splitlines()
    assert [HARD in json.loads(one) for one in lines] == [True]


async def test_those_referred_to_come_first(store: Store) -> None:
    async def look(tx: Tx) -> list[dump.Table]:
        return await dump.tables(tx, store.kind)

    found = [one.name for one in await store.read(look)]
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            assert found.index(key.column.table.name) <= found.index(table.name)


async def test_from_sqlite_to_postgresql_and_back(
    sqlite_database: Database, postgres: Postgres, tmp_path: Path
) -> None:
    first = await sqlite_database.open()
    await fill(first)
    before = await everything(first)
    await first.close()
    there = Database(tmp_path / "there", address(postgres, postgres.new_database()))
    back = Database(tmp_path / "back", None)
    await save(settings(sqlite_database), tmp_path / "a.zip", force=False, at=AT)
    done = await restore(settings(there), tmp_path / "a.zip", force=False, at=AT)
    assert (done.conversations, done.aside) == (1, None)
    between = await contents(there)
    await save(settings(there), tmp_path / "b.zip", force=False, at=AT)
    await restore(settings(back), tmp_path / "b.zip", force=False, at=AT)
    after = await contents(back)
    assert without_epoch(between) == without_epoch(before)
    assert without_epoch(after) == without_epoch(before)
    assert between["session"] == after["session"] == []
    epochs = {str(one["meta"]) for one in (before, between, after)}
    assert len(epochs) == 3, "every restore is another epoch"


async def test_numbers_go_on_after_those_restored(database: Database, tmp_path: Path) -> None:
    store = await database.open()
    await fill(store)
    await store.close()
    await save(settings(database), tmp_path / "b.zip", force=False, at=AT)
    await restore(settings(database), tmp_path / "b.zip", force=True, at=AT)
    store = await database.open()
    await store.write(
        lambda tx: tx.run("INSERT INTO event (at, shop_id, kind) VALUES (1, 'x', 'new')")
    )
    rows = await store.read(lambda tx: tx.all("SELECT id FROM event ORDER BY id"))
    await store.close()
    assert [one[0] for one in rows] == [2**40, 2**40 + 1]


async def test_what_waited_to_go_out_is_left_to_a_person(
    database: Database, tmp_path: Path
) -> None:
    states = ["queued", "sending", "retry", "sent", "dead"]
    store = await database.open()
    await fill(store)

    async def work(tx: Tx) -> None:
        message = next(one for one in await dump.tables(tx, store.kind) if one.name == "message")
        out = next(one for one in await dump.tables(tx, store.kind) if one.name == "outbox")
        for seq, state in enumerate(states):
            words = {
                "conversation_id": "x", "seq": seq, "id": f"m{seq}", "sender": "a", "body_hash": "",
                "client_id": f"c{seq}", "author_kind": "agent", "kind": "text", "text": "好",
                "at": 1, "delivery": state,
            }  # fmt: skip
            await dump.put(tx, message, list(words), [list(words.values())])
            going = {
                "id": f"o{seq}", "conversation_id": "x", "seq": seq, "inbox_id": "x",
                "state": state, "due_at": 1,
            }  # fmt: skip
            await dump.put(tx, out, list(going), [list(going.values())])

    await store.write(work)
    await store.close()
    await save(settings(database), tmp_path / "b.zip", force=False, at=AT)
    await restore(settings(database), tmp_path / "b.zip", force=True, at=AT)
    store = await database.open()
    sql = """SELECT m.delivery, o.state FROM outbox o JOIN message m
        ON m.conversation_id = o.conversation_id AND m.seq = o.seq WHERE o.id <> 'x'
        ORDER BY o.id"""
    rows = await store.read(lambda tx: tx.all(sql))
    await store.close()
    wanted = ["unconfirmed", "unconfirmed", "unconfirmed", "sent", "dead"]
    assert [tuple(one) for one in rows] == [(one, one) for one in wanted]


async def test_many_words_take_little_memory(sqlite_database: Database, tmp_path: Path) -> None:
    store = await sqlite_database.open()
    await fill(store)

    async def work(tx: Tx) -> None:
        message = next(one for one in await dump.tables(tx, store.kind) if one.name == "message")
        columns = ["conversation_id", "seq", "id", "sender", "client_id", "body_hash"]
        columns += ["author_kind", "kind", "text", "at"]
        rows = (
            ["x", seq, f"m{seq}", "a", f"c{seq}", "", "shopper", "text", WORDS, seq]
            for seq in range(MANY)
        )
        await dump.put(tx, message, columns, rows)

    await store.write(work)
    await store.close()
    small = 4_000_000
    assert MANY * len(WORDS.encode()) > 2 * small
    tracemalloc.start()
    await save(settings(sqlite_database), tmp_path / "b.zip", force=False, at=AT)
    saved = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    target = Settings(data=str(tmp_path / "other"))
    done = await restore(target, tmp_path / "b.zip", force=False, at=AT)
    restored = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.rows > MANY
    assert max(saved, restored) < small, (saved, restored)


@pytest.mark.parametrize("version", KNOWN[:-1])
async def test_an_older_schema_is_brought_up(version: str, tmp_path: Path) -> None:
    data = tmp_path / "old"
    data.mkdir()
    await bring(data, None, version)
    old = Database(data, None)
    store = await old.open()
    await store.write(lambda tx: places.add_shop(tx, "s", "老店", 1))
    await store.close()
    path = tmp_path / "old.zip"
    assert (await save(settings(old), path, force=False, at=AT)).schema == version
    new = Database(tmp_path / "new", None)
    done = await restore(settings(new), path, force=False, at=AT)
    assert done.schema == version
    assert await current(new.data, None) == HEAD
    assert (await contents(new))["shop"][0].count("老店") == 1
