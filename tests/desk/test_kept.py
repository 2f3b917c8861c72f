"""What the writer keeps in memory is what the database holds, whatever was taken back."""

import asyncio
from dataclasses import dataclass
from sqlite3 import OperationalError

import msgspec
import pytest

from console.model.refusal import Refused
from console.store import Tx, sqlite, talk
from tests.desk.house import House
from tests.store.databases import Database


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@dataclass
class Talk:
    person: str
    id: str


@pytest.fixture
async def chat(house: House) -> Talk:
    person = await house.shopper()
    accepted = await house.ask(person, "一")
    return Talk(person, accepted.message.conversation_id)


async def seqs(house: House, chat: Talk) -> list[int]:
    return [one.seq for one in await house.messages(chat.id)]


async def numbers(house: House, chat: Talk) -> tuple[int, int]:
    """The last number as the writer reads it, and as the database has it."""
    kept = await house.store.write(lambda tx: talk.latest(tx, chat.person))
    stored = await house.store.read(lambda tx: talk.find(tx, chat.id))
    assert kept == stored
    assert kept is not None
    assert stored is not None
    return kept.last_seq, stored.last_seq


@pytest.mark.parametrize("others", [0, 3])
async def test_a_unit_that_fails_after_it_wrote_leaves_nothing(
    house: House, chat: Talk, others: int
) -> None:
    """Alone, or grouped with others that succeed."""

    async def broken(tx: Tx) -> None:
        found = await talk.latest(tx, chat.person, lock=True)
        assert found is not None
        await talk.move_on(tx, msgspec.structs.replace(found, last_seq=99, shopper_seq=99))
        raise Refused("invalid", "on purpose")

    asking = [house.ask(await house.shopper(), f"别人 {n}") for n in range(others)]
    done = await asyncio.gather(house.store.write(broken), *asking, return_exceptions=True)
    assert isinstance(done[0], Refused)
    assert not any(isinstance(one, BaseException) for one in done[1:])
    assert await numbers(house, chat) == (1, 1)
    await house.ask(chat.person, "二")
    assert await seqs(house, chat) == [1, 2]


async def test_a_commit_that_fails_leaves_nothing(
    house: House, chat: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = house.store
    assert isinstance(store, sqlite.SqliteStore)
    commit = store._writer.commit

    async def full() -> None:
        monkeypatch.setattr(store._writer, "commit", commit)
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(store._writer, "commit", full)
    with pytest.raises(Refused, match="disk is full"):
        await house.ask(chat.person, "二")
    assert await numbers(house, chat) == (1, 1)
    await house.ask(chat.person, "三")
    assert [one.text for one in await house.messages(chat.id)] == ["一", "三"]


async def test_every_verb_is_seen(house: House, chat: Talk) -> None:
    agent = await house.agent("王芳")
    await house.desk.routing.drain(house.shop_id)
    assert await numbers(house, chat) == (1, 1)
    await house.answer(agent, chat.id, "在的")
    await house.desk.floor.read(agent, chat.id, 1)
    assert await numbers(house, chat) == (2, 2)
    await house.ask(chat.person, "多少钱")
    await house.desk.floor.close(agent, chat.id, None)
    assert (await numbers(house, chat))[0] >= 3
    house.clock.forward(hours=48)
    later = await house.ask(chat.person, "又来了")
    assert later.message.conversation_id != chat.id
    newest = await house.store.write(lambda tx: talk.latest(tx, chat.person))
    assert newest is not None
    assert newest.id == later.message.conversation_id


async def test_it_does_not_grow_without_end(
    house: House, chat: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "MOST_KEPT", 3)
    assert isinstance(house.store, sqlite.SqliteStore)
    for n in range(9):
        await house.ask(await house.shopper(), f"{n}")
    assert len(house.store._kept) <= 4
