"""What agents say: answers, notes, reading, typing, recalls."""

import pytest

from console.desk import Desk
from console.events import (
    ConversationChanged,
    MessageAdded,
    QueueMoved,
    ReadByAgent,
    Recalled,
    Typing,
)
from console.model.refusal import Refused
from console.model.words import Author, Availability, Delivery, Role, Stage
from tests.desk.house import House


async def test_an_answer_of_the_one_who_has_the_talk(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    house.clock.forward(seconds=12)
    house.heard.clear()
    said = await desk.floor.say(
        agent, chat, client_id="key-one", text="48 小时内",
        suggestion={"entry": "fahuo", "edited": True},
    )  # fmt: skip
    message = said.message
    assert (message.seq, message.shopper_seq, said.duplicate) == (2, 2, False)
    assert (message.author, message.author_id, message.author_name) == (
        Author.AGENT, agent.id, "王芳",
    )  # fmt: skip
    assert (message.at, message.delivery) == (house.clock.now, Delivery.SENT)
    now = await house.conversation(chat)
    assert (now.waiting_since, now.unread, now.last_text) == (None, 0, "48 小时内")
    assert house.told(MessageAdded) == [MessageAdded(now, message)]
    assert len(house.told(ConversationChanged)) == 1, "the list ticks no more"
    (row,) = await house.logged("answer")
    assert (row["round_s"], row["seq"], row["agent"]) == (12.0, 2, agent.id)
    assert row["suggestion"] == {"entry": "fahuo", "edited": True}
    await house.answer(agent, chat, "还有")
    assert "round_s" not in (await house.logged("answer"))[1], "the round was over"


async def test_answering_who_waits_takes_them(house: House, desk: Desk) -> None:
    chat = await house.chat()
    agent = await house.agent("王芳", state=Availability.BUSY)
    house.clock.forward(seconds=30)
    await house.answer(agent, chat)
    now = await house.conversation(chat)
    assert (now.stage, now.agent_id, now.assign_reason) == (Stage.OPEN, agent.id, "taken")
    (row,) = await house.logged("assigned")
    assert (row["reason"], row["waited_s"]) == ("taken", 30.0)
    assert QueueMoved(house.shop_id) in house.told(QueueMoved)


async def test_a_colleague_s_talk_is_a_conflict(house: House, desk: Desk) -> None:
    owner = await house.agent("王芳")
    other = await house.agent("李雷", state=Availability.BUSY)
    lead = await house.agent("店长", role=Role.OWNER, state=Availability.BUSY)
    chat = await house.chat()
    before = await house.conversation(chat)
    for one in (other, lead):
        with pytest.raises(Refused, match="王芳 has this conversation") as no:
            await house.answer(one, chat)
        assert no.value.code == "conflict"
    assert await house.conversation(chat) == before
    assert before.agent_id == owner.id
    assert [one.text for one in await house.messages(chat)] == ["在吗"]


async def test_a_closed_talk_is_a_conflict(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    await desk.floor.close(agent, chat, None)
    with pytest.raises(Refused, match="closed; reopen it") as no:
        await house.answer(agent, chat)
    assert no.value.code == "conflict"
    note = await house.answer(agent, chat, "补记", private=True)
    assert (note.message.seq, (await house.conversation(chat)).stage) == (2, Stage.CLOSED)


async def test_a_note_is_never_the_shopper_s(house: House, desk: Desk) -> None:
    owner = await house.agent("王芳")
    other = await house.agent("李雷", state=Availability.BUSY)
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    note = await house.answer(other, chat, "老客户，小心", private=True)
    assert (note.message.seq, note.message.shopper_seq, note.message.delivery) == (2, None, None)
    await house.answer(owner, chat, "在的")
    state = await desk.views.shopper(house.inbox, person, 0)
    assert [(one.shopper_seq, one.text) for one in state.messages] == [(1, "在吗"), (2, "在的")]
    assert [one.text for one in await desk.views.history(owner, chat, 99, 50)] == [
        "在吗", "老客户，小心", "在的",
    ]  # fmt: skip
    now = await house.conversation(chat)
    assert now.agent_id == owner.id, "a note takes nobody's talk"
    assert (await house.logged("answer"))[0]["private"] is True


async def test_a_note_ends_no_round_and_shows_in_no_list(house: House) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    before = await house.conversation(chat)
    house.heard.clear()
    await house.answer(agent, chat, "查一下", private=True)
    now = await house.conversation(chat)
    assert (now.waiting_since, now.unread) == (before.waiting_since, 1)
    assert (now.last_text, now.shopper_seq, now.last_seq) == ("在吗", 1, 2)
    assert house.told(ConversationChanged) == []
    (row,) = await house.logged("answer")
    assert "round_s" not in row


async def test_reading_rises_is_bounded_and_told_to_the_shopper(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    other = await house.agent("李雷", state=Availability.BUSY)
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    await house.answer(agent, chat, "内部", private=True)
    await house.ask(person, "还在吗")
    house.heard.clear()
    await desk.floor.read(other, chat, 3)
    assert (await house.conversation(chat)).agent_read == 0, "only who has the talk reads it"
    for seq, expected, unread in ((2, 2, 2), (1, 2, 2), (-3, 2, 2), (99, 3, 0), (2, 3, 0)):
        await desk.floor.read(agent, chat, seq)
        now = await house.conversation(chat)
        assert (now.agent_read, now.unread) == (expected, unread)
    assert [one.shopper_seq for one in house.told(ReadByAgent)] == [1, 2]
    assert (await desk.views.shopper(house.inbox, person, 0)).read == 2


async def test_typing_is_passed_on(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    before = await house.conversation(chat)
    await desk.floor.typing(agent, chat)
    assert house.told(Typing) == [Typing(before, Author.AGENT, agent.id, "王芳")]
    assert await house.conversation(chat) == before


async def test_recalling_one_s_own_words_within_two_minutes(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    said = await house.answer(agent, chat, "说错了")
    house.clock.forward(minutes=2)
    await desk.floor.recall(agent, chat, said.message.seq)
    (told,) = house.told(Recalled)
    assert (told.message.id, told.message.recalled_at) == (said.message.id, house.clock.now)
    (kept,) = [one for one in await house.messages(chat) if one.seq == 2]
    assert (kept.recalled_at, kept.text) == (house.clock.now, "说错了")
    assert [row["seq"] for row in await house.logged("recalled")] == [2]
    house.clock.forward(hours=1)
    await desk.floor.recall(agent, chat, said.message.seq)
    assert len(house.told(Recalled)) == 1, "again is harmless"
    assert (await house.conversation(chat)).last_text == "", "lists do not show it either"


async def test_a_recall_leaves_later_words_in_the_lists(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    said = await house.answer(agent, chat, "说错了")
    house.clock.forward(seconds=1)
    await house.ask(person, "什么意思")
    await desk.floor.recall(agent, chat, said.message.seq)
    assert (await house.conversation(chat)).last_text == "什么意思"


async def test_what_cannot_be_recalled(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    lead = await house.agent("店长", role=Role.OWNER, state=Availability.BUSY)
    chat = await house.chat()
    said = await house.answer(agent, chat)
    for one, seq in ((agent, 1), (agent, 99), (agent, 0), (lead, said.message.seq)):
        with pytest.raises(Refused, match=f"no message {seq} of yours") as no:
            await desk.floor.recall(one, chat, seq)
        assert no.value.code == "not_found"
    house.clock.forward(minutes=2, milliseconds=1)
    with pytest.raises(Refused, match="within two minutes") as late:
        await desk.floor.recall(agent, chat, said.message.seq)
    assert late.value.code == "conflict"
    assert all(one.recalled_at is None for one in await house.messages(chat))


async def test_history_comes_in_rising_pages(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    for number in range(1, 8):
        chat = (await house.ask(person, f"第{number}问")).message.conversation_id
    for before, limit, expected in (
        (99, 3, [5, 6, 7]), (5, 3, [2, 3, 4]), (2, 3, [1]), (1, 3, []), (0, 3, []),
    ):  # fmt: skip
        page = await desk.views.history(agent, chat, before, limit)
        assert [one.seq for one in page] == expected
    everything = [1, 2, 3, 4, 5, 6, 7]  # also for a cursor of another history
    for cursor, expected in ((0, everything), (5, [6, 7]), (7, []), (99, everything)):
        state = await desk.views.desk(agent, {chat: cursor})
        assert [one.seq for one in state.messages] == expected
        seen = await desk.views.shopper(house.inbox, person, cursor)
        assert [one.shopper_seq for one in seen.messages] == expected
