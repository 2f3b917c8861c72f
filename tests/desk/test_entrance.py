"""Agents: added with a name and a password, signed in and out, slowed down when they guess."""

from datetime import timedelta
from typing import Any

import pytest

from console.desk import Desk
from console.desk.tries import LONGEST_PAUSE_S, Tries
from console.events import SessionEnded
from console.model.refusal import Refused
from console.model.words import Availability, Role
from tests.desk.house import House
from tests.store.databases import Database

PASSWORD = "correct-horse-9"
GOOD: dict[str, Any] = {
    "name": "王芳", "password": PASSWORD, "role": Role.AGENT, "capacity": 5, "groups": ["售前"],
}  # fmt: skip


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


async def test_an_agent_is_added_with_groups(house: House, desk: Desk) -> None:
    await desk.entrance.add_agent(house.shop_id, **GOOD)
    (agent,) = await desk.entrance.agents(house.shop_id)
    assert (agent.name, agent.role, agent.capacity) == ("王芳", Role.AGENT, 5)
    assert (agent.state, [one.name for one in agent.groups]) == (Availability.AVAILABLE, ["售前"])
    ((kept,),) = await house.rows("SELECT password_hash FROM agent")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"name": " "}, "invalid", "`name`"),
        ({"name": "长" * 65}, "invalid", "`name`"),
        ({"password": "short-7"}, "invalid", "`password` has 8"),
        ({"password": "x" * 201}, "invalid", "`password`"),
        ({"capacity": -1}, "invalid", "`capacity`"),
        ({"capacity": 1001}, "invalid", "`capacity`"),
        ({"groups": ["售前", "仓库"]}, "not_found", "no group 仓库; there are: 售前, 售中, 售后"),
    ],
)
async def test_an_agent_that_cannot_be(
    house: House, desk: Desk, change: dict[str, Any], code: str, said: str
) -> None:
    with pytest.raises(Refused, match=said) as no:
        await desk.entrance.add_agent(house.shop_id, **(GOOD | change))
    assert no.value.code == code
    assert await desk.entrance.agents(house.shop_id) == []


async def test_a_name_is_taken_once(house: House, desk: Desk) -> None:
    await desk.entrance.add_agent(house.shop_id, **GOOD)
    with pytest.raises(Refused, match="王芳") as no:
        await desk.entrance.add_agent(house.shop_id, **GOOD)
    assert no.value.code == "conflict"
    assert len(await desk.entrance.agents(house.shop_id)) == 1


async def test_signing_in_and_out(house: House, desk: Desk) -> None:
    agent = await desk.entrance.add_agent(house.shop_id, **GOOD)
    token, session = await desk.entrance.sign_in("王芳", PASSWORD, "10.0.0.1")
    assert session.agent == agent
    assert await desk.entrance.session(token) == session
    kept = await house.rows("SELECT token_hash, csrf FROM session")
    assert token not in str(kept)
    assert session.csrf in str(kept)
    other_token, other = await desk.entrance.sign_in("王芳", PASSWORD, "10.0.0.1")
    assert other.csrf != session.csrf
    await desk.entrance.sign_out(session.token_hash)
    assert await desk.entrance.session(token) is None
    assert house.told(SessionEnded) == [SessionEnded(session.token_hash)]
    assert await desk.entrance.session(other_token) == other, "the other browser stays"


@pytest.mark.parametrize("token", ["", "made-up", "x" * 5000])
async def test_a_made_up_session_is_nobody_s(desk: Desk, token: str) -> None:
    assert await desk.entrance.session(token) is None


async def test_a_session_ends_by_idling_and_by_age(house: House, desk: Desk) -> None:
    await desk.entrance.add_agent(house.shop_id, **GOOD)
    token, _ = await desk.entrance.sign_in("王芳", PASSWORD, "10.0.0.1")
    for _ in range(16):
        house.clock.forward(hours=10)
        assert await desk.entrance.session(token) is not None, "used often enough"
    house.clock.forward(hours=9)
    assert await desk.entrance.session(token) is None, "seven days are over"
    token, _ = await desk.entrance.sign_in("王芳", PASSWORD, "10.0.0.1")
    house.clock.now += timedelta(hours=12, seconds=1)
    assert await desk.entrance.session(token) is None, "twelve hours of silence"


async def test_a_hundred_wrong_passwords_are_slowed_down(house: House, desk: Desk) -> None:
    await desk.entrance.add_agent(house.shop_id, **GOOD)
    codes = []
    for number in range(100):
        with pytest.raises(Refused) as no:
            await desk.entrance.sign_in("王芳", f"wrong-{number}", "10.0.0.1")
        codes.append(no.value.code)
    assert codes[:5] == ["unauthorized"] * 5
    assert codes.count("rate_limited") >= 90
    assert await house.rows("SELECT * FROM session") == []


async def test_a_wrong_name_says_no_more_than_a_wrong_password(house: House, desk: Desk) -> None:
    await desk.entrance.add_agent(house.shop_id, **GOOD)
    said = []
    for name in ("王芳", "没有这人"):
        with pytest.raises(Refused) as no:
            await desk.entrance.sign_in(name, "wrong password", "10.0.0.1")
        said.append((no.value.code, no.value.message))
    assert said == [("unauthorized", "name or password is wrong")] * 2


def test_the_pause_doubles_and_ends() -> None:
    now = 0.0
    tries = Tries(lambda: now)
    pauses = []
    for _ in range(20):
        tries.failed(name="王芳")
        pause = 0
        while _paused(tries):
            now, pause = now + 1, pause + 1
        pauses.append(pause)
    assert pauses[:9] == [0, 0, 0, 0, 1, 2, 4, 8, 16]
    assert pauses[-1] == LONGEST_PAUSE_S
    tries.check(name="李雷")
    tries.passed("王芳")
    tries.failed(name="王芳")
    tries.check(name="王芳")


def _paused(tries: Tries) -> bool:
    try:
        tries.check(name="王芳")
    except Refused as no:
        return no.code == "rate_limited"
    return False


def test_many_names_from_one_address_are_slowed_down() -> None:
    tries = Tries(lambda: 0.0)
    for number in range(49):
        tries.failed(name=f"n{number}", address="10.0.0.1")
    tries.check(name="new", address="10.0.0.1")
    tries.failed(name="n49", address="10.0.0.1")
    with pytest.raises(Refused, match="wait"):
        tries.check(name="new", address="10.0.0.1")
    tries.check(name="new", address="10.0.0.2")
