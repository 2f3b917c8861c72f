"""File to database: read whole, built beside, put in place last. What was there is kept."""

import secrets
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from console import folder
from console.backup.archive import SECRET, UPLOADS, Archive, Rows, examined
from console.backup.progress import Progress
from console.model.refusal import Refused
from console.settings import Settings
from console.store import Store, Tx, dump, open_store
from console.store.migrate import HEAD, KNOWN, bring, current
from console.store.replace import NewFile, NewSchema, replacement

BATCH = 500
# as console/desk/reasons.py writes it out for agents
REASON = "desk:restored:"


@dataclass(frozen=True, slots=True)
class Restored:
    """`aside` holds what was there before, or is None where nothing was."""

    rows: int
    conversations: int
    schema: str
    aside: Path | None


async def restore(settings: Settings, path: Path, *, force: bool, at: datetime) -> Restored:
    """Put a backup in the place of what is there. Raises Refused, having changed nothing."""
    archive = examined(path)
    if archive.manifest.schema not in KNOWN:
        raise Refused(
            "conflict",
            f"{path} has schema {archive.manifest.schema}, this program knows up to {HEAD}: "
            "update the program, nothing was changed",
        )
    folder.prepare(settings.folder)
    with folder.held(settings.folder) as mine:
        if not mine:
            raise Refused(
                "conflict", f"a server is running on {settings.folder}: stop it, then restore"
            )
        new = replacement(settings.folder, settings.postgres)
        before = await _what_is_there(settings, force=force)
        others = await new.others()
        if others:
            raise Refused(
                "conflict",
                f"{others} other connections are open to the database: stop every server that "
                "uses it, then restore",
            )
        return await _replace(settings, archive, new, before=before, at=at)


async def _what_is_there(settings: Settings, *, force: bool) -> bool:
    """Whether anything is; with conversations in it, only `force` lets it be replaced."""
    try:
        version = await current(settings.folder, settings.postgres)
        held = 0 if version is None or force else await _conversations(settings)
    except (Refused, sqlite3.DatabaseError) as unreadable:
        if settings.postgres:
            raise
        if force:
            return True  # a damaged file is what a restore is for
        raise Refused(
            "conflict",
            f"the database in {settings.folder} cannot be read; --force puts the backup in its "
            "place and keeps it aside",
        ) from unreadable
    if version is None:
        return False
    if version not in KNOWN:
        raise Refused(
            "conflict",
            f"the database there has schema {version}, this program knows up to {HEAD}: "
            "update the program, nothing was changed",
        )
    if held:
        raise Refused(
            "conflict",
            f"there are {held} conversations already; --force puts the backup in their place and "
            "keeps them aside",
        )
    return True


async def _conversations(settings: Settings) -> int:
    async with _opened(settings.folder, settings.postgres) as store:
        return await store.read(dump.conversations)


async def _replace(
    settings: Settings,
    archive: Archive,
    new: NewFile | NewSchema,
    *,
    before: bool,
    at: datetime,
) -> Restored:
    aside = _aside(settings.folder, at)
    await new.begin()
    try:
        await bring(new.data, new.url, archive.manifest.schema)
        async with _opened(new.data, new.url) as store:
            await _fill(store, archive)
        if archive.manifest.schema != HEAD:
            await bring(new.data, new.url, HEAD)
        async with _opened(new.data, new.url) as store:
            await store.write(_begin_anew)
            conversations = await store.read(dump.conversations)
        fresh = _unpacked(settings.folder, archive)
        await new.swap(aside)
        _place(settings.folder, fresh, aside)
    finally:
        await new.give_up()
    kept = aside if before or aside.exists() else None
    return Restored(archive.manifest.rows, conversations, archive.manifest.schema, kept)


async def _begin_anew(tx: Tx) -> str:
    return await dump.begin_anew(tx, REASON)


async def _fill(store: Store, archive: Archive) -> None:
    """The new database has the schema of the file, so every table of the file is there."""

    async def look(tx: Tx) -> list[dump.Table]:
        return await dump.tables(tx, store.kind)

    known = await store.read(look)
    rows_of = {one.name: one for one in archive.manifest.tables}
    if rows_of.keys() != {one.name for one in known}:
        strange = sorted(rows_of.keys() ^ {one.name for one in known})
        raise Refused("invalid", f"the backup's tables are not those of its schema: {strange}")
    progress = Progress("恢复 restore", archive.manifest.rows)
    for table in known:
        await _fill_table(store, archive, table, rows_of[table.name], progress)
    if store.kind == "postgresql":
        await store.write(lambda tx: dump.count_on(tx, known))


async def _fill_table(
    store: Store, archive: Archive, table: dump.Table, rows: Rows, progress: Progress
) -> None:
    for batch in archive.batches(rows, BATCH):

        async def work(tx: Tx, batch: list[dump.Row] = batch) -> None:
            await dump.put(tx, table, rows.columns, batch)

        try:
            await store.write(work)
        except Refused:
            raise
        except Exception as wrong:  # the driver's word for a row that its neighbours contradict
            raise Refused(
                "invalid",
                f"the backup's rows of {table.name} do not fit; nothing was changed: {wrong}",
            ) from wrong
        progress.add(len(batch), table.name)
    put = await store.read(lambda tx: dump.count(tx, table))
    if put != rows.rows:
        raise Refused("unavailable", f"{table.name}: {put} of {rows.rows} rows arrived")


def _unpacked(data: Path, archive: Archive) -> Path:
    """The secret and the uploads in a folder of their own, ready to be moved."""
    fresh = data / ".restoring-files"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    for name in archive.files:
        archive.extract(name, fresh / name)
    return fresh


def _place(data: Path, fresh: Path, aside: Path) -> None:
    """Those that were there are moved aside; a secret that the backup has none of stays."""
    for name in (SECRET, UPLOADS):
        old, new = data / name, fresh / name
        if old.exists() and (new.exists() or name == UPLOADS):
            aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            old.rename(aside / name)
        if new.exists():
            new.rename(old)
    shutil.rmtree(fresh)


def _aside(data: Path, at: datetime) -> Path:
    """A name in the data folder that nothing else has, here or in the database."""
    return data / f"before-restore-{at:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


@asynccontextmanager
async def _opened(data: Path, url: str | None) -> AsyncIterator[Store]:
    store = await open_store(data, url)
    try:
        yield store
    finally:
        await store.close()
