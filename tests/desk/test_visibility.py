"""Another's conversation does not exist: every verb and every view says so in the same words."""

from collections.abc import Awaitable, Callable

import pytest

from console.desk import Desk
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import AgentId, Availability, Role, ShopId, new_id, to_ms
from console.store import Tx, people, places
from tests.desk.house import House
from tests.store.databases import Database

BUSY = Availability.BUSY

Deed = Callable[[Desk, Agent, str], Awaitable[object]]
EVERY: dict[str, Deed] = {
    "say": lambda d, a, c: d.floor.say(a, c, client_id="key-one", text="在"),
    "note": lambda d, a, c: d.floor.say(a, c, client_id="key-one", text="在", private=True),
    "take": lambda d, a, c: d.floor.take(a, c),
    "hand_over": lambda d, a, c: d.floor.hand_over(a, c, to_agent=a.id, to_group=None, note="给我"),
    "close": lambda d, a, c: d.floor.close(a, c, None),
    "reopen": lambda d, a, c: d.floor.reopen(a, c),
    "read": lambda d, a, c: d.floor.read(a, c, 1),
    "typing": lambda d, a, c: d.floor.typing(a, c),
    "recall": lambda d, a, c: d.floor.recall(a, c, 1),
    "suggest": lambda d, a, c: d.prompter.ask(a, c, "发货"),
    "history": lambda d, a, c: d.views.history(a, c, 99, 50),
    "card": lambda d, a, c: d.views.card(a, c),
    "may_see": lambda d, a, c: d.views.may_see(a, c),
}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.mark.parametrize("verb", EVERY)
async def test_every_verb_finds_nothing(house: House, desk: Desk, verb: str) -> None:
    """In another group, waiting and open; in another shop, even for its owner; made up."""
    outside = await house.agent("王芳", "售前", state=BUSY)
    foreign = await _owner_elsewhere(house)
    inbox = await house.inbox_with(group="售后")
    waiting = await house.chat(inbox=inbox)
    member = await house.agent("李雷", "售后", capacity=1)
    opened = waiting
    waiting = await house.chat(inbox=inbox)
    free = await house.chat()
    before = [await house.conversation(one) for one in (opened, waiting, free)]
    assert before[0].agent_id == member.id
    told = len(house.heard)

    attempts = [
        (outside, opened), (outside, waiting), (outside, "made-up"), (outside, ""),
        (foreign, opened), (foreign, waiting), (foreign, free),
    ]  # fmt: skip
    for agent, chat in attempts:
        with pytest.raises(Refused) as no:
            await EVERY[verb](desk, agent, chat)
        assert (no.value.code, no.value.message) == ("not_found", f"no conversation {chat}")
    assert [await house.conversation(one) for one in (opened, waiting, free)] == before
    assert len(house.heard) == told


async def test_the_list_holds_what_the_agent_may_see(house: House, desk: Desk) -> None:
    outside = await house.agent("王芳", "售前", state=BUSY)
    member = await house.agent("李雷", "售后", state=BUSY)
    lead = await house.agent("店长", role=Role.SUPERVISOR, state=BUSY)
    foreign = await _owner_elsewhere(house)
    bound = await house.chat(inbox=await house.inbox_with(group="售后"))
    house.clock.forward(seconds=1)
    free = await house.chat()
    house.clock.forward(seconds=1)
    closed = await house.chat()
    await desk.floor.close(outside, closed, None)
    for agent, expected in (
        (outside, [free]), (member, [bound, free]), (lead, [bound, free]), (foreign, []),
    ):  # fmt: skip
        state = await desk.views.desk(agent, {})
        assert [one.conversation.id for one in state.overviews] == expected
        asked = await desk.views.desk(agent, {bound: 0, free: 0, "made-up": 0})
        assert {one.conversation_id for one in asked.messages} == set(expected)
    named = await desk.views.desk(outside, {closed: 0})
    assert [one.conversation.id for one in named.overviews] == [free, closed]
    assert [one.conversation_id for one in named.messages] == [closed]


async def test_earlier_talks_of_another_group_are_not_on_the_card(house: House, desk: Desk) -> None:
    """One contact, two talks: one was the after-sales group's."""
    inbox = await house.inbox_with(group="售后", reopen_hours="0")
    member = await house.agent("李雷", "售后")
    outside = await house.agent("王芳", "售前", state=BUSY)
    person = await house.shopper(inbox)
    first = (await house.ask(person, inbox=inbox)).message.conversation_id
    await desk.floor.close(member, first, None)
    house.clock.forward(seconds=1)
    second = (await house.ask(person, inbox=inbox)).message.conversation_id
    await desk.floor.hand_over(member, second, to_agent=outside.id, to_group=None, note=None)
    for agent, expected in ((outside, []), (member, [first])):
        card = await desk.views.card(agent, second)
        assert [one.conversation.id for one in card.earlier] == expected


async def test_a_shopper_sees_their_own_talk_only(house: House, desk: Desk) -> None:
    mine, other = await house.shopper(), await house.shopper()
    await house.ask(mine, "我的")
    await house.ask(other, "别人的")
    state = await desk.views.shopper(house.inbox, mine, 0)
    assert [one.text for one in state.messages] == ["我的"]


async def _owner_elsewhere(house: House) -> Agent:
    """The owner of another shop of the same installation."""
    shop_id = ShopId(new_id())
    agent = Agent(AgentId(new_id()), shop_id, "别家店长", Role.OWNER, 5, BUSY)

    async def work(tx: Tx) -> None:
        await places.add_shop(tx, shop_id, "别家", to_ms(house.clock()))
        assert await people.add_agent(tx, agent, "no password", to_ms(house.clock()))

    await house.store.write(work)
    await house.desk.load()
    return agent
