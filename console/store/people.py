"""Agents, groups and sessions; contacts, their identities and their browsers' tokens."""

from collections.abc import Sequence
from typing import Any

from console.model.people import Agent, Group
from console.model.words import AgentId, Availability, GroupId, Role, ShopId
from console.store.tx import Tx

_AGENT = "a.id, a.shop_id, a.name, a.role, a.capacity, a.state"
_AGENTS = f"SELECT {_AGENT} FROM agent a WHERE a.shop_id = $1 AND a.disabled_at IS NULL"
_GROUPS_OF = """SELECT m.agent_id, g.id, g.name FROM group_member m
    JOIN agent_group g ON g.id = m.group_id WHERE g.shop_id = $1 ORDER BY g.position, g.name"""
_LOCK = "SELECT id FROM agent WHERE shop_id = $1 AND ($2 = '' OR id = $2) ORDER BY id"


async def add_agent(tx: Tx, agent: Agent, password_hash: str, at_ms: int) -> bool:
    """False when the name is taken."""
    touched = await tx.run(
        "INSERT INTO agent (id, shop_id, name, password_hash, role, capacity, state, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        agent.id, agent.shop_id, agent.name, password_hash, agent.role, agent.capacity, agent.state,
        at_ms,
    )  # fmt: skip
    if touched:
        for group in agent.groups:
            await tx.run(
                "INSERT INTO group_member (group_id, agent_id) VALUES ($1, $2)", group.id, agent.id
            )
    return touched == 1


async def agents(tx: Tx, shop_id: str) -> list[Agent]:
    """All agents of a shop by name, each with their groups."""
    groups: dict[str, list[Group]] = {}
    for agent_id, group_id, name in await tx.all(_GROUPS_OF, shop_id):
        groups.setdefault(agent_id, []).append(Group(GroupId(group_id), name))
    rows = await tx.all(f"{_AGENTS} ORDER BY a.name", shop_id)
    return [_agent_of(row, tuple(groups.get(row[0], ()))) for row in rows]


async def agent(tx: Tx, agent_id: str) -> Agent | None:
    row = await tx.one(
        f"SELECT {_AGENT} FROM agent a WHERE a.id = $1 AND a.disabled_at IS NULL", agent_id
    )
    if row is None:
        return None
    rows = await tx.all(
        "SELECT g.id, g.name FROM agent_group g JOIN group_member m ON m.group_id = g.id"
        " WHERE m.agent_id = $1 ORDER BY g.position, g.name",
        agent_id,
    )
    return _agent_of(row, tuple(Group(GroupId(one[0]), one[1]) for one in rows))


async def credentials(tx: Tx, name: str) -> tuple[AgentId, str] | None:
    """The id and password hash behind a login name."""
    row = await tx.one(
        "SELECT id, password_hash FROM agent WHERE name = $1 AND disabled_at IS NULL", name
    )
    return None if row is None else (AgentId(row[0]), row[1])


async def lock_agents(tx: Tx, shop_id: str, agent_id: str = "") -> None:
    """Hold the rows of a shop's agents, or of one, so that load is counted by one at a time (R25).

    Always before a conversation's row: who locks the other way round meets a deadlock. SQLite has
    one writer and no rows to hold.
    """
    if tx.for_update:
        await tx.all(_LOCK + tx.for_update, shop_id, agent_id)


async def lock_free_agents(tx: Tx, shop_id: str) -> set[str]:
    """Hold those agents of a shop whom nobody else holds; who they are. Never waits."""
    rows = await tx.all(f"{_LOCK}{tx.for_update} SKIP LOCKED", shop_id, "")
    return {row[0] for row in rows}


async def set_state(tx: Tx, agent_id: str, state: Availability, reason: str | None) -> None:
    await tx.run(
        "UPDATE agent SET state = $2, state_reason = $3 WHERE id = $1", agent_id, state, reason
    )


async def add_group(tx: Tx, shop_id: str, group: Group, position: int) -> None:
    await tx.run(
        "INSERT INTO agent_group (id, shop_id, name, position) VALUES ($1, $2, $3, $4)",
        group.id, shop_id, group.name, position,
    )  # fmt: skip


