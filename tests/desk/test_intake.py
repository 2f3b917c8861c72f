"""What shoppers do: the first word, asking for a person, coming back, rating, leaving."""

from datetime import timedelta

import pytest

from channels.base import Inbound
from console.desk import Desk
from console.events import ConversationChanged, MessageAdded, ReadByShopper, Typing
from console.model.refusal import Refused
from console.model.words import Author, Kind, Stage, new_id
from console.store import people
from tests.desk.house import House


async def test_the_first_word_goes_to_a_free_agent(house: House) -> None:
    agent = await house.agent("王芳")
    house.heard.clear()
    accepted = await house.ask(await house.shopper(), "什么时候发货？")
    message = accepted.message
    now = await house.conversation(message.conversation_id)
    assert (now.stage, now.agent_id, now.waiting_since) == (Stage.OPEN, agent.id, house.clock.now)
    assert (now.last_text, now.unread, now.created_at) == ("什么时候发货？", 1, house.clock.now)
    assert (message.seq, message.shopper_seq, message.author) == (1, 1, Author.SHOPPER)
    assert (message.at, accepted.duplicate, accepted.begun) == (house.clock.now, False, False)
    changed, added = house.told(ConversationChanged)[-1], house.told(MessageAdded)
    assert (changed.overview.conversation, changed.overview.agent_name) == (now, "王芳")
    assert added == [MessageAdded(now, message)]
    (row,) = await house.logged("message")
    assert row == {"conversation": now.id, "agent": agent.id, "seq": 1}


async def test_the_first_word_waits_when_nobody_is_free(house: House, desk: Desk) -> None:
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    now = await house.conversation(chat)
    assert (now.stage, now.agent_id, now.queued_at) == (Stage.WAITING, None, house.clock.now)
    state = await desk.views.shopper(house.inbox, person, 0)
    assert state.overview is not None
    assert (state.overview.place, state.online) == (1, False)
    house.clock.forward(seconds=5)
    await house.ask(person, "有人吗")
    again = await house.conversation(chat)
    assert (again.queued_at, again.waiting_since) == (now.queued_at, now.waiting_since)
    assert again.unread == 2


async def test_the_robot_keeps_the_talk_until_a_person_is_asked_for(
    house: House, desk: Desk
) -> None:
    agent = await house.agent("王芳")
    inbox = await house.inbox_with(robot="true")
    person = await house.shopper(inbox)
    for text in ("在吗", "发货了吗"):
        chat = (await house.ask(person, text, inbox=inbox)).message.conversation_id
    assert (await house.conversation(chat)).stage is Stage.ROBOT
    assert (await desk.views.desk(agent, {})).overviews == []
    await desk.intake.human(inbox, person)
    now = await house.conversation(chat)
    assert (now.stage, now.agent_id, now.last_seq) == (Stage.OPEN, agent.id, 2)
    assert len(await house.logged("human")) == 1
    told = len(house.heard)
    await desk.intake.human(inbox, person)
    assert await house.conversation(chat) == now, "asking again is harmless"
    assert len(house.heard) == told


@pytest.mark.parametrize("robot", ["true", "false"])
async def test_a_person_may_be_asked_for_before_the_first_word(
    house: House, desk: Desk, robot: str
) -> None:
    inbox = await house.inbox_with(robot=robot)
    person = await house.shopper(inbox)
    await desk.intake.human(inbox, person)
    (chat,) = await house.conversations()
    now = await house.conversation(chat)
    assert (now.stage, now.last_seq, now.waiting_since) == (Stage.WAITING, 0, None)
    accepted = await house.ask(person, inbox=inbox)
    assert (accepted.message.conversation_id, accepted.message.seq) == (chat, 1)
    assert (await house.conversation(chat)).stage is Stage.WAITING


