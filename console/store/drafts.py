"""Entries and changes that agents propose, and what became of them."""

from collections.abc import Sequence
from typing import Any

import orjson

from console.model.draft import Draft, DraftState
from console.model.words import from_ms, to_ms
from console.store.tx import Tx

_SHOWN = """SELECT d.id, d.shop_id, d.entry_id, d.revision, d.fields, d.note, d.agent_id, a.name,
    d.conversation_id, d.seq, d.at, d.state, b.name, d.decided_at, d.reason
    FROM draft d JOIN agent a ON a.id = d.agent_id LEFT JOIN agent b ON b.id = d.decided_by
    WHERE d.shop_id = $1"""
_ADD = """INSERT INTO draft (id, shop_id, entry_id, revision, fields, note, agent_id,
    conversation_id, seq, at, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting')"""
_DECIDE = """UPDATE draft SET state = $3, decided_by = $4, decided_at = $5, reason = $6,
    entry_id = $7 WHERE shop_id = $1 AND id = $2 AND state = 'waiting'"""


async def add(tx: Tx, one: Draft) -> None:
    await tx.run(
        _ADD,
        one.id, one.shop_id, one.entry_id, one.revision, orjson.dumps(one.fields).decode(),
        one.note, one.agent_id, one.conversation_id, one.seq, to_ms(one.at),
    )  # fmt: skip


async def waiting(tx: Tx, shop_id: str, limit: int) -> tuple[list[Draft], int]:
    """What nobody has decided, the oldest first; and how many there are."""
    sql = f"{_SHOWN} AND d.state = 'waiting' ORDER BY d.at, d.id LIMIT $2"
    rows = await tx.all(sql, shop_id, limit)
    return [_draft(row) for row in rows], await count(tx, shop_id)


async def of_agent(tx: Tx, shop_id: str, agent_id: str, limit: int) -> list[Draft]:
    """What an agent has proposed, the newest first."""
    sql = f"{_SHOWN} AND d.agent_id = $2 ORDER BY d.at DESC, d.id LIMIT $3"
    return [_draft(row) for row in await tx.all(sql, shop_id, agent_id, limit)]


async def count(tx: Tx, shop_id: str, agent_id: str = "") -> int:
    """How many wait: all, or those of an agent."""
    row = await tx.one(
        "SELECT count(*) FROM draft WHERE shop_id = $1 AND state = 'waiting'"
        " AND ($2 = '' OR agent_id = $2)",
        shop_id, agent_id,
    )  # fmt: skip
    return row[0] if row else 0


async def find(tx: Tx, shop_id: str, draft_id: str) -> Draft | None:
    row = await tx.one(f"{_SHOWN} AND d.id = $2", shop_id, draft_id)
    return None if row is None else _draft(row)


async def decide(
    tx: Tx, one: Draft, state: DraftState, *, by: str, at_ms: int, reason: str, entry_id: str | None
) -> bool:
    """False when somebody was first."""
    done = await tx.run(_DECIDE, one.shop_id, one.id, state, by, at_ms, reason, entry_id)
    return done == 1


async def withdraw(tx: Tx, shop_id: str, draft_id: str, agent_id: str) -> bool:
    """Remove an agent's own that waits. False when there is none."""
    done = await tx.run(
        "DELETE FROM draft WHERE shop_id = $1 AND id = $2 AND agent_id = $3 AND state = 'waiting'",
        shop_id, draft_id, agent_id,
    )  # fmt: skip
    return done == 1


def _draft(row: Sequence[Any]) -> Draft:
    decided = None if row[13] is None else from_ms(row[13])
    fields, at, state = orjson.loads(row[4]), from_ms(row[10]), DraftState(row[11])
    values: list[Any] = [*row[:4], fields, *row[5:10], at, state, row[12], decided, row[14] or ""]
    return Draft(*values)
