"""Files that providers keep still, by the message they belong to."""

from collections.abc import Sequence
from typing import Any

from console.model.arrival import Arrival
from console.model.words import ConversationId, IdentityId, InboxId, ShopId, from_ms, to_ms
from console.store.tx import Tx

_ADD = """INSERT INTO arrival (conversation_id, seq, inbox_id, media_id, kind, due_at, until)
    VALUES ($1, $2, $3, $4, $5, $6, $7)"""
_DUE = """SELECT a.conversation_id, a.seq, a.inbox_id, a.media_id, a.kind, a.due_at, a.until,
        a.tries, c.shop_id, c.identity_id
    FROM arrival a JOIN conversation c ON c.id = a.conversation_id
    WHERE a.due_at <= $1 ORDER BY a.due_at, a.conversation_id, a.seq LIMIT $2"""
_SAVE = """UPDATE arrival SET due_at = $3, tries = $4
    WHERE conversation_id = $1 AND seq = $2 AND tries = $5"""
_DONE = "DELETE FROM arrival WHERE conversation_id = $1 AND seq = $2"


async def add(tx: Tx, one: Arrival) -> None:
    await tx.run(
        _ADD,
        one.conversation_id, one.seq, one.inbox_id, one.media_id, one.kind, to_ms(one.due_at),
        to_ms(one.until),
    )  # fmt: skip


async def due(tx: Tx, now_ms: int, limit: int) -> list[tuple[Arrival, ShopId, IdentityId]]:
    """Those to be tried now, with whose they will be."""
    rows = await tx.all(_DUE, now_ms, limit)
    return [(_arrival_of(row), ShopId(row[8]), IdentityId(row[9])) for row in rows]


async def next_due(tx: Tx) -> int | None:
    row = await tx.one("SELECT min(due_at) FROM arrival")
    return None if row is None else row[0]


async def save(tx: Tx, before: Arrival, after: Arrival) -> None:
    await tx.run(
        _SAVE,
        after.conversation_id, after.seq, to_ms(after.due_at), after.tries, before.tries,
    )  # fmt: skip


async def done(tx: Tx, one: Arrival) -> bool:
    """False where it is not awaited any more."""
    return await tx.run(_DONE, one.conversation_id, one.seq) == 1


def _arrival_of(row: Sequence[Any]) -> Arrival:
    return Arrival(
        ConversationId(row[0]), row[1], InboxId(row[2]), row[3], row[4],
        due_at=from_ms(row[5]), until=from_ms(row[6]), tries=row[7],
    )  # fmt: skip
