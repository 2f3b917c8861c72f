"""Who has a conversation: taken, handed over, closed, reopened, and by whom it may be."""

from typing import Any

import pytest

from console.desk import Desk
from console.events import AgentChanged, ConversationChanged, MessageAdded, QueueMoved
from console.model.refusal import Refused
from console.model.words import Availability, Role, Stage
from tests.desk.house import House

BUSY = Availability.BUSY


async def test_taking_the_next_is_first_come_first_served(house: House, desk: Desk) -> None:
    chats = []
    for _ in range(3):
        chats.append(await house.chat())
        house.clock.forward(seconds=1)
    agent = await house.agent("王芳", state=BUSY, capacity=1)
    for chat in chats:
        taken = await desk.floor.take(agent, None)
        assert (taken.conversation.id, taken.agent_name) == (chat, "王芳")
    with pytest.raises(Refused, match="nobody is waiting") as no:
        await desk.floor.take(agent, None)
    assert no.value.code == "not_found"
    assert [row["reason"] for row in await house.logged("assigned")] == ["taken"] * 3


async def test_the_next_is_one_the_agent_may_see(house: House, desk: Desk) -> None:
    bound = await house.chat(inbox=await house.inbox_with(group="售后"))
    house.clock.forward(seconds=1)
    free = await house.chat()
    agent = await house.agent("王芳", "售前", state=BUSY)
    assert (await desk.floor.take(agent, None)).conversation.id == free
    with pytest.raises(Refused, match="nobody is waiting"):
        await desk.floor.take(agent, None)
    lead = await house.agent("店长", role=Role.OWNER, state=BUSY)
    assert (await desk.floor.take(lead, None)).conversation.id == bound