@pytest.mark.parametrize(
    ("away", "hours", "same"),
    [
        (timedelta(hours=24), "24", True),
        (timedelta(hours=24, seconds=1), "24", False),
        (timedelta(hours=2), "1", False),
        (timedelta(days=29), "720", True),
        (timedelta(seconds=1), "0", False),
    ],
)
async def test_words_after_the_end_reopen_or_begin_anew(
    house: House, desk: Desk, away: timedelta, hours: str, same: bool
) -> None:
    agent = await house.agent("王芳")
    inbox = await house.inbox_with(reopen_hours=hours)
    person = await house.shopper(inbox)
    chat = (await house.ask(person, inbox=inbox)).message.conversation_id
    await desk.floor.close(agent, chat, "问发货")
    house.clock.now += away
    accepted = await house.ask(person, "还有一事", inbox=inbox)
    assert (accepted.message.conversation_id == chat) is same
    assert accepted.begun is not same
    now = await house.conversation(accepted.message.conversation_id)
    assert (now.stage, now.agent_id, now.closed_at) == (Stage.OPEN, agent.id, None)
    assert now.waiting_since == house.clock.now
    assert accepted.message.seq == (2 if same else 1)
    assert now.assign_reason == ("reopened" if same else "only_one")


async def test_who_comes_back_gets_the_agent_they_know_if_free(house: House, desk: Desk) -> None:
    known = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    await house.chat()
    await desk.floor.close(known, chat, None)
    other = await house.agent("李雷")
    await house.ask(person)
    now = await house.conversation(chat)
    assert (now.agent_id, now.assign_reason) == (known.id, "reopened"), "though 李雷 is less busy"
    await desk.floor.close(known, chat, None)
    desk.left(known, "window of 王芳")
    await house.ask(person)
    now = await house.conversation(chat)
    assert (now.agent_id, now.assign_reason) == (other.id, "only_one")


