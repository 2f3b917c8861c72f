"""What files did to the shelf: a record each, and what its entries were before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from console.store.tx import Tx

_KEEP = """INSERT INTO shelf_import_entry
        (import_id, entry_id, revision, was, base, left_as, position, deleted_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"""
_RECORD = """SELECT i.id, i.at, i."by", a.name, i.file, i.format, i.counts, i.words, i.undone_at
    FROM shelf_import i LEFT JOIN agent a ON a.id = i."by" AND a.shop_id = i.shop_id
    WHERE i.shop_id = $1"""
_BEFORE = """SELECT b.entry_id, b.revision, b.base, b.left_as, b.position, b.deleted_at, r.body
    FROM shelf_import_entry b LEFT JOIN entry_revision r
        ON r.shop_id = $1 AND r.entry_id = b.entry_id AND r.revision = b.was
    WHERE b.import_id = $2"""


@dataclass(frozen=True, slots=True)
class Record:
    """One import. `by` is an id and a name; `words` are the shop's before and after it, where it
    changed them."""

    id: str
    at: int
    by: tuple[str, str] | None
    file: str
    format: str
    counts: dict[str, int]
    words: tuple[dict[str, Any], dict[str, Any]] | None = None
    undone_at: int | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """An entry before an import that wrote its `revision`, or its base only; without a body there
    was none. `left_as` stands for the base that the import left."""

    id: str
    revision: int | None
    base: str | None
    left_as: str
    position: int | None
    deleted_at: int | None
    body: str | None


async def add(tx: Tx, shop_id: str, record: Record) -> None:
    await tx.run(
        """INSERT INTO shelf_import (id, shop_id, at, "by", file, format, counts, words)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING""",
        record.id, shop_id, record.at, record.by and record.by[0], record.file, record.format,
        _json(record.counts), None if record.words is None else _json(record.words),
    )  # fmt: skip


async def keep(tx: Tx, import_id: str, rows: Iterable[Sequence[Any]]) -> None:
    """Note what entries were: id, the revision written and the one before, base before and what
    stands for the one after, place, and when it had been deleted."""
    await tx.many(_KEEP, [(import_id, *row) for row in rows])


async def find(tx: Tx, shop_id: str, import_id: str) -> Record | None:
    row = await tx.one(f"{_RECORD} AND i.id = $2", shop_id, import_id)
    return None if row is None else _record(row)


async def latest(tx: Tx, shop_id: str, limit: int) -> list[Record]:
    """The newest first."""
    rows = await tx.all(f"{_RECORD} ORDER BY i.at DESC, i.id DESC LIMIT $2", shop_id, limit)
    return [_record(row) for row in rows]


async def before(tx: Tx, shop_id: str, import_id: str) -> Sequence[Sequence[Any]]:
    """What its entries were, as it comes; each makes a `Before`."""
    return await tx.all(_BEFORE, shop_id, import_id)


async def undo(tx: Tx, import_id: str, at: int) -> None:
    await tx.run("UPDATE shelf_import SET undone_at = $2 WHERE id = $1", import_id, at)


def _record(row: Sequence[Any]) -> Record:
    import_id, at, by, name, file, form, counts, words, undone_at = row
    return Record(
        import_id, at, None if by is None else (by, name or ""), file, form,
        orjson.loads(counts), None if words is None else tuple(orjson.loads(words)), undone_at,
    )  # fmt: skip


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
