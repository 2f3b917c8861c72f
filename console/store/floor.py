"""What the agents' lists show: conversations with names, the queue, loads and candidates."""

from collections.abc import Collection, Sequence
from typing import Any

from console.model.conversation import Conversation, Overview
from console.model.people import Agent
from console.model.routing import Candidate
from console.model.words import AgentId, from_ms, to_ms
from console.store import people
from console.store.talk import CONVERSATION, CONVERSATION_WIDTH, conversation_of
from console.store.tx import Tx

_OVERVIEW = f"""SELECT {CONVERSATION}, i.kind, i.name, p.name, a.name, g.name,
        v.url, v.title,
        CASE WHEN c.stage = 'waiting' THEN (SELECT count(*) + 1 FROM conversation w
            WHERE w.shop_id = c.shop_id AND w.stage = 'waiting' AND (w.queued_at < c.queued_at
                OR (w.queued_at = c.queued_at AND w.id < c.id))) END,
        EXISTS (SELECT 1 FROM allowance l WHERE l.identity_id = c.identity_id)
    FROM conversation c
    JOIN inbox i ON i.id = c.inbox_id
    JOIN contact p ON p.id = c.contact_id
    LEFT JOIN agent a ON a.id = c.agent_id
    LEFT JOIN agent_group g ON g.id = c.group_id
    LEFT JOIN page_view v ON v.id = (SELECT max(id) FROM page_view
        WHERE identity_id = c.identity_id)"""
SEEN = """c.shop_id = $1 AND ($2 OR c.group_id IS NULL OR c.agent_id = $3 OR c.group_id IN
    (SELECT group_id FROM group_member WHERE agent_id = $3))"""
_WAITING = "c.shop_id = $1 AND c.stage = 'waiting'"
_CANDIDATES = """SELECT a.id, a.capacity, a.assigned_at, (SELECT count(*) FROM conversation c
        WHERE c.agent_id = a.id AND c.stage = 'open')
    FROM agent a WHERE a.shop_id = $1 AND a.state = 'available' AND a.disabled_at IS NULL
        AND ($2 = '' OR EXISTS (SELECT 1 FROM group_member m
            WHERE m.group_id = $2 AND m.agent_id = a.id))"""
_RECENT_WAITS = """SELECT data FROM event WHERE shop_id = $1 AND kind = 'assigned' AND at > $2
    ORDER BY at DESC LIMIT 50"""


async def overview(tx: Tx, conversation_id: str) -> Overview | None:
    row = await tx.one(f"{_OVERVIEW} WHERE c.id = $1", conversation_id)
    return None if row is None else _overview_of(row)


async def visible(tx: Tx, agent: Agent) -> list[Overview]:
    """Every conversation the agent may see that is not closed, the oldest first."""
    sql = f"{_OVERVIEW} WHERE c.stage IN ('waiting', 'open') AND {SEEN} ORDER BY c.created_at"
    return [_overview_of(row) for row in await tx.all(sql, agent.shop_id, agent.leads, agent.id)]


async def earlier(tx: Tx, conversation: Conversation, limit: int) -> list[Overview]:
    """The same contact's other conversations, newest first."""
    sql = f"""{_OVERVIEW} WHERE c.contact_id = $1 AND c.id <> $2
        ORDER BY c.created_at DESC LIMIT $3"""
    rows = await tx.all(sql, conversation.contact_id, conversation.id, limit)
    return [_overview_of(row) for row in rows]


async def waiting_people(tx: Tx, shop_id: str) -> list[tuple[str, int]]:
    """(identity, place) of everyone who waits, first come first."""
    rows = await tx.all(
        f"SELECT c.identity_id FROM conversation c WHERE {_WAITING} ORDER BY c.queued_at, c.id",
        shop_id,
    )
    return [(row[0], place) for place, row in enumerate(rows, start=1)]


async def next_for(tx: Tx, agent: Agent) -> Conversation | None:
    """The one that waits longest among those the agent may take."""
    sql = f"""SELECT {CONVERSATION} FROM conversation c WHERE {SEEN} AND c.stage = 'waiting'
        ORDER BY c.queued_at, c.id LIMIT 1{tx.for_update}"""
    row = await tx.one(sql, agent.shop_id, agent.leads, agent.id)
    return None if row is None else conversation_of(row)


