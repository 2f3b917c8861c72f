"""Similar questions that agents propose, until a lead accepts or declines them. The same words for
an entry are one proposal, of whoever came first."""

from collections.abc import Sequence
from typing import Any

from console.model.proposal import Proposal
from console.model.words import from_ms, to_ms
from console.store.tx import Tx

_SHOWN = """SELECT p.id, p.shop_id, p.entry_id, p.wording, p.text, p.agent_id, a.name,
    p.conversation_id, p.seq, p.at FROM proposal p JOIN agent a ON a.id = p.agent_id
    WHERE p.shop_id = $1"""
# those for an entry that was deleted wait until it is back
_WAITING = """ AND EXISTS (SELECT 1 FROM entry e WHERE e.shop_id = p.shop_id
    AND e.id = p.entry_id AND e.deleted_at IS NULL)"""
_ADD = """INSERT INTO proposal (id, shop_id, entry_id, wording, text, agent_id, conversation_id,
    seq, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (shop_id, entry_id, wording) DO NOTHING"""


async def add(tx: Tx, one: Proposal) -> bool:
    """False when these words are proposed for the entry already."""
    touched = await tx.run(
        _ADD,
        one.id, one.shop_id, one.entry_id, one.wording, one.text, one.agent_id,
        one.conversation_id, one.seq, to_ms(one.at),
    )  # fmt: skip
    return touched == 1


async def listed(tx: Tx, shop_id: str, limit: int) -> tuple[list[Proposal], int]:
    """The oldest proposals first, and how many there are."""
    rows = await tx.all(f"{_SHOWN}{_WAITING} ORDER BY p.at, p.id LIMIT $2", shop_id, limit)
    count = await tx.one(f"SELECT count(*) FROM proposal p WHERE p.shop_id = $1{_WAITING}", shop_id)
    return [_proposal(row) for row in rows], count[0] if count else 0


async def find(tx: Tx, shop_id: str, proposal_id: str) -> Proposal | None:
    row = await tx.one(f"{_SHOWN} AND p.id = $2", shop_id, proposal_id)
    return None if row is None else _proposal(row)


async def remove(tx: Tx, shop_id: str, proposal_id: str) -> bool:
    """False when it is gone."""
    sql = "DELETE FROM proposal WHERE shop_id = $1 AND id = $2"
    return await tx.run(sql, shop_id, proposal_id) == 1


async def withdraw(
    tx: Tx, shop_id: str, entry_id: str, wording: str, *, agent_id: str | None = None
) -> bool:
    """Remove what was proposed in these words: an agent's own, or anybody's."""
    touched = await tx.run(
        "DELETE FROM proposal WHERE shop_id = $1 AND entry_id = $2 AND wording = $3"
        " AND ($4 = '' OR agent_id = $4)",
        shop_id, entry_id, wording, agent_id or "",
    )  # fmt: skip
    return touched == 1


def _proposal(row: Sequence[Any]) -> Proposal:
    values: list[Any] = [*row[:9], from_ms(row[9])]
    return Proposal(*values)
