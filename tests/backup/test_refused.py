"""What is not backed up or restored, in a sentence, with nothing changed; and the way back."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import asyncpg
import pytest

from console import folder
from console.backup import restore, save
from console.backup.archive import examined
from console.model.refusal import Refused
from console.settings import Settings
from console.store import sqlite_file
from console.store.migrate import HEAD
from tests.backup.rows import contents, fill, settings
from tests.store.databases import Database

AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
FLIPS = 60


@pytest.fixture
async def shop(sqlite_database: Database) -> Database:
    """A folder with a secret, an upload and a row in every table."""
    store = await sqlite_database.open()
    await fill(store)
    await store.close()
    (sqlite_database.data / "secret").write_text("the old secret of this shop")
    (sqlite_database.data / "uploads/a").mkdir(parents=True)
    (sqlite_database.data / "uploads/a/picture.png").write_bytes(b"\x89PNG\x00")
    return sqlite_database


@pytest.fixture
async def backup(shop: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kept") / "b.zip"
    await save(settings(shop), path, force=False, at=AT)
    return path


def tree(data: Path) -> dict[str, bytes]:
    """Every file but the locks, byte by byte."""
    return {
        str(one.relative_to(data)): one.read_bytes()
        for one in sorted(data.rglob("*"))
        if one.is_file() and one.name != "lock"
    }


def rewritten(path: Path, **changed: bytes | None) -> Path:
    """The same backup with other members; None leaves one out."""
    made = path.with_name("rewritten.zip")
    with ZipFile(path) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            text = changed.pop(name, old.read(name))
            if text is not None:
                new.writestr(name, text)
        for name, text in changed.items():
            if text is not None:
                new.writestr(name, text)
    return made


def content(path: Path) -> bytes:
    return path.read_bytes()


def write(path: Path, text: bytes) -> None:
    path.write_bytes(text)


async def refused(target: Settings, path: Path, *, force: bool = True) -> str:
    before = tree(target.folder)
    with pytest.raises(Refused) as no:
        await restore(target, path, force=force, at=AT)
    assert tree(target.folder) == before
    assert not list(target.folder.glob(".restor*"))
    return no.value.message


async def test_a_file_cut_short(shop: Database, backup: Path) -> None:
    size = len(content(backup))
    for cut in (1, 2, size // 2, size - 10):
        os.truncate(backup, size - cut)
        assert "damaged or no backup" in await refused(settings(shop), backup)


async def test_a_flipped_byte_is_noticed_or_harmless(
    shop: Database, backup: Path, tmp_path: Path
) -> None:
    whole = content(backup)
    fine = await contents(shop)
    noticed = 0
    for number in range(FLIPS):
        place = number * len(whole) // FLIPS
        other = bytes([whole[place] ^ 0x55])
        write(backup, whole[:place] + other + whole[place + 1 :])
        try:
            archive = examined(backup)
        except Refused:
            noticed += 1
            continue
        rows = {
            one.name: [row for batch in archive.batches(one, 10) for row in batch]
            for one in archive.manifest.tables
        }
        assert {name: len(found) for name, found in rows.items()} == {
            name: len(found) for name, found in fine.items()
        }
    assert noticed > FLIPS / 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tables/shop.jsonl": None}, "damaged or no backup"),
        ({"tables/shop.jsonl": b'["x"]\n'}, "shop: line 1 is no row"),
        ({"tables/shop.jsonl": b""}, "shop: 0 rows, 2 were promised"),
        ({"manifest.json": None}, "damaged or no backup"),
        ({"manifest.json": b'{"product": "other"}'}, "damaged or no backup"),
        ({"../secret": b"x"}, "does not belong in a backup"),
        ({"uploads/../secret": b"x"}, "does not belong in a backup"),
        ({"/etc/passwd": b"x"}, "does not belong in a backup"),
        ({"dianxiaoer.db": b"x"}, "does not belong in a backup"),
    ],
)
async def test_what_is_no_backup(
    shop: Database, backup: Path, change: dict[str, bytes | None], sentence: str
) -> None:
    assert sentence in await refused(settings(shop), rewritten(backup, **change))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (f'"schema":"{HEAD}"', '"schema":"9999"', f"knows up to {HEAD}: update the program"),
        ('"format":1', '"format":9', "reads up to 1: update the program"),
        ('"product":"dianxiaoer"', '"product":"other"', "it is of other"),
    ],
)
async def test_a_file_of_another_program(
    shop: Database, backup: Path, old: str, new: str, sentence: str
) -> None:
    with ZipFile(backup) as opened:
        manifest = opened.read("manifest.json").decode()
    assert old in manifest
    changed = rewritten(backup, **{"manifest.json": manifest.replace(old, new).encode()})
    assert sentence in await refused(settings(shop), changed)


async def test_rows_that_do_not_fit_leave_all_as_it_was(shop: Database, backup: Path) -> None:
    """Right as a file, wrong as a database: a conversation without its contact."""
    with ZipFile(backup) as opened:
        row = opened.read("tables/contact.jsonl").replace(b'["x"', b'["y"', 1)
    changed = rewritten(backup, **{"tables/contact.jsonl": row})
    assert "rows of identity do not fit" in await refused(settings(shop), changed)


async def test_conversations_are_replaced_by_force_only(shop: Database, backup: Path) -> None:
    sentence = await refused(settings(shop), backup, force=False)
    assert sentence.startswith("there are 1 conversations already; --force")
    before, rows = tree(shop.data), await contents(shop)
    (shop.data / "secret").write_text("another secret")
    done = await restore(settings(shop), backup, force=True, at=AT)
    assert (shop.data / "secret").read_text() == "the old secret of this shop"
    assert (shop.data / "uploads/a/picture.png").read_bytes() == b"\x89PNG\x00"
    assert (await contents(shop))["meta"] != rows["meta"]
    assert done.aside is not None
    for one in done.aside.iterdir():  # the way back, as the README has it
        there = shop.data / one.name
        if there.is_dir():
            shutil.rmtree(there)
        one.replace(there)
    done.aside.rmdir()
    assert await contents(shop) == rows
    assert tree(shop.data).keys() == before.keys()
    assert (shop.data / "secret").read_text() == "another secret"


async def test_a_damaged_database_is_replaced_by_force_only(shop: Database, backup: Path) -> None:
    rows = await contents(shop)
    sqlite_file(shop.data).write_bytes(b"no database at all" * 100)
    assert "cannot be read; --force" in await refused(settings(shop), backup, force=False)
    done = await restore(settings(shop), backup, force=True, at=AT)
    assert (await contents(shop))["message"] == rows["message"]
    assert done.aside is not None
    assert (done.aside / "dianxiaoer.db").read_bytes().startswith(b"no database at all")


async def test_a_held_folder(shop: Database, backup: Path) -> None:
    with folder.held(shop.data) as mine:
        assert mine
        assert "stop it, then restore" in await refused(settings(shop), backup)


async def test_a_newer_database_is_not_replaced(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    await save(settings(database), path, force=False, at=AT)
    store = await database.open()
    await store.write(lambda tx: tx.run("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    for force in (False, True):
        with pytest.raises(Refused, match="has schema 9999, this program knows up to"):
            await restore(settings(database), path, force=force, at=AT)
    with pytest.raises(Refused, match="has schema 9999, this program knows up to"):
        await save(settings(database), tmp_path / "c.zip", force=False, at=AT)
    assert not (tmp_path / "c.zip").exists()


async def test_a_connected_postgresql_is_not_replaced(
    postgres_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "b.zip"
    await save(settings(postgres_database), path, force=False, at=AT)
    other = await asyncpg.connect(postgres_database.url)
    with pytest.raises(Refused, match="1 other connections are open"):
        await restore(settings(postgres_database), path, force=True, at=AT)
    await other.close()


async def test_postgresql_keeps_what_was_there_in_a_schema(
    postgres_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "b.zip"
    await save(settings(postgres_database), path, force=False, at=AT)
    store = await postgres_database.open()
    await fill(store)
    await store.close()
    done = await restore(settings(postgres_database), path, force=True, at=AT)
    assert done.aside is not None
    assert (await contents(postgres_database))["message"] == []
    connection = await asyncpg.connect(postgres_database.url)
    kept = await connection.fetchval(f'SELECT count(*) FROM "{done.aside.name}".message')
    left = await connection.fetchval(
        "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%restoring%'"
    )
    await connection.execute(f'DROP SCHEMA "{done.aside.name}" CASCADE')
    await connection.close()
    assert (kept, left) == (1, 0)


async def test_where_a_backup_cannot_go(shop: Database, tmp_path: Path) -> None:
    path = tmp_path / "there"
    path.write_text("precious")
    with pytest.raises(Refused, match="is there already; --force"):
        await save(settings(shop), path, force=False, at=AT)
    assert path.read_text() == "precious"
    await save(settings(shop), path, force=True, at=AT)
    assert path.read_bytes()[:2] == b"PK"
    with pytest.raises(Refused, match="cannot be written: No such file"):
        await save(settings(shop), tmp_path / "nowhere/b.zip", force=False, at=AT)
    with pytest.raises(Refused, match="cannot be written: Is a directory"):
        await save(settings(shop), shop.data, force=True, at=AT)
    assert not [one for one in os.listdir(tmp_path) if one.endswith(".new")]


async def test_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no database yet"):
        await save(Settings(data=str(tmp_path)), tmp_path / "b.zip", force=False, at=AT)
    with pytest.raises(Refused, match="no such file"):
        await restore(Settings(data=str(tmp_path)), tmp_path / "b.zip", force=False, at=AT)
