"""Shops and their inboxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from console.model.words import InboxId, ShopId, new_id
from console.store.tx import Tx

_INBOX = "id, shop_id, kind, name, key, config"
_WHOLE = f"{_INBOX}, disabled_at"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One configured channel account; `config` is the adapter's, its secrets still sealed."""

    id: InboxId
    shop_id: ShopId
    kind: str
    name: str
    key: str
    config: dict[str, Any]
    disabled: bool = False


async def add_shop(tx: Tx, shop_id: str, name: str, at_ms: int) -> None:
    await tx.run(
        "INSERT INTO shop (id, name, created_at) VALUES ($1, $2, $3)", shop_id, name, at_ms
    )


async def first_shop(tx: Tx) -> tuple[ShopId, str] | None:
    row = await tx.one("SELECT id, name FROM shop ORDER BY created_at, id LIMIT 1")
    return None if row is None else (ShopId(row[0]), row[1])


async def shop_name(tx: Tx, shop_id: str) -> str:
    row = await tx.one("SELECT name FROM shop WHERE id = $1", shop_id)
    return row[0] if row else ""


async def settings(tx: Tx, shop_id: str, *, lock: bool = False) -> dict[str, Any]:
    """With `lock`, nobody else changes them before the commit."""
    held = tx.for_update if lock else ""
    row = await tx.one(f"SELECT settings FROM shop WHERE id = $1{held}", shop_id)
    return dict(orjson.loads(row[0])) if row else {}


async def save_settings(tx: Tx, shop_id: str, name: str, values: dict[str, Any]) -> None:
    text = orjson.dumps(values).decode()
    await tx.run("UPDATE shop SET name = $2, settings = $3 WHERE id = $1", shop_id, name, text)


async def add_inbox(tx: Tx, row: InboxRow, at_ms: int) -> bool:
    """False when the shop has an inbox of this kind and name."""
    touched = await tx.run(
        f"INSERT INTO inbox ({_INBOX}, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT DO NOTHING",
        row.id, row.shop_id, row.kind, row.name, row.key, orjson.dumps(row.config).decode(), at_ms,
    )  # fmt: skip
    return touched == 1


async def inboxes(tx: Tx) -> list[InboxRow]:
    """Those in use, of all shops."""
    rows = await tx.all(f"SELECT {_WHOLE} FROM inbox WHERE disabled_at IS NULL ORDER BY created_at")
    return [_inbox(row) for row in rows]


async def inboxes_of(tx: Tx, shop_id: str) -> list[InboxRow]:
    """A shop's, the disabled too."""
    rows = await tx.all(
        f"SELECT {_WHOLE} FROM inbox WHERE shop_id = $1 ORDER BY created_at, id", shop_id
    )
    return [_inbox(row) for row in rows]


async def inbox(tx: Tx, inbox_id: str, *, lock: bool = False) -> InboxRow | None:
    """With `lock`, nobody else changes it before the commit."""
    held = tx.for_update if lock else ""
    row = await tx.one(f"SELECT {_WHOLE} FROM inbox WHERE id = $1{held}", inbox_id)
    return None if row is None else _inbox(row)


async def save_inbox(tx: Tx, row: InboxRow) -> bool:
    """Its name and settings; False when the shop has another of this kind and name."""
    touched = await tx.run(
        "UPDATE inbox SET name = $2, config = $3 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM inbox"
        " AS other WHERE other.shop_id = $4 AND other.kind = $5 AND other.name = $2"
        " AND other.id <> $1)",
        row.id, row.name, orjson.dumps(row.config).decode(), row.shop_id, row.kind,
    )  # fmt: skip
    return touched == 1


def _inbox(row: Sequence[Any]) -> InboxRow:
    config = orjson.loads(row[5])
    return InboxRow(
        InboxId(row[0]), ShopId(row[1]), row[2], row[3], row[4], config, row[6] is not None
    )


async def shops(tx: Tx) -> list[ShopId]:
    return [ShopId(row[0]) for row in await tx.all("SELECT id FROM shop ORDER BY created_at, id")]


async def note(tx: Tx, key: str) -> str | None:
    """A fact about the installation itself."""
    row = await tx.one("SELECT value FROM meta WHERE key = $1", key)
    return row[0] if row else None


async def keep_note(tx: Tx, key: str, value: str) -> None:
    await tx.run(
        "INSERT INTO meta (key, value) VALUES ($1, $2)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key, value,
    )  # fmt: skip


async def drop_note(tx: Tx, key: str) -> None:
    await tx.run("DELETE FROM meta WHERE key = $1", key)


async def epoch(tx: Tx) -> str:
    """Which history this database tells: made when missing, another one after a restore. Cursors of
    one epoch mean nothing in another (R13)."""
    await tx.run(
        "INSERT INTO meta (key, value) VALUES ('epoch', $1) ON CONFLICT (key) DO NOTHING", new_id()
    )
    found = await note(tx, "epoch")
    assert found is not None
    return found