async def queue(tx: Tx, shop_id: str, groups: Sequence[str], limit: int) -> list[Conversation]:
    """Those who wait for anyone or for one of the groups, first come first, their rows held."""
    named = ", ".join(f"${number}" for number in range(3, 3 + len(groups))) or "''"
    rows = await tx.all(
        f"SELECT {CONVERSATION} FROM conversation c WHERE {_WAITING}"
        f" AND (c.group_id IS NULL OR c.group_id IN ({named}))"
        f" ORDER BY c.queued_at, c.id LIMIT $2{tx.for_update}",
        shop_id,
        limit,
        *groups,
    )
    return [conversation_of(row) for row in rows]


async def waiting_before(tx: Tx, conversation: Conversation) -> int:
    """How many wait in front of a conversation for the same people."""
    assert conversation.queued_at is not None
    row = await tx.one(
        f"SELECT count(*) FROM conversation c WHERE {_WAITING} AND c.id <> $2"
        " AND c.queued_at < $3 AND (c.group_id IS NULL OR c.group_id = $4)",
        conversation.shop_id, conversation.id, to_ms(conversation.queued_at),
        conversation.group_id or "",
    )  # fmt: skip
    return row[0] if row else 0


async def waiting_count(tx: Tx, shop_id: str) -> int:
    row = await tx.one(f"SELECT count(*) FROM conversation c WHERE {_WAITING}", shop_id)
    return row[0] if row else 0


async def load(tx: Tx, agent_id: str) -> int:
    """How many conversations the agent has open."""
    row = await tx.one(
        "SELECT count(*) FROM conversation WHERE agent_id = $1 AND stage = 'open'", agent_id
    )
    return row[0] if row else 0


async def head(tx: Tx, shop_id: str) -> int | None:
    """Since when the first in the queue waits there, in milliseconds."""
    row = await tx.one(f"SELECT min(c.queued_at) FROM conversation c WHERE {_WAITING}", shop_id)
    return row[0] if row else None


async def held_by(tx: Tx, agent_id: str) -> list[Conversation]:
    """What the agent has open, the rows held."""
    rows = await tx.all(
        f"SELECT {CONVERSATION} FROM conversation c WHERE c.agent_id = $1 AND c.stage = 'open'"
        f" ORDER BY c.id{tx.for_update}",
        agent_id,
    )
    return [conversation_of(row) for row in rows]


async def candidates(
    tx: Tx, shop_id: str, group_id: str | None, present: Collection[str]
) -> list[Candidate]:
    """Available agents of the group who are there, with their load as of this transaction.

    On PostgreSQL only those whose rows this unit holds, so that two nodes cannot both fill the last
    place (R25). Who locked all of them first has them all; who comes with a conversation in hand
    does not wait for the others. Locked by a statement of its own, for a later one counts anew.
    """
    if tx.for_update:
        present = await people.lock_free_agents(tx, shop_id) & set(present)
    rows = await tx.all(_CANDIDATES, shop_id, group_id or "")
    return [
        Candidate(AgentId(row[0]), row[3], row[1], from_ms(row[2]) if row[2] else None)
        for row in rows
        if row[0] in present
    ]


async def mark_assigned(tx: Tx, agent_id: str, at_ms: int) -> None:
    await tx.run("UPDATE agent SET assigned_at = $2 WHERE id = $1", agent_id, at_ms)


async def recent_waits(tx: Tx, shop_id: str, since_ms: int) -> list[str]:
    """The event data of the latest assignments, from which the queue's estimate is made."""
    return [row[0] for row in await tx.all(_RECENT_WAITS, shop_id, since_ms) if row[0]]


def _overview_of(row: Sequence[Any]) -> Overview:
    kind, inbox, contact, agent, group, url, title, place, granted = row[CONVERSATION_WIDTH:]
    return Overview(
        conversation_of(row), kind, inbox, contact, agent, group, url, title, place,
        granted=bool(granted),
    )  # fmt: skip
