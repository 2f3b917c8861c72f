"""Identities that were found to be one customer's, and the contact each of them came with."""

from dataclasses import dataclass

from console.store.tx import Tx

_SAME = """SELECT i.id, i.contact_id FROM identity i
    WHERE i.union_id = $1 AND i.inbox_id = $2 ORDER BY i.created_at, i.id"""
_ADD = """INSERT INTO joined (identity_id, contact_id, at) VALUES ($1, $2, $3)
    ON CONFLICT (identity_id) DO NOTHING"""
_MOVE_TALKS = "UPDATE conversation SET contact_id = $2 WHERE identity_id = $1"
_TALKS = "SELECT id FROM conversation WHERE identity_id = $1 ORDER BY created_at, id"


@dataclass(frozen=True, slots=True)
class Found:
    """An identity of a union id, and whose it is now."""

    identity_id: str
    contact_id: str


async def same(tx: Tx, union_id: str, inbox_id: str) -> list[Found]:
    """Who goes by a union id on an inbox, the oldest first; held until the commit."""
    rows = await tx.all(_SAME + tx.for_update, union_id, inbox_id)
    return [Found(row[0], row[1]) for row in rows]


async def add(tx: Tx, identity_id: str, contact_id: str, at_ms: int) -> bool:
    """Note whose an identity was; False where it was joined once before, whatever came of it."""
    return await tx.run(_ADD, identity_id, contact_id, at_ms) == 1


async def of(tx: Tx, identity_id: str) -> str | None:
    """The contact that an identity came with, where it is joined with others now."""
    row = await tx.one(
        "SELECT contact_id FROM joined WHERE identity_id = $1 AND undone_at IS NULL", identity_id
    )
    return None if row is None else str(row[0])


async def undo(tx: Tx, identity_id: str, at_ms: int) -> None:
    """Never joined by itself again."""
    await tx.run("UPDATE joined SET undone_at = $2 WHERE identity_id = $1", identity_id, at_ms)


async def move(tx: Tx, identity_id: str, contact_id: str) -> list[str]:
    """Give an identity to a contact with all its conversations; which those are."""
    await tx.run("UPDATE identity SET contact_id = $2 WHERE id = $1", identity_id, contact_id)
    await tx.run(_MOVE_TALKS, identity_id, contact_id)
    return [row[0] for row in await tx.all(_TALKS, identity_id)]
