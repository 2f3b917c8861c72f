"""Offers and proposals come back from either database as they went in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from console.model.offer import Item, Offer, Outcome, joined, judged
from console.model.people import Agent
from console.model.proposal import Proposal
from console.model.words import (
    AgentId,
    Availability,
    ConversationId,
    GroupId,
    Role,
    ShopId,
    to_ms,
)
from console.store import Store, Tx, offers, people, places, proposals, shelf

AT = datetime(2026, 1, 5, 9, 30, 0, 123_000, tzinfo=UTC)
SHOP = ShopId("shop")
FULL = Offer(
    ConversationId("c1"), 3, SHOP, AT, AgentId("agent"), GroupId("group"), "widget", "digest",
    True, (Item("fahuo", 0.8123), Item("tuihuo", 0.41, Outcome.REJECTED)),
)  # fmt: skip
NONE = Offer(ConversationId("c2"), 1, SHOP, AT, None, None, "webhook", "", False, ())
ONE = Proposal("p1", SHOP, "fahuo", "几时发", "几时发？", "agent", "王芳", "c1", 3, AT)
FAHUO = shelf.Shelved("fahuo", {"id": "fahuo", "question": "什么时候发货"}, None, 0, 1, 0, None)


@pytest.fixture
async def filled(store: Store) -> Store:
    async def work(tx: Tx) -> None:
        await places.add_shop(tx, SHOP, "青瓷小店", 0)
        agent = Agent(AgentId("agent"), SHOP, "王芳", Role.AGENT, 5, Availability.BUSY)
        assert await people.add_agent(tx, agent, "", 0)
        await shelf.put(tx, SHOP, FAHUO)

    await store.write(work)
    return store


async def add(store: Store, *many: Offer) -> list[bool]:
    async def work(tx: Tx) -> list[bool]:
        return [await offers.add(tx, one) for one in many]

    return await store.write(work)


async def past(store: Store, at_ms: int, until_ms: int, shop: str = SHOP) -> list[Any]:
    found: list[Any] = []
    after: offers.Key | None = (at_ms, "", 0)
    while after is not None:
        read = partial(offers.past, shop_id=shop, after=after, until_ms=until_ms)
        page, after = await store.read(read)
        found += page
    return found


async def test_an_offer_comes_back_and_is_made_once(store: Store) -> None:
    assert await add(store, FULL, NONE) == [True, True]
    assert await add(store, replace(FULL, items=())) == [False]
    found = await store.write(lambda tx: offers.find(tx, "c1", 3))
    assert found == FULL
    assert await store.write(lambda tx: offers.find(tx, "c2", 1)) == NONE
    assert await store.write(lambda tx: offers.find(tx, "c2", 2)) is None
    sent = judged(FULL, "fahuo", Outcome.EDITED)
    await store.write(lambda tx: offers.save(tx, sent))
    assert await store.write(lambda tx: offers.find(tx, "c1", 3)) == sent


async def test_the_newest_of_a_conversation_come_first(store: Store) -> None:
    await add(store, NONE, *(replace(FULL, for_seq=seq) for seq in (3, 12, 5)))
    found = await store.write(lambda tx: offers.latest(tx, "c1", 2))
    assert [one.for_seq for one in found] == [12, 5]


async def test_all_of_a_time_in_pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "PAGE", 2)
    many = [
        replace(
            FULL, for_seq=seq, conversation_id=ConversationId(chat), at=AT + timedelta(days=day)
        )
        for day, chat, seq in ((-1, "a", 1), (0, "b", 7), (0, "b", 9), (0, "c", 1), (1, "a", 2))
    ]  # fmt: skip
    await add(store, *reversed(many), replace(FULL, shop_id=ShopId("another"), for_seq=99))
    moment, day = to_ms(AT), 86_400_000
    items = [["fahuo", 0.8123, "shown"], ["tuihuo", 0.41, "rejected"]]
    all_of_it = [(to_ms(one.at), "group", "widget", one.wording, items) for one in many]
    assert await past(store, moment, moment + day) == all_of_it[1:]
    assert await past(store, 0, moment + day) == all_of_it
    assert await past(store, 0, moment) == all_of_it[:4]
    assert await past(store, 0, moment, "nobody's") == []


@pytest.mark.parametrize(
    ("outcomes", "end"),
    [
        ([Outcome.REJECTED], Outcome.REJECTED),
        ([Outcome.REJECTED, Outcome.SHOWN], Outcome.SHOWN),
        ([Outcome.REJECTED, Outcome.TAKEN], Outcome.TAKEN),
        ([Outcome.TAKEN, Outcome.REJECTED], Outcome.TAKEN),
        ([Outcome.EDITED, Outcome.TAKEN], Outcome.EDITED),
    ],
)
def test_at_most_one_thing_becomes_of_an_item(outcomes: Sequence[Outcome], end: Outcome) -> None:
    offer = FULL
    for outcome in outcomes:
        offer = judged(offer, "fahuo", outcome)
    assert offer.outcome("fahuo") is end
    assert offer.items[1] == FULL.items[1]
    assert judged(FULL, "unknown", Outcome.TAKEN) == FULL


def test_a_second_offer_for_a_message_adds_what_is_new() -> None:
    again = replace(FULL, items=(Item("tuihuo", 0.5), Item("fapiao", 0.4)))
    assert joined(FULL, again).items == (*FULL.items, Item("fapiao", 0.4))
    assert joined(NONE, FULL).passed


async def test_proposals_of_the_same_words_are_one(filled: Store) -> None:
    async def work(tx: Tx) -> list[bool]:
        again = replace(ONE, id="p2", text="几时发!")
        other = replace(ONE, id="p3", wording="多久发", at=AT + timedelta(seconds=1))
        return [await proposals.add(tx, one) for one in (ONE, again, other)]

    assert await filled.write(work) == [True, False, True]
    found, total = await filled.read(lambda tx: proposals.listed(tx, SHOP, 1))
    assert (found, total) == ([ONE], 2)
    assert await filled.read(lambda tx: proposals.find(tx, SHOP, "p1")) == ONE
    assert await filled.read(lambda tx: proposals.find(tx, "another", "p1")) is None


async def test_a_proposal_waits_out_of_sight_while_its_entry_is_deleted(filled: Store) -> None:
    async def move(revision: int, deleted_at: int | None) -> tuple[list[Proposal], int]:
        moved = replace(FAHUO, revision=revision, deleted_at=deleted_at)
        await filled.write(lambda tx: shelf.put(tx, SHOP, moved))
        return await filled.read(lambda tx: proposals.listed(tx, SHOP, 9))

    await filled.write(lambda tx: proposals.add(tx, ONE))
    assert await move(2, 5) == ([], 0)
    assert await move(3, None) == ([ONE], 1)


async def test_a_proposal_is_taken_back_by_its_own_agent_or_removed(filled: Store) -> None:
    async def withdraw(by: str | None) -> bool:
        return await filled.write(
            lambda tx: proposals.withdraw(tx, SHOP, "fahuo", "几时发", agent_id=by)
        )

    for by in ("agent", None):
        await filled.write(lambda tx: proposals.add(tx, ONE))
        assert not await withdraw("another")
        assert await withdraw(by)
        assert not await withdraw(by)
    await filled.write(lambda tx: proposals.add(tx, ONE))
    assert not await filled.write(lambda tx: proposals.remove(tx, "another", "p1"))
    assert await filled.write(lambda tx: proposals.remove(tx, SHOP, "p1"))
    assert not await filled.write(lambda tx: proposals.remove(tx, SHOP, "p1"))