async def groups(tx: Tx, shop_id: str) -> list[Group]:
    rows = await tx.all(
        "SELECT id, name FROM agent_group WHERE shop_id = $1 ORDER BY position, name", shop_id
    )
    return [Group(GroupId(row[0]), row[1]) for row in rows]


async def add_session(tx: Tx, token_hash: str, agent_id: str, csrf: str, at_ms: int) -> None:
    await tx.run(
        "INSERT INTO session (token_hash, agent_id, csrf, created_at, seen_at)"
        " VALUES ($1, $2, $3, $4, $4)",
        token_hash, agent_id, csrf, at_ms,
    )  # fmt: skip


async def session(tx: Tx, token_hash: str) -> tuple[AgentId, str, int, int] | None:
    """Agent, csrf token, when it began and when it was last used, in milliseconds."""
    row = await tx.one(
        "SELECT agent_id, csrf, created_at, seen_at FROM session WHERE token_hash = $1", token_hash
    )
    return None if row is None else (AgentId(row[0]), row[1], row[2], row[3])


async def touch_session(tx: Tx, token_hash: str, at_ms: int) -> None:
    await tx.run("UPDATE session SET seen_at = $2 WHERE token_hash = $1", token_hash, at_ms)


async def end_session(tx: Tx, token_hash: str) -> None:
    await tx.run("DELETE FROM session WHERE token_hash = $1", token_hash)


async def stale_sessions(tx: Tx, begun_before: int, seen_before: int) -> list[str]:
    """Sessions too old or too long unused, and those of people who are not agents any more."""
    rows = await tx.all(
        "SELECT s.token_hash FROM session s JOIN agent a ON a.id = s.agent_id"
        " WHERE s.created_at < $1 OR s.seen_at < $2 OR a.disabled_at IS NOT NULL",
        begun_before, seen_before,
    )  # fmt: skip
    return [row[0] for row in rows]


async def visitor(tx: Tx, token_hash: str, inbox_id: str) -> tuple[str, bool] | None:
    """The identity behind a browser's token on this inbox, and whether it is verified."""
    row = await tx.one(
        "SELECT i.id, i.verified FROM visitor v JOIN identity i ON i.id = v.identity_id"
        " WHERE v.token_hash = $1 AND v.inbox_id = $2",
        token_hash, inbox_id,
    )  # fmt: skip
    return None if row is None else (row[0], bool(row[1]))


async def add_visitor(tx: Tx, token_hash: str, identity_id: str, inbox_id: str, at_ms: int) -> None:
    await tx.run(
        "INSERT INTO visitor (token_hash, identity_id, inbox_id, created_at, seen_at)"
        " VALUES ($1, $2, $3, $4, $4)",
        token_hash, identity_id, inbox_id, at_ms,
    )  # fmt: skip


async def add_contact(tx: Tx, contact_id: str, shop_id: str, name: str, at_ms: int) -> None:
    await tx.run(
        "INSERT INTO contact (id, shop_id, name, created_at) VALUES ($1, $2, $3, $4)",
        contact_id, shop_id, name, at_ms,
    )  # fmt: skip


async def contact(tx: Tx, contact_id: str) -> Sequence[Any] | None:
    """(id, name, email, phone, created_at, level)"""
    return await tx.one(
        "SELECT id, name, email, phone, created_at, level FROM contact WHERE id = $1", contact_id
    )


async def describe_contact(
    tx: Tx,
    contact_id: str,
    *,
    name: str | None,
    email: str | None,
    phone: str | None,
    level: str | None = None,
) -> None:
    """Fill in what is now known; what is given as None stays."""
    await tx.run(
        "UPDATE contact SET name = coalesce($2, name), email = coalesce($3, email),"
        " phone = coalesce($4, phone), level = coalesce($5, level) WHERE id = $1",
        contact_id, name, email, phone, level,
    )  # fmt: skip


