"""The shop's knowledge entries and their revisions. The body of an entry is JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from console.store.tx import Tx

_SHELVED = "id, body, base, position, revision, updated_at, updated_by"
_THERE = f"SELECT {_SHELVED} FROM entry WHERE shop_id = $1 AND deleted_at IS NULL"


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


async def put(tx: Tx, shop_id: str, shelved: Shelved) -> None:
    """Write an entry and its revision, over whatever stood at its id."""
    await put_rows(tx, shop_id, [as_row(shelved)])


async def put_rows(tx: Tx, shop_id: str, rows: Sequence[Sequence[Any]]) -> None:
    """Write entries and their revisions, over what stood at their ids unless that is as new."""
    await tx.many(
        f"INSERT INTO entry (shop_id, {_SHELVED}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (shop_id, id) DO UPDATE SET body = excluded.body, base = excluded.base,"
        " position = excluded.position, revision = excluded.revision,"
        " updated_at = excluded.updated_at, updated_by = excluded.updated_by, deleted_at = NULL"
        " WHERE entry.revision < excluded.revision",
        [(shop_id, *row) for row in rows],
    )
    await tx.many(
        'INSERT INTO entry_revision (shop_id, entry_id, revision, at, "by", body)'
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        [(shop_id, row[0], row[4], row[5], row[6], row[1]) for row in rows],
    )


def as_row(shelved: Shelved) -> tuple[Any, ...]:
    """What `put_rows` writes."""
    base = None if shelved.base is None else orjson.dumps(shelved.base).decode()
    return (
        shelved.id, orjson.dumps(shelved.body).decode(), base, shelved.position, shelved.revision,
        shelved.updated_at, shelved.updated_by,
    )  # fmt: skip


async def rebase(tx: Tx, shop_id: str, bases: Iterable[tuple[str, str]]) -> None:
    """Remember what a file says of entries that themselves stay as they are: id and JSON."""
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


def _shelved(row: Sequence[Any]) -> Shelved:
    base = orjson.loads(row[2]) if row[2] else None
    return Shelved(row[0], orjson.loads(row[1]), base, *row[3:])