async def test_taking_again_changes_nothing(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    before, told = await house.conversation(chat), len(house.heard)
    taken = await desk.floor.take(agent, chat)
    assert taken.conversation == before
    assert (await house.conversation(chat), len(house.heard)) == (before, told)


async def test_a_closed_talk_cannot_be_taken_or_handed_over(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    other = await house.agent("李雷", state=BUSY)
    chat = await house.chat()
    await desk.floor.close(agent, chat, None)
    before = await house.conversation(chat)
    for deed in (
        desk.floor.take(agent, chat),
        desk.floor.hand_over(agent, chat, to_agent=other.id, to_group=None, note="看看"),
        desk.floor.hand_over(agent, chat, to_agent=None, to_group="售后", note=None),
    ):
        with pytest.raises(Refused, match="closed; reopen it") as no:
            await deed
        assert no.value.code == "conflict"
    assert await house.conversation(chat) == before


async def test_a_lead_takes_over(house: House, desk: Desk) -> None:
    owner = await house.agent("王芳")
    chat = await house.chat()
    for name, role in (("主管", Role.SUPERVISOR), ("店长", Role.OWNER)):
        lead = await house.agent(name, role=role, state=BUSY)
        house.heard.clear()
        taken = await desk.floor.take(lead, chat)
        assert (taken.conversation.agent_id, taken.agent_name) == (lead.id, name)
        changed = house.told(ConversationChanged)[0]
        assert changed.before is not None
        assert changed.before.agent_id == owner.id
        told = {one.agent_id for one in house.told(AgentChanged)}
        assert told == {owner.id, lead.id}
        owner = lead


async def test_taking_over_frees_a_place(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=1)
    lead = await house.agent("店长", role=Role.OWNER, state=BUSY)
    first, second = await house.chat(), await house.chat()
    await desk.floor.take(lead, first)
    assert (await house.conversation(second)).agent_id == agent.id


async def test_handing_over_to_a_colleague(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    other = await house.agent("李雷", "售后", state=Availability.AWAY)
    chat = await house.chat()
    house.heard.clear()
    await desk.floor.hand_over(agent, chat, to_agent=other.id, to_group=None, note="要退款")
    now = await house.conversation(chat)
    assert (now.stage, now.agent_id, now.assign_reason) == (Stage.OPEN, other.id, "handed_over")
    note = (await house.messages(chat))[-1]
    assert (note.text, note.private, note.author_id, note.seq) == ("要退款", True, agent.id, 2)
    assert [one.text for one in await house.seen_by_shopper(chat)] == ["在吗"]
    assert [one.message.id for one in house.told(MessageAdded)] == [note.id]
    assert house.told(ConversationChanged)[-1].overview.agent_name == "李雷"
    (row,) = await house.logged("handed_over")
    assert (row["agent"], row["to_agent"], row["to_group"]) == (agent.id, other.id, None)


async def test_handing_over_to_an_agent_of_another_group(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", "售后")
    other = await house.agent("李雷", "售前", state=BUSY)
    chat = await house.chat(inbox=await house.inbox_with(group="售后"))
    await desk.floor.hand_over(agent, chat, to_agent=other.id, to_group=None, note=None)
    assert (await house.answer(other, chat)).message.seq == 2, "it is theirs now"


@pytest.mark.parametrize("by", ["name", "id"])
async def test_handing_over_to_a_group(house: House, desk: Desk, by: str) -> None:
    agent = await house.agent("王芳", "售前")
    house.clock.forward(minutes=5)
    chat = await house.chat()
    house.clock.forward(minutes=1)
    behind = await house.chat(inbox=await house.inbox_with(group="售后"))
    assert (await house.overview(behind)).place == 1
    state = await desk.views.desk(agent, {})
    groups = {one.name: one.id for one in state.groups}
    await desk.floor.hand_over(
        agent, chat, to_agent=None, to_group="售后" if by == "name" else groups["售后"], note=None
    )
    now = await house.conversation(chat)
    assert (now.stage, now.agent_id, now.group_id) == (Stage.WAITING, None, groups["售后"])
    assert now.queued_at == now.waiting_since, "who waits for an answer keeps their place"
    assert [(await house.overview(one)).place for one in (chat, behind)] == [1, 2]
    assert QueueMoved(house.shop_id) in house.told(QueueMoved)
    member = await house.agent("李雷", "售后", capacity=1)
    assert (await house.conversation(chat)).agent_id == member.id


async def test_handing_over_frees_a_place(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=1)
    other = await house.agent("李雷", state=BUSY)
    first, second = await house.chat(), await house.chat()
    assert (await house.conversation(second)).stage is Stage.WAITING
    await desk.floor.hand_over(agent, first, to_agent=other.id, to_group=None, note=None)
    assert (await house.conversation(second)).agent_id == agent.id


@pytest.mark.parametrize(
    ("to", "code", "said"),
    [
        ({"to_agent": None, "to_group": None}, "invalid", "either"),
        ({"to_agent": "x", "to_group": "售后"}, "invalid", "either"),
        ({"to_agent": "nobody", "to_group": None}, "not_found", "no agent nobody"),
        ({"to_agent": None, "to_group": "仓库"}, "not_found", "no group 仓库"),
        ({"to_agent": None, "to_group": ""}, "not_found", "no group"),
    ],
)
async def test_handing_over_to_nobody(
    house: House, desk: Desk, to: dict[str, Any], code: str, said: str
) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat()
    before = await house.conversation(chat)
    with pytest.raises(Refused, match=said) as no:
        await desk.floor.hand_over(agent, chat, note="给你", **to)
    assert no.value.code == code
    assert await house.conversation(chat) == before
    assert len(await house.messages(chat)) == 1, "the note is not kept either"


async def test_closing_lets_the_next_move_up(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=1)
    first, second = await house.chat(), await house.chat()
    house.clock.forward(minutes=3)
    await desk.floor.close(agent, first, "已解决")
    now = await house.conversation(first)
    assert (now.stage, now.closed_at, now.summary) == (Stage.CLOSED, house.clock.now, "已解决")
    assert (now.waiting_since, now.unread) == (None, 0)
    assert (await house.conversation(second)).agent_id == agent.id
    told = len(house.heard)
    await desk.floor.close(agent, first, "别的")
    assert await house.conversation(first) == now, "closing twice is harmless"
    assert len(house.heard) == told
    assert len(await house.logged("closed")) == 1


async def test_a_colleague_s_talk_is_not_closed_or_given_away(house: House, desk: Desk) -> None:
    await house.agent("王芳")
    other = await house.agent("李雷", state=BUSY)
    lead = await house.agent("店长", role=Role.OWNER, state=BUSY)
    chat = await house.chat()
    before = await house.conversation(chat)
    for deed in (
        desk.floor.close(other, chat, None),
        desk.floor.reopen(other, chat),
        desk.floor.hand_over(other, chat, to_agent=other.id, to_group=None, note=None),
    ):
        with pytest.raises(Refused, match="a colleague has this") as no:
            await deed
        assert no.value.code == "forbidden"
    assert await house.conversation(chat) == before
    await desk.floor.close(lead, chat, None)
    assert (await house.conversation(chat)).stage is Stage.CLOSED


async def test_reopening_makes_it_one_s_own(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    other = await house.agent("李雷", state=BUSY)
    chat = await house.chat()
    with pytest.raises(Refused, match="not closed") as no:
        await desk.floor.reopen(agent, chat)
    assert no.value.code == "conflict"
    await desk.floor.close(agent, chat, "已解决")
    await desk.floor.reopen(other, chat)
    now = await house.conversation(chat)
    assert (now.stage, now.agent_id, now.assign_reason) == (Stage.OPEN, other.id, "reopened")
    assert (now.closed_at, now.summary) == (None, "已解决")
    assert (await house.answer(other, chat)).message.seq == 2
    assert [row["agent"] for row in await house.logged("reopened")] == [other.id]


@pytest.mark.parametrize("state", list(Availability))
async def test_availability_is_what_the_human_chose(
    house: House, desk: Desk, state: Availability
) -> None:
    agent = await house.agent("王芳", state=Availability.AWAY)
    chat = await house.chat()
    house.heard.clear()
    await desk.floor.available(agent, state, "吃饭")
    found = await desk.views.colleague(agent.id)
    assert found is not None
    assert (found.agent.state, found.online) == (state, True)
    assert AgentChanged(house.shop_id, agent.id) in house.told(AgentChanged)
    (row,) = await house.logged("availability")
    assert (row["agent"], row["state"], row["reason"]) == (agent.id, state, "吃饭")
    served = (await house.conversation(chat)).stage is Stage.OPEN
    assert served is (state is Availability.AVAILABLE), "and who is free is given who waits"
    visitor = await house.shopper()
    online = (await desk.views.shopper(house.inbox, visitor, 0)).online
    assert online is (state is Availability.AVAILABLE)