async def test_a_talk_of_an_absent_agent_goes_to_the_queue(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    await desk.floor.close(agent, chat, None)
    desk.left(agent, "window of 王芳")
    await house.ask(person)
    now = await house.conversation(chat)
    assert (now.stage, now.agent_id, now.queued_at) == (Stage.WAITING, None, house.clock.now)


async def test_rating(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    with pytest.raises(Refused, match="no conversation to rate") as no:
        await desk.intake.rate(house.inbox, person, 5, [], "")
    assert no.value.code == "not_found"
    chat = (await house.ask(person)).message.conversation_id
    await house.answer(agent, chat)
    await desk.floor.close(agent, chat, None)
    for score, seq in ((2, 3), (5, 4)):
        message = await desk.intake.rate(house.inbox, person, score, ["耐心"], "谢谢")
        assert (message.seq, message.kind, message.text) == (seq, Kind.RATING, "谢谢")
    now = await house.conversation(chat)
    assert (now.rating, now.stage, now.unread) == (5, Stage.CLOSED, 0), "the last one counts"
    assert now.waiting_since is None, "a rating asks for no answer"
    last = (await house.messages(chat))[-1]
    assert last.data == {"rating": {"score": 5, "tags": ["耐心"], "comment": "谢谢"}}
    assert [row["score"] for row in await house.logged("rated")] == [2, 5]
    assert house.told(MessageAdded)[-1].message.kind is Kind.RATING
    changed = house.told(ConversationChanged)[-1]
    assert changed.overview.conversation.rating == 5


@pytest.mark.parametrize(
    ("contact", "column"), [("13800000000", "phone"), ("ann@example.com", "email")]
)
async def test_a_message_left_for_later(
    house: House, desk: Desk, contact: str, column: str
) -> None:
    person = await house.shopper()
    message = await desk.intake.leave(house.inbox, person, contact, "请回电")
    now = await house.conversation(message.conversation_id)
    assert (message.text, message.data) == ("请回电", {"leave": {"contact": contact}})
    assert now.stage is Stage.WAITING
    row = await house.store.read(lambda tx: people.contact(tx, now.contact_id))
    assert row is not None
    assert dict(zip(("email", "phone"), row[2:4], strict=True)) == {
        "email": None, "phone": None, column: contact,
    }  # fmt: skip


async def test_read_rises_and_is_bounded(house: House, desk: Desk) -> None:
    """The shopper speaks their own numbers, the desk hears its own: a note lies between."""
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    await house.answer(agent, chat, "内部", private=True)
    for text in ("第一答", "第二答"):
        await house.answer(agent, chat, text)
    house.heard.clear()
    steps = [(2, 3), (1, 3), (0, 3), (-5, 3), (3, 4), (99, 4), (2, 4)]
    for shopper_seq, expected in steps:
        await desk.intake.read(person, shopper_seq)
        assert (await house.conversation(chat)).shopper_read == expected
    assert [one.seq for one in house.told(ReadByShopper)] == [3, 4], "only what changed is told"


async def test_typing_is_passed_on_and_not_stored(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    await desk.intake.typing(person, "在输")
    assert house.told(Typing) == []
    chat = (await house.ask(person)).message.conversation_id
    before = await house.conversation(chat)
    await desk.intake.typing(person, "在输入")
    assert house.told(Typing) == [Typing(before, Author.SHOPPER, person, None, "在输入")]
    assert await house.conversation(chat) == before
    await desk.floor.close(agent, chat, None)
    await desk.intake.typing(person, "还在")
    assert len(house.told(Typing)) == 1


async def test_the_page_a_shopper_looks_at(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    await desk.intake.page(person, "/p/1", "青瓷壶", {"title": "青瓷壶", "price": "¥199"})
    assert house.told(ConversationChanged) == []
    chat = (await house.ask(person)).message.conversation_id
    await desk.intake.page(person, "/p/2", "盖碗", {"title": "盖碗"})
    changed = house.told(ConversationChanged)[-1]
    assert (changed.overview.page_url, changed.overview.page_title) == ("/p/2", "盖碗")
    card = await desk.views.card(agent, chat)
    assert [(row[0], row[1]) for row in card.pages] == [("/p/2", "盖碗"), ("/p/1", "青瓷壶")]
    assert card.variables["商品"] == "盖碗"
    assert card.variables["店名"] == "青瓷小店"
    assert (card.variables["客服"], card.variables["昵称"]) == ("王芳", None)


async def test_cards_fill_the_blanks(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    for uid in ("A1", "A2"):
        inbound = Inbound(person, new_id(), "order", "", {"uid": uid})
        order = await desk.intake.accept(house.inbox, inbound)
    chat = order.message.conversation_id
    product = Inbound(person, new_id(), "product", "", {"title": "公道杯"})
    await desk.intake.accept(house.inbox, product)
    variables = (await desk.views.card(agent, chat)).variables
    assert (variables["订单号"], variables["商品"]) == ("A2", "公道杯")
    assert [one.data for one in await house.messages(chat)] == [
        {"uid": "A1"}, {"uid": "A2"}, {"title": "公道杯"},
    ]  # fmt: skip


async def test_a_person_who_is_not_known_is_refused(house: House, desk: Desk) -> None:
    for deed in (house.ask("nobody"), desk.intake.human(house.inbox, "nobody")):
        with pytest.raises(Refused, match="visitor is not known") as no:
            await deed
        assert no.value.code == "not_found"
    assert await house.conversations() == []
    await desk.intake.read("nobody", 3)
    await desk.intake.typing("nobody", "在")
    assert house.heard == []


async def test_asking_for_a_person_after_the_end_goes_on_with_the_same_talk(
    house: House, desk: Desk
) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person)).message.conversation_id
    await desk.floor.close(agent, chat, None)
    house.clock.forward(hours=24)
    await desk.intake.human(house.inbox, person)
    assert await house.conversations() == [chat]
    assert (await house.conversation(chat)).stage is Stage.OPEN
    await desk.floor.close(agent, chat, None)
    house.clock.forward(hours=24, seconds=1)
    await desk.intake.human(house.inbox, person)
    assert len(await house.conversations()) == 2


async def test_an_old_talk_is_not_reopened_beside_a_newer_one(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    old = (await house.ask(person)).message.conversation_id
    await desk.floor.close(agent, old, None)
    house.clock.forward(hours=25)
    new = (await house.ask(person, "又来了")).message.conversation_id
    with pytest.raises(Refused, match=f"newer conversation {new}") as no:
        await desk.floor.reopen(agent, old)
    assert no.value.code == "conflict"
    assert (await house.conversation(old)).stage is Stage.CLOSED
