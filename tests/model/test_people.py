"""Whom a conversation exists for, and the words that cross the store and the wire."""

from datetime import UTC, datetime

import pytest

from console.model.people import Agent, Group
from console.model.refusal import STATUS, Refused
from console.model.words import (
    AgentId,
    Availability,
    GroupId,
    Role,
    ShopId,
    from_ms,
    new_id,
    to_ms,
)

ME, OTHER = AgentId("me"), AgentId("other")
SHOP, ELSEWHERE = ShopId("s1"), ShopId("s2")
MINE, THEIRS = GroupId("mine"), GroupId("theirs")


def agent(role: Role) -> Agent:
    return Agent(ME, SHOP, "王芳", role, 5, Availability.AVAILABLE, (Group(MINE, "售前"),))


@pytest.mark.parametrize(
    ("role", "shop", "group", "owner", "sees"),
    [
        (Role.AGENT, SHOP, None, None, True),
        (Role.AGENT, SHOP, None, OTHER, True),
        (Role.AGENT, SHOP, MINE, None, True),
        (Role.AGENT, SHOP, MINE, OTHER, True),
        (Role.AGENT, SHOP, THEIRS, None, False),
        (Role.AGENT, SHOP, THEIRS, OTHER, False),
        (Role.AGENT, SHOP, THEIRS, ME, True),
        (Role.SUPERVISOR, SHOP, THEIRS, OTHER, True),
        (Role.OWNER, SHOP, THEIRS, None, True),
        (Role.AGENT, ELSEWHERE, None, ME, False),
        (Role.OWNER, ELSEWHERE, None, None, False),
        (Role.SUPERVISOR, ELSEWHERE, MINE, ME, False),
    ],
)
def test_whom_a_conversation_exists_for(
    role: Role, shop: ShopId, group: GroupId | None, owner: AgentId | None, sees: bool
) -> None:
    assert agent(role).may_see(shop, group, owner) is sees


@pytest.mark.parametrize(
    ("role", "leads"), [(Role.AGENT, False), (Role.SUPERVISOR, True), (Role.OWNER, True)]
)
def test_who_leads(role: Role, leads: bool) -> None:
    assert agent(role).leads is leads


def test_ids_are_random_and_short() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(one) == 20 and set(one) <= set("0123456789abcdef") for one in ids)


def test_times_survive_the_store() -> None:
    at = datetime(2026, 11, 22, 9, 30, 0, 123_000, tzinfo=UTC)
    assert to_ms(at) == 1_795_339_800_123
    assert from_ms(to_ms(at)) == at
    assert from_ms(to_ms(at)).tzinfo is UTC


def test_every_code_has_its_status() -> None:
    assert STATUS == {
        "unauthorized": 401,
        "forbidden": 403,
        "not_found": 404,
        "invalid": 400,
        "conflict": 409,
        "too_large": 413,
        "rate_limited": 429,
        "unavailable": 503,
    }
    no = Refused("conflict", "`x` is taken")
    assert (no.code, no.message, str(no)) == ("conflict", "`x` is taken", "conflict: `x` is taken")
