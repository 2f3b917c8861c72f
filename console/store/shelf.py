"""The shop's knowledge entries and their revisions. The body of an entry is JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from console.store.tx import Tx

Change = Literal["created", "changed", "deleted", "restored", "imported"]

_SHELVED = "id, body, base, position, revision, updated_at, updated_by, deleted_at"
_EVER = f"SELECT {_SHELVED} FROM entry WHERE shop_id = $1"
_THERE = f"{_EVER} AND deleted_at IS NULL"
_PUT = f"""INSERT INTO entry (shop_id, {_SHELVED}, shortcut)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (shop_id, id) DO UPDATE SET body = excluded.body, base = excluded.base,
        position = excluded.position, revision = excluded.revision,
        updated_at = excluded.updated_at, updated_by = excluded.updated_by,
        deleted_at = excluded.deleted_at, shortcut = excluded.shortcut
    WHERE entry.revision < excluded.revision"""
_REVISED = """INSERT INTO entry_revision
        (shop_id, entry_id, revision, at, "by", body, change, batch)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"""
_REVISIONS = """SELECT r.revision, r.at, r."by", a.name, r.change, r.body
    FROM entry_revision r LEFT JOIN agent a ON a.id = r."by" AND a.shop_id = r.shop_id
    WHERE r.shop_id = $1 AND r.entry_id = $2 AND r.revision <= $3
    ORDER BY r.revision DESC LIMIT $4"""


@dataclass(frozen=True, slots=True)
class Shelved:
    """An entry as it lies in the database; `base` is what was last imported from a file."""

    id: str
    body: dict[str, Any]
    base: dict[str, Any] | None
    position: int
    revision: int
    updated_at: int
    updated_by: str | None
    deleted_at: int | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """An entry as one change left it; of a deleted one, as it was. `by` is an id and a name."""

    revision: int
    at: int
    by: tuple[str, str] | None
    change: Change
    body: dict[str, Any]


async def hold(tx: Tx, shop_id: str) -> None:
    """Nobody else writes a shop's entries before the commit. Conversations go on meanwhile: what
    refers to the shop does not wait for this lock."""
    if tx.for_update:
        await tx.one("SELECT 1 FROM shop WHERE id = $1 FOR NO KEY UPDATE", shop_id)


async def entries(tx: Tx, shop_id: str) -> list[Shelved]:
    """All entries of a shop that are not deleted, in the owner's order."""
    return shelved(await rows(tx, shop_id))


async def rows(tx: Tx, shop_id: str, *, deleted: bool = False) -> Sequence[Sequence[Any]]:
    """The same as they come, or the deleted ones; `shelved` makes entries of them, which of ten
    thousand takes a tenth of a second and is for a thread."""
    there = "IS NOT NULL" if deleted else "IS NULL"
    return await tx.all(
        f"SELECT {_SHELVED} FROM entry WHERE shop_id = $1 AND deleted_at {there}"
        " ORDER BY position, id",
        shop_id,
    )


def shelved(found: Sequence[Sequence[Any]]) -> list[Shelved]:
    return [_shelved(row) for row in found]


async def find(tx: Tx, shop_id: str, entry_id: str) -> Shelved | None:
    """An entry that is not deleted, its row held."""
    row = await tx.one(f"{_THERE} AND id = $2{tx.for_update}", shop_id, entry_id)
    return None if row is None else _shelved(row)


async def find_ever(tx: Tx, shop_id: str, entry_id: str) -> Shelved | None:
    """An entry, deleted or not, its row held."""
    row = await tx.one(f"{_EVER} AND id = $2{tx.for_update}", shop_id, entry_id)
    return None if row is None else _shelved(row)


async def put(
    tx: Tx,
    shop_id: str,
    *shelved: Shelved,
    change: Change = "imported",
    batch: str | None = None,
) -> None:
    """Write entries and their revisions, over whatever stood at their ids."""
    await put_rows(tx, shop_id, [as_row(one) for one in shelved], change=change, batch=batch)


async def put_rows(
    tx: Tx,
    shop_id: str,
    rows: Sequence[Sequence[Any]],
    *,
    change: Change = "imported",
    batch: str | None = None,
) -> None:
    """Write entries and their revisions, over what stood at their ids unless that is as new."""
    await tx.many(_PUT, [(shop_id, *row) for row in rows])
    await tx.many(
        _REVISED,
        [(shop_id, row[0], row[4], row[5], row[6], row[1], change, batch) for row in rows],
    )