async def add_identity(
    tx: Tx,
    identity_id: str,
    inbox_id: str,
    external_id: str,
    *,
    contact_id: str,
    name: str,
    verified: bool,
    at_ms: int,
) -> None:
    await tx.run(
        "INSERT INTO identity (id, inbox_id, external_id, contact_id, name, verified, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        identity_id, inbox_id, external_id, contact_id, name, verified, at_ms,
    )  # fmt: skip


async def rename(tx: Tx, identity_id: str, contact_id: str, name: str) -> None:
    """A provider's new name for somebody: of the identity and of the person."""
    await tx.run("UPDATE identity SET name = $2 WHERE id = $1", identity_id, name)
    await tx.run("UPDATE contact SET name = $2 WHERE id = $1", contact_id, name)


async def portray(tx: Tx, identity_id: str, avatar: str | None, union_id: str | None) -> None:
    """What a provider tells of somebody beside the name; what is given as None stays."""
    await tx.run(
        "UPDATE identity SET avatar = coalesce($2, avatar), union_id = coalesce($3, union_id)"
        " WHERE id = $1",
        identity_id, avatar, union_id,
    )  # fmt: skip


async def portrait(tx: Tx, identity_id: str) -> tuple[str | None, str | None]:
    """The picture and the id over several accounts, as far as a provider told."""
    row = await tx.one("SELECT avatar, union_id FROM identity WHERE id = $1", identity_id)
    return (None, None) if row is None else (row[0], row[1])


async def identity(tx: Tx, identity_id: str, *, lock: bool = False) -> Sequence[Any] | None:
    """(id, contact_id, name, external_id)"""
    return await tx.one(
        "SELECT id, contact_id, name, external_id FROM identity WHERE id = $1"
        + (tx.for_update if lock else ""),
        identity_id,
    )


async def identity_by_external(tx: Tx, inbox_id: str, external_id: str) -> Sequence[Any] | None:
    """(id, contact_id, name, external_id)"""
    return await tx.one(
        "SELECT id, contact_id, name, external_id FROM identity"
        " WHERE inbox_id = $1 AND external_id = $2",
        inbox_id, external_id,
    )  # fmt: skip


async def identities(tx: Tx, contact_id: str) -> Sequence[Sequence[Any]]:
    """(inbox kind, inbox name, name, verified, created_at, avatar, id, joined), by age."""
    return await tx.all(
        "SELECT b.kind, b.name, i.name, i.verified, i.created_at, i.avatar, i.id,"
        " EXISTS (SELECT 1 FROM joined j WHERE j.identity_id = i.id AND j.undone_at IS NULL)"
        " FROM identity i"
        " JOIN inbox b ON b.id = i.inbox_id WHERE i.contact_id = $1 ORDER BY i.created_at, i.id",
        contact_id,
    )


async def spend_token(tx: Tx, jti: str, expires_ms: int, now_ms: int) -> bool:
    """False when this token id was used before. Expired ones are forgotten on the way."""
    await tx.run("DELETE FROM used_token WHERE expires_at < $1", now_ms)
    return 1 == await tx.run(
        "INSERT INTO used_token (jti, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        jti, expires_ms,
    )  # fmt: skip


async def add_page(
    tx: Tx, identity_id: str, *, url: str, title: str, product: str | None, at_ms: int
) -> None:
    await tx.run(
        "INSERT INTO page_view (identity_id, url, title, product, at) VALUES ($1, $2, $3, $4, $5)",
        identity_id, url, title, product, at_ms,
    )  # fmt: skip


async def pages(tx: Tx, contact_id: str, limit: int) -> Sequence[Sequence[Any]]:
    """(url, title, product, at), the newest first."""
    return await tx.all(
        "SELECT v.url, v.title, v.product, v.at FROM page_view v"
        " JOIN identity i ON i.id = v.identity_id WHERE i.contact_id = $1"
        " ORDER BY v.id DESC LIMIT $2",
        contact_id, limit,
    )  # fmt: skip


def _agent_of(row: Sequence[Any], groups: tuple[Group, ...]) -> Agent:
    return Agent(
        AgentId(row[0]), ShopId(row[1]), row[2], Role(row[3]), row[4], Availability(row[5]), groups
    )
