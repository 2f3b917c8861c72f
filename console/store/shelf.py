"""The shop's knowledge entries and their revisions. The body of an entry is JSON."""

from collections.abc import Sequence
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
    rows = await tx.all(f"{_THERE} ORDER BY position, id", shop_id)
    return [_shelved(row) for row in rows]


async def find(tx: Tx, shop_id: str, entry_id: str) -> Shelved | None:
    """An entry that is not deleted, its row held."""
    row = await tx.one(f"{_THERE} AND id = $2{tx.for_update}", shop_id, entry_id)
    return None if row is None else _shelved(row)


async def put(tx: Tx, shop_id: str, shelved: Shelved) -> None:
    """Write an entry and its revision, over whatever stood at its id."""
    body = orjson.dumps(shelved.body).decode()
    base = None if shelved.base is None else orjson.dumps(shelved.base).decode()
    await tx.run(
        f"INSERT INTO entry (shop_id, {_SHELVED}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (shop_id, id) DO UPDATE SET body = excluded.body, base = excluded.base,"
        " position = excluded.position, revision = excluded.revision,"
        " updated_at = excluded.updated_at, updated_by = excluded.updated_by, deleted_at = NULL",
        shop_id, shelved.id, body, base, shelved.position, shelved.revision, shelved.updated_at,
        shelved.updated_by,
    )  # fmt: skip
    await tx.run(
        'INSERT INTO entry_revision (shop_id, entry_id, revision, at, "by", body)'
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        shop_id, shelved.id, shelved.revision, shelved.updated_at, shelved.updated_by, body,
    )  # fmt: skip


async def rebase(tx: Tx, shop_id: str, entry_id: str, base: dict[str, Any]) -> None:
    """Remember what a file says of an entry that itself stays as it is."""
    text = orjson.dumps(base).decode()
    await tx.run(
        "UPDATE entry SET base = $3 WHERE shop_id = $1 AND id = $2", shop_id, entry_id, text
    )


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
