"""Letters: what is to leave next, strictly in order within a conversation; what could not.

A letter leaves only when no earlier one of its conversation is still on its way (R19). Every change
names the state it started from, so that of two who change the same letter one is refused.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from console.model.letter import Letter, Listed
from console.model.people import Agent
from console.model.words import (
    ConversationId,
    Delivery,
    GroupId,
    InboxId,
    Kind,
    from_ms,
    to_ms,
)
from console.store.floor import SEEN
from console.store.tx import Tx

_LETTER = """o.id, o.conversation_id, o.seq, o.inbox_id, o.state, o.created_at, o.since, o.due_at,
    o.attempts, o.tries, o.lease_epoch, o.provider_id, o.reason, o.called_at, o.ended_at, o.parts"""
_WIDTH = 16
# the terms of the partial indexes, word for word: SQLite uses one only then
_NEXT = f"""SELECT {_LETTER}, m.id, m.kind, m.text, m.data, m.at, i.external_id,
        i.id FROM outbox o
    JOIN message m ON m.conversation_id = o.conversation_id AND m.seq = o.seq
    JOIN conversation c ON c.id = o.conversation_id
    JOIN identity i ON i.id = c.identity_id
    WHERE o.inbox_id = $1 AND o.state IN ('queued', 'retry') AND o.due_at <= $2
        AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id
            AND e.seq < o.seq AND e.state IN ('queued', 'sending', 'retry'))
    ORDER BY o.due_at, o.id LIMIT $3"""
_DUE = """SELECT min(o.due_at) FROM outbox o WHERE o.inbox_id = $1
    AND o.state IN ('queued', 'retry') AND o.due_at > $2"""
_ADD = """INSERT INTO outbox (id, conversation_id, seq, inbox_id, state, created_at, since, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""
_SAVE = """UPDATE outbox SET state = $2, since = $3, due_at = $4, attempts = $5, tries = $6,
    lease_epoch = $7, provider_id = $8, reason = $9, called_at = $10, ended_at = $11,
    parts = $15 WHERE id = $1 AND state = $12 AND attempts = $13 AND lease_epoch = $14"""
_MARK = "UPDATE message SET delivery = $3 WHERE conversation_id = $1 AND seq = $2"
_LOST = f"SELECT {_LETTER} FROM outbox o WHERE o.state = 'sending' AND o.lease_epoch <= $1"
_OPEN = "FROM outbox o JOIN conversation c ON c.id = o.conversation_id"
_LISTED = f"""SELECT {_LETTER}, i.kind, i.name, p.id, p.name, m.author_id, m.author_name, m.kind,
        m.text, m.at {_OPEN} JOIN inbox i ON i.id = o.inbox_id JOIN contact p ON p.id = c.contact_id
    JOIN message m ON m.conversation_id = o.conversation_id AND m.seq = o.seq"""
_BY_PLACE = f"""SELECT c.group_id, c.agent_id, count(*) {_OPEN}
    WHERE o.state IN ('dead', 'unconfirmed') AND c.shop_id = $1 GROUP BY c.group_id, c.agent_id"""
_REASONS = """SELECT seq, reason FROM outbox WHERE conversation_id = $1 AND seq >= $2 AND seq <= $3
    AND reason IS NOT NULL"""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A letter with what is in it and who it is for, as the provider knows them."""

    letter: Letter
    message_id: str
    kind: str
    text: str
    data: dict[str, Any] | None
    at: datetime
    person: str
    identity_id: str


async def add(tx: Tx, letter: Letter) -> None:
    await tx.run(
        _ADD,
        letter.id, letter.conversation_id, letter.seq, letter.inbox_id, letter.state,
        to_ms(letter.created_at), to_ms(letter.since), to_ms(letter.due_at),
    )  # fmt: skip


async def ready(tx: Tx, inbox_id: str, now_ms: int, limit: int) -> list[Enclosed]:
    """The next letters of an inbox, one a conversation at most; another's claim is passed by."""
    skip = " FOR UPDATE OF o SKIP LOCKED" if tx.for_update else ""
    rows = await tx.all(_NEXT + skip, inbox_id, now_ms, limit)
    return [
        Enclosed(
            letter=_letter_of(row),
            message_id=row[_WIDTH],
            kind=row[_WIDTH + 1],
            text=row[_WIDTH + 2],
            data=orjson.loads(row[_WIDTH + 3]) if row[_WIDTH + 3] else None,
            at=from_ms(row[_WIDTH + 4]),
            person=row[_WIDTH + 5],
            identity_id=row[_WIDTH + 6],
        )
        for row in rows
    ]


async def next_due(tx: Tx, inbox_id: str, now_ms: int) -> int | None:
    """When the next letter that is not due yet will be."""
    row = await tx.one(_DUE, inbox_id, now_ms)
    return row[0] if row else None


async def lost(tx: Tx, epoch: int) -> list[Letter]:
    """Letters that were being sent under this lease or an earlier one."""
    return [_letter_of(row) for row in await tx.all(_LOST + _update(tx), epoch)]


async def save(tx: Tx, before: Letter, after: Letter) -> bool:
    """Change a letter and its message's tick; False when it is not as it was `before`."""
    touched = await tx.run(
        _SAVE,
        after.id, after.state, to_ms(after.since), to_ms(after.due_at), after.attempts, after.tries,
        after.lease_epoch, after.provider_id, after.reason, _ms(after.called_at),
        _ms(after.ended_at), before.state, before.attempts, before.lease_epoch,
        after.parts,
    )  # fmt: skip
    if touched == 1:
        await tx.run(_MARK, after.conversation_id, after.seq, after.state)
    return touched == 1


async def find(tx: Tx, letter_id: str) -> Letter | None:
    """A letter, its row held."""
    row = await tx.one(f"SELECT {_LETTER} FROM outbox o WHERE o.id = $1{_update(tx)}", letter_id)
    return None if row is None else _letter_of(row)


async def of_message(tx: Tx, conversation_id: str, seq: int) -> Letter | None:
    """The letter of a message, its row held; None where the desk pushes for itself."""
    row = await tx.one(
        f"SELECT {_LETTER} FROM outbox o WHERE o.conversation_id = $1 AND o.seq = $2{_update(tx)}",
        conversation_id, seq,
    )  # fmt: skip
    return None if row is None else _letter_of(row)


async def listed(
    tx: Tx, agent: Agent, states: Collection[Delivery], limit: int
) -> tuple[list[Listed], int]:
    """The letters in some states that an agent may see, the newest first, and how many."""
    # the states are ours, not the agent's, and SQLite takes no list as a parameter
    named = ", ".join(f"'{one.value}'" for one in sorted(states))
    where = f"WHERE o.state IN ({named}) AND {SEEN}"
    who = (agent.shop_id, agent.leads, agent.id)
    rows = await tx.all(f"{_LISTED} {where} ORDER BY m.at DESC, o.id LIMIT $4", *who, limit)
    counted = await tx.one(f"SELECT count(*) {_OPEN} {where}", *who)
    return [_listed_of(row) for row in rows], counted[0] if counted else 0


async def undelivered(tx: Tx, shop_id: str) -> list[tuple[GroupId | None, str | None, int]]:
    """How many letters wait for a person, by group and agent of their conversation."""
    return [(row[0], row[1], row[2]) for row in await tx.all(_BY_PLACE, shop_id)]


async def reasons(tx: Tx, conversation_id: str, first: int, last: int) -> dict[int, str]:
    """By number, why messages from `first` to `last` are not with their reader."""
    return {row[0]: row[1] for row in await tx.all(_REASONS, conversation_id, first, last)}


def _letter_of(row: Sequence[Any]) -> Letter:
    return Letter(
        id=row[0],
        conversation_id=ConversationId(row[1]),
        seq=row[2],
        inbox_id=InboxId(row[3]),
        state=Delivery(row[4]),
        created_at=from_ms(row[5]),
        since=from_ms(row[6]),
        due_at=from_ms(row[7]),
        attempts=row[8],
        tries=row[9],
        lease_epoch=row[10],
        provider_id=row[11],
        reason=row[12],
        called_at=_at(row[13]),
        ended_at=_at(row[14]),
        parts=row[15],
    )


def _listed_of(row: Sequence[Any]) -> Listed:
    kind, inbox, contact_id, contact, author_id, author, said, text, at = row[_WIDTH:]
    return Listed(
        letter=_letter_of(row),
        inbox=(kind, inbox),
        contact=(contact_id, contact),
        author=(author_id, author) if author_id else None,
        kind=Kind(said),
        text=text,
        at=from_ms(at),
    )


def _update(tx: Tx) -> str:
    return " FOR UPDATE OF o" if tx.for_update else ""


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def _at(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