def as_row(shelved: Shelved) -> tuple[Any, ...]:
    """What `put_rows` writes. A personal entry's shortcut stands in nobody's way."""
    shortcut = None if shelved.body.get("personal") else shelved.body.get("shortcut")
    base = None if shelved.base is None else orjson.dumps(shelved.base).decode()
    return (
        shelved.id, orjson.dumps(shelved.body).decode(), base, shelved.position, shelved.revision,
        shelved.updated_at, shelved.updated_by, shelved.deleted_at, shortcut,
    )  # fmt: skip


async def rebase(tx: Tx, shop_id: str, bases: Iterable[Sequence[Any]]) -> None:
    """Remember what files say of entries that themselves stay as they are: id, and JSON or None."""
    await tx.many(
        "UPDATE entry SET base = $3 WHERE shop_id = $1 AND id = $2",
        [(shop_id, entry_id, base) for entry_id, base in bases],
    )


async def last_revisions(tx: Tx, shop_id: str) -> dict[str, int]:
    """The highest revision that each id ever had."""
    rows = await tx.all(
        "SELECT entry_id, max(revision) FROM entry_revision WHERE shop_id = $1 GROUP BY entry_id",
        shop_id,
    )
    return {row[0]: row[1] for row in rows}


async def last_revision(tx: Tx, shop_id: str, entry_id: str) -> int:
    """The highest revision an id ever had, deleted or not; 0 for a new one."""
    row = await tx.one(
        "SELECT coalesce(max(revision), 0) FROM entry_revision"
        " WHERE shop_id = $1 AND entry_id = $2",
        shop_id, entry_id,
    )  # fmt: skip
    return row[0] if row else 0


async def revisions(
    tx: Tx, shop_id: str, entry_id: str, *, newest: int = 2**53, limit: int
) -> list[Revision]:
    """From `newest` down, the newest first, deleted or not."""
    rows = await tx.all(_REVISIONS, shop_id, entry_id, newest, limit)
    return [
        Revision(
            revision, at, None if by is None else (by, name or ""), change,
            orjson.loads(body) if body else {},
        )
        for revision, at, by, name, change, body in rows
    ]  # fmt: skip


async def begun(tx: Tx, shop_id: str) -> dict[str, int]:
    """When each entry was first written, whatever became of it since."""
    rows = await tx.all(
        "SELECT entry_id, min(at) FROM entry_revision WHERE shop_id = $1 GROUP BY entry_id",
        shop_id,
    )
    return {row[0]: row[1] for row in rows}


async def batch(tx: Tx, shop_id: str, token: str) -> list[tuple[str, int]]:
    """The entries that were written together, and their revisions."""
    rows = await tx.all(
        "SELECT entry_id, revision FROM entry_revision WHERE shop_id = $1 AND batch = $2"
        " ORDER BY entry_id",
        shop_id, token,
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


async def owner_of(tx: Tx, shop_id: str, shortcut: str, *, but: str) -> str | None:
    """Which other entry, if any, has a shortcut."""
    row = await tx.one(
        "SELECT id FROM entry WHERE shop_id = $1 AND shortcut = $2 AND id <> $3"
        " AND deleted_at IS NULL ORDER BY position, id LIMIT 1",
        shop_id, shortcut, but,
    )  # fmt: skip
    return row[0] if row else None


async def ids_like(tx: Tx, shop_id: str, start: str) -> set[str]:
    """The ids that begin so, deleted or not."""
    rows = await tx.all(
        "SELECT id FROM entry WHERE shop_id = $1 AND substr(id, 1, $2) = $3",
        shop_id, len(start), start,
    )  # fmt: skip
    return {row[0] for row in rows}


async def end(tx: Tx, shop_id: str) -> int:
    """The position behind all entries, deleted or not."""
    row = await tx.one(
        "SELECT coalesce(max(position), -1) + 1 FROM entry WHERE shop_id = $1", shop_id
    )
    return row[0] if row else 0


def _shelved(row: Sequence[Any]) -> Shelved:
    base = orjson.loads(row[2]) if row[2] else None
    return Shelved(row[0], orjson.loads(row[1]), base, *row[3:])
