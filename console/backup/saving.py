"""Database to file: one snapshot, table by table, page by page."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from console.backup.archive import (
    FORMAT,
    PRODUCT,
    SECRET,
    UPLOADS,
    Manifest,
    Rows,
    Writer,
    line,
)
from console.backup.progress import Progress
from console.folder import SECRET as SECRET_FILE
from console.model.refusal import Refused
from console.settings import Settings
from console.store import Store, Tx, dump, open_store, places
from console.store.migrate import HEAD, KNOWN, current


async def save(settings: Settings, path: Path, *, force: bool, at: datetime) -> Manifest:
    """Write a backup of the installation, served or not. Raises Refused and leaves no half file."""
    _check_place(path, force=force)
    version = await current(settings.folder, settings.postgres)
    if version is None:
        raise Refused("not_found", f"there is no database yet to back up in {settings.folder}")
    if version not in KNOWN:
        raise Refused(
            "conflict",
            f"the database has schema {version}, this program knows up to {HEAD}: "
            "update the program",
        )
    store = await open_store(settings.folder, settings.postgres)
    try:
        with Writer(path) as writer:
            manifest = await write_rows(store, writer, at=at)
            _write_files(writer, settings.folder)
            writer.seal(manifest)
    finally:
        await store.close()
    return manifest


async def write_rows(store: Store, writer: Writer, *, at: datetime) -> Manifest:
    """All tables as of one moment."""
    progress = Progress("备份 backup")

    async def work(tx: Tx) -> Manifest:
        written = []
        for table in await dump.tables(tx, store.kind):
            rows = 0
            with writer.table(table.name) as member:
                async for page in dump.pages(tx, table):
                    member.write(b"".join(map(line, page)))
                    rows += len(page)
                    progress.add(len(page), table.name)
            written.append(Rows(table.name, list(table.columns), rows))
        return Manifest(
            product=PRODUCT,
            format=FORMAT,
            schema=await dump.revision(tx),
            epoch=await places.note(tx, "epoch") or "",
            at=at.isoformat(timespec="seconds"),
            database=store.kind,
            tables=written,
        )

    return await store.read(work)


def _check_place(path: Path, *, force: bool) -> None:
    if not force and os.path.lexists(path):
        raise Refused("conflict", f"{path} is there already; --force writes over it")


def _write_files(writer: Writer, folder: Path) -> None:
    if (folder / SECRET_FILE).is_file():
        writer.file(SECRET, folder / SECRET_FILE)
    for one in sorted((folder / UPLOADS).rglob("*")):
        if one.is_file():
            with suppress(FileNotFoundError):  # removed since, as its row may be
                writer.file(one.relative_to(folder).as_posix(), one)
