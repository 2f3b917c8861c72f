"""Conversations and messages come back from either database as they went in."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from console.model.conversation import Conversation, Message
from console.model.people import Agent, Group
from console.model.refusal import Refused
from console.model.words import (
    AgentId,
    Author,
    Availability,
    ContactId,
    ConversationId,
    Delivery,
    GroupId,
    IdentityId,
    InboxId,
    Kind,
    Role,
    ShopId,
    Stage,
)
from console.store import Store, Tx, people, places, talk

AT = datetime(2026, 1, 5, 9, 30, 0, 123_000, tzinfo=UTC)
SHOP = ShopId("shop")


def minutes(number: int) -> datetime:
    return AT + timedelta(minutes=number)


BARE = Conversation(
    ConversationId("bare"), SHOP, InboxId("inbox"), ContactId("contact"), IdentityId("identity"),
    Stage.ROBOT, AT,
)  # fmt: skip
FULL = replace(
    BARE, id=ConversationId("full"), stage=Stage.CLOSED, created_at=minutes(1),
    agent_id=AgentId("agent"), group_id=GroupId("group"), assign_epoch=3, assign_reason="taken",
    waiting_since=minutes(2), queued_at=minutes(3), last_seq=9, shopper_seq=8, unread=7,
    agent_read=6, shopper_read=5, last_text="在吗", last_kind=Kind.ORDER, last_author=Author.ROBOT,
    last_at=minutes(4), closed_at=minutes(5), summary="已解决", rating=4,
)  # fmt: skip
PLAIN = Message(
    "m1", FULL.id, 1, 1, Author.SHOPPER, None, None, Kind.TEXT, "在吗 <b>'\"; -- 😀", AT, "key-1"
)
CARD = Message(
    "m2", FULL.id, 2, None, Author.AGENT, "agent", "王芳", Kind.PRODUCT, "", minutes(1), "key-2",
    data={"title": "青瓷壶", "goods": [{"quantity": 2}]}, private=True, delivery=Delivery.READ,
    recalled_at=minutes(2),
)  # fmt: skip


@pytest.fixture
async def filled(store: Store) -> Store:
    """A store with the people and places that a conversation refers to."""

    async def work(tx: Tx) -> None:
        await places.add_shop(tx, SHOP, "青瓷小店", 0)
        inbox = places.InboxRow(InboxId("inbox"), SHOP, "widget", "default", "key", {})
        assert await places.add_inbox(tx, inbox, 0)
        group = Group(GroupId("group"), "售后")
        await people.add_group(tx, SHOP, group, 0)
        agent = Agent(AgentId("agent"), SHOP, "王芳", Role.AGENT, 5, Availability.BUSY, (group,))
        assert await people.add_agent(tx, agent, "", 0)
        await people.add_contact(tx, "contact", SHOP, "小明", 0)
        await people.add_identity(
            tx, "identity", "inbox", "visitor:1",
            contact_id="contact", name="小明", verified=True, at_ms=0,
        )  # fmt: skip

    await store.write(work)
    return store


@pytest.mark.parametrize("one", [BARE, FULL], ids=["bare", "full"])
async def test_a_conversation_comes_back_as_it_went_in(filled: Store, one: Conversation) -> None:
    await filled.write(lambda tx: talk.insert(tx, one))
    assert await filled.read(lambda tx: talk.find(tx, one.id)) == one
    assert await filled.read(lambda tx: talk.latest(tx, one.identity_id)) == one


async def test_a_saved_conversation_is_what_was_saved(filled: Store) -> None:
    await filled.write(lambda tx: talk.insert(tx, BARE))
    changed = replace(FULL, id=BARE.id, created_at=BARE.created_at)
    await filled.write(lambda tx: talk.save(tx, BARE, changed))
    assert await filled.read(lambda tx: talk.find(tx, BARE.id)) == changed


@pytest.mark.parametrize(
    ("owner", "said"),
    [(FULL.agent_id, "王芳 has this conversation"), (None, "the conversation has moved")],
)
async def test_who_saves_what_was_assigned_anew_is_refused(
    filled: Store, owner: AgentId | None, said: str
) -> None:
    """Compared and set: of two who read the same state one wins, whatever locks they took."""
    await filled.write(lambda tx: talk.insert(tx, FULL))
    first = replace(FULL, assign_epoch=FULL.assign_epoch + 1, agent_id=owner)
    second = replace(first, assign_reason="late")
    await filled.write(lambda tx: talk.save(tx, FULL, first))
    with pytest.raises(Refused, match=said) as no:
        await filled.write(lambda tx: talk.save(tx, FULL, second))
    assert no.value.code == "conflict"
    assert await filled.read(lambda tx: talk.find(tx, FULL.id)) == first


async def test_the_latest_is_the_newest(filled: Store) -> None:
    for one in (FULL, BARE):
        await filled.write(lambda tx, one=one: talk.insert(tx, one))  # type: ignore[misc]
    assert await filled.read(lambda tx: talk.latest(tx, "identity")) == FULL
    assert await filled.read(lambda tx: talk.latest(tx, "nobody")) is None
    assert await filled.read(lambda tx: talk.find(tx, "none")) is None


async def test_messages_come_back_as_they_went_in(filled: Store) -> None:
    await _say(filled, PLAIN, CARD)
    assert await filled.read(lambda tx: talk.after(tx, FULL.id, 0, 10)) == [PLAIN, CARD]
    assert await filled.read(lambda tx: talk.at(tx, FULL.id, 2)) == CARD
    assert await filled.read(lambda tx: talk.shopper_after(tx, FULL.id, 0, 10)) == [PLAIN]


async def test_a_client_id_is_a_sender_s_own(filled: Store) -> None:
    await _say(filled, PLAIN)
    again = replace(PLAIN, id="m9", seq=2, shopper_seq=2, text="别的")
    added = await filled.write(lambda tx: talk.add(tx, again, sender="s:1", body_hash="other"))
    assert not added
    first = await filled.read(lambda tx: talk.first_said(tx, "s:1", PLAIN.client_id))
    assert first == (PLAIN, "hash")
    assert await filled.write(lambda tx: talk.add(tx, again, sender="s:2", body_hash="other"))
    said = [
        await filled.read(lambda tx, s=sender: talk.was_said(tx, s, PLAIN.client_id))  # type: ignore[misc]
        for sender in ("s:1", "s:2", "s:3")
    ]
    assert said == [True, True, False]


async def test_a_number_is_taken_once(filled: Store) -> None:
    await _say(filled, PLAIN)
    same = replace(PLAIN, id="m9", client_id="key-9")
    with pytest.raises(Exception, match=r"(?i)unique"):
        await filled.write(lambda tx: talk.add(tx, same, sender="s:1", body_hash=""))
    assert await filled.read(lambda tx: talk.after(tx, FULL.id, 0, 10)) == [PLAIN]


async def test_numbers_of_both_sides_are_translated(filled: Store) -> None:
    """Notes at 2 and 5: the shopper counts 1, 2, 3 where the desk counts 1, 3, 4."""
    shopper_seqs = [1, None, 2, 3, None]
    await _say(
        filled,
        *(
            replace(PLAIN, id=f"m{n}", seq=n, shopper_seq=seq, client_id=f"key-{n}")
            for n, seq in enumerate(shopper_seqs, start=1)
        ),
    )

    async def both(tx: Tx) -> tuple[list[int], list[int]]:
        desk = [await talk.desk_seq(tx, FULL.id, one) for one in range(5)]
        return desk, [await talk.shopper_seq_of(tx, FULL.id, one) for one in range(7)]

    assert await filled.read(both) == ([0, 1, 3, 4, 4], [0, 1, 1, 2, 3, 3, 3])
    pages = [[one.shopper_seq for one in await _page(filled, after)] for after in range(4)]
    assert pages == [[1, 2], [2, 3], [3], []]


async def _page(store: Store, after: int) -> list[Message]:
    return await store.read(lambda tx: talk.shopper_after(tx, FULL.id, after, 2))


async def _say(store: Store, *messages: Message) -> None:
    async def work(tx: Tx) -> None:
        await talk.insert(tx, FULL)
        for one in messages:
            assert await talk.add(tx, one, sender="s:1", body_hash="hash")

    await store.write(work)
