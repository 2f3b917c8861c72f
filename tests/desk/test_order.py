"""Numbers: both sequences gap-free under a crowd, a repeat stored once and numbered once."""

import asyncio
from collections import Counter

import pytest

from console.desk import Desk
from console.events import MessageAdded
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Author
from tests.desk.house import House

SHOPPERS = 5
EACH = 20


async def test_both_orders_are_gap_free_in_a_crowd(house: House) -> None:
    """Five shoppers and two agents, two hundred messages at once, a third of them notes."""
    agents = [await house.agent(name, capacity=SHOPPERS) for name in ("王芳", "李雷")]
    people = [await house.shopper() for _ in range(SHOPPERS)]
    owned: list[tuple[str, Agent]] = []
    for person in people:
        chat: str = (await house.ask(person, "你好")).message.conversation_id
        owner = (await house.conversation(chat)).agent_id
        owned.append((chat, next(one for one in agents if one.id == owner)))
    asked = [house.ask(person, f"第{n}问") for person in people for n in range(EACH)]
    said = [
        house.answer(agent, chat, f"第{n}答", private=n % 3 == 0)
        for chat, agent in owned
        for n in range(EACH)
    ]
    accepted, answered = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*said))
    ids = [one.message.id for one in accepted] + [one.message.id for one in answered]
    assert len(set(ids)) == 2 * SHOPPERS * EACH

    notes = len(range(0, EACH, 3))
    everything = 1 + 2 * EACH
    for chat, _ in owned:
        messages = await house.messages(chat)
        assert [one.seq for one in messages] == list(range(1, everything + 1))
        shown = await house.seen_by_shopper(chat)
        assert [one.shopper_seq for one in shown] == list(range(1, everything - notes + 1))
        assert [one.seq for one in shown] == [one.seq for one in messages if not one.private]
        assert all(one.shopper_seq is None for one in messages if one.private)
        now = await house.conversation(chat)
        assert (now.last_seq, now.shopper_seq) == (everything, everything - notes)
        texts = Counter(one.text for one in messages)
        assert texts == Counter(
            ["你好", *(f"第{n}问" for n in range(EACH)), *(f"第{n}答" for n in range(EACH))]
        )
    told = [(one.message.conversation_id, one.message.seq) for one in house.told(MessageAdded)]
    assert sorted(told) == sorted((c, n) for c, _ in owned for n in range(1, everything + 1))


async def test_first_words_at_once_begin_one_conversation(house: House) -> None:
    person = await house.shopper()
    await asyncio.gather(*(house.ask(person, f"第{n}问") for n in range(EACH)))
    (chat,) = await house.conversations()
    assert [one.seq for one in await house.messages(chat)] == list(range(1, EACH + 1))


async def test_fifty_times_the_same_words_are_stored_once(house: House) -> None:
    person = await house.shopper()
    done = await asyncio.gather(*(house.ask(person, "在吗", key="same-key") for _ in range(50)))
    assert Counter(one.duplicate for one in done) == {True: 49, False: 1}
    assert len({(one.message.id, one.message.seq, one.message.at) for one in done}) == 1
    (chat,) = await house.conversations()
    assert [one.text for one in await house.messages(chat)] == ["在吗"]
    assert (await house.conversation(chat)).last_seq == 1
    assert len(house.told(MessageAdded)) == len(await house.logged("message")) == 1


async def test_fifty_times_the_same_answer_is_stored_once(house: House) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    done = await asyncio.gather(*(house.answer(agent, chat, key="same-key") for _ in range(50)))
    assert Counter(one.duplicate for one in done) == {True: 49, False: 1}
    assert {(one.message.id, one.message.seq) for one in done} == {(done[0].message.id, 2)}
    assert [one.text for one in await house.messages(chat)] == ["在吗", "在的"]
    assert len(await house.logged("answer")) == 1


async def test_a_repeat_takes_no_number_and_changes_nothing(house: House) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    first = await house.ask(person, "在吗", key="key-one")
    chat = first.message.conversation_id
    answered = await house.answer(agent, chat, "在的", key="key-two")
    before, told = await house.conversation(chat), len(house.heard)
    house.clock.forward(minutes=1)

    again = await house.ask(person, "在吗", key="key-one")
    assert again.duplicate
    assert again.message == first.message
    answered_again = await house.answer(agent, chat, "在的", key="key-two")
    assert answered_again.duplicate
    assert answered_again.message == answered.message

    assert await house.conversation(chat) == before
    assert len(house.heard) == told, "a repeat is told to nobody"
    assert (await house.ask(person, "还在吗")).message.seq == 3


async def test_the_same_key_with_other_words_is_a_conflict(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person, "在吗", key="key-one")).message.conversation_id
    other_chat = await house.chat()
    await house.answer(agent, chat, "在的", key="key-two")
    before = [await house.conversation(chat), await house.conversation(other_chat)]

    attempts = [
        house.ask(person, "别的", key="key-one"),
        house.answer(agent, chat, "别的", key="key-two"),
        house.answer(agent, chat, "在的", key="key-two", private=True),
        house.answer(agent, other_chat, "在的", key="key-two"),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match="was used for another message") as no:
            await attempt
        assert no.value.code == "conflict"
    assert [await house.conversation(chat), await house.conversation(other_chat)] == before


async def test_a_key_belongs_to_its_sender(house: House) -> None:
    """Two people who happen to use one key are two senders, and so are both sides of a talk."""
    agent = await house.agent("王芳")
    done = [await house.ask(await house.shopper(), f"我是{n}", key="same-key") for n in range(2)]
    chat = done[0].message.conversation_id
    said = await house.answer(agent, chat, "在的", key="same-key")
    assert [*(one.duplicate for one in done), said.duplicate] == [False, False, False]
    assert [one.author for one in await house.messages(chat)] == [Author.SHOPPER, Author.AGENT]


async def test_a_late_repeat_of_a_closed_talk_begins_nothing(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    first = await house.ask(person, "在吗", key="key-one")
    await desk.floor.close(agent, first.message.conversation_id, None)
    house.clock.forward(hours=100)
    again = await house.ask(person, "在吗", key="key-one")
    assert again.duplicate
    assert again.message == first.message
    assert await house.conversations() == [first.message.conversation_id]
    with pytest.raises(Refused, match="conflict"):
        await house.ask(person, "别的", key="key-one")
    assert await house.conversations() == [first.message.conversation_id]
