"""The record of suggestions, what agents do with them, and what the next ones learn from it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from console.desk import Desk
from console.events import Event, Judged, Suggested
from console.model.offer import Offer, Outcome
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Availability, Role, new_id
from console.store import offers
from console.tasks import spawn
from knowledge import learning as taught
from knowledge.suggestion import MOST_LIFT
from tests.desk.faq import FIRST, take
from tests.desk.house import House

WITHIN_S = 10.0
WORDS = "你们什么时候发货呀"


@pytest.fixture
async def desk(house: House) -> AsyncIterator[Desk]:
    """With a shelf, warm, and the worker at its work."""
    await take(house, FIRST)
    await house.desk.library.warm()
    worker = spawn("prompter", house.desk.prompter.run())
    yield house.desk
    worker.cancel()
    await asyncio.wait([worker])


async def recorded(house: House, chat: str, seq: int = 1) -> None:
    """Returns when the offer for a message is on record."""
    there = asyncio.Event()

    def hear(event: Event) -> None:
        if isinstance(event, Judged) and event.before is None:
            if (event.after.conversation_id, event.after.for_seq) == (chat, seq):
                there.set()

    for event in house.told(Judged):
        hear(event)
    house.desk.events.subscribe(hear)
    await asyncio.wait_for(there.wait(), WITHIN_S)


async def offered(house: House, text: str = WORDS) -> str:
    """A shopper asks and an offer is on record; returns the conversation's id."""
    chat = await house.chat(text)
    await recorded(house, chat)
    return chat


async def record(house: House, chat: str, seq: int = 1) -> Offer:
    found = await house.store.write(lambda tx: offers.find(tx, chat, seq))
    assert found is not None
    return found


async def answer(
    house: House,
    agent: Agent,
    chat: str,
    entry: str,
    *,
    edited: bool = False,
    private: bool = False,
) -> None:
    await house.desk.floor.say(
        agent, chat, client_id=new_id(), text="在的", private=private,
        suggestion={"entry": entry, "edited": edited},
    )  # fmt: skip


async def test_an_offer_is_on_record_after_it_is_shown(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", "售前")
    chat = await offered(house)
    kinds = [type(one) for one in house.heard]
    assert kinds.index(Suggested) < kinds.index(Judged), "showing waits for nothing"
    (shown,) = house.told(Suggested)
    kept = await record(house, chat)
    assert [(one.entry, one.score) for one in kept.items] == [
        (one.entry, one.score) for one in shown.items
    ]
    assert {one.outcome for one in kept.items} == {Outcome.SHOWN}
    assert (kept.agent_id, kept.inbox_kind, kept.passed) == (agent.id, "widget", True)
    assert kept.shop_id == house.shop_id
    assert WORDS not in str(kept), "the text is the message's own"


async def test_an_offer_of_nothing_is_on_record_too(house: House, desk: Desk) -> None:
    await house.agent("王芳")
    kept = await record(house, await offered(house, "今天天气真好啊"))
    assert (kept.passed, kept.items) == (False, ())


@pytest.mark.parametrize(("edited", "outcome"), [(False, Outcome.TAKEN), (True, Outcome.EDITED)])
async def test_an_answer_from_a_suggestion_is_its_outcome(
    house: House, desk: Desk, outcome: Outcome, *, edited: bool
) -> None:
    agent = await house.agent("王芳")
    chat = await offered(house)
    await answer(house, agent, chat, "fahuo", edited=edited)
    assert (await record(house, chat)).outcome("fahuo") is outcome
    await answer(house, agent, chat, "fahuo", edited=not edited)
    assert (await record(house, chat)).outcome("fahuo") is outcome, "the first stays"


async def test_own_words_and_notes_leave_it_shown(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await offered(house)
    await house.answer(agent, chat, "稍等")
    await answer(house, agent, chat, "fahuo", private=True)
    assert (await record(house, chat)).outcome("fahuo") is Outcome.SHOWN


async def test_an_answer_found_by_asking_joins_the_offer(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await offered(house, "今天天气真好啊")
    for entry in ("made-up", "baoyou"):
        await answer(house, agent, chat, entry)
    kept = await record(house, chat)
    assert [(one.entry, one.outcome) for one in kept.items] == [("baoyou", Outcome.TAKEN)]


async def test_a_farewell_after_the_answer_answers_nothing(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await offered(house)
    await answer(house, agent, chat, "fahuo")
    before = await record(house, chat)
    farewell = {"question": "再见", "answer": "亲，欢迎再来"}
    await answer(house, agent, chat, (await desk.editing.create(agent, farewell)).entry.id)
    assert await record(house, chat) == before


async def test_a_phrase_said_much_later_answers_nothing(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await offered(house, "今天天气真好啊")
    house.clock.forward(minutes=6)
    await answer(house, agent, chat, "baoyou")
    assert (await record(house, chat)).items == ()
    assert [one.entry for one in await desk.usage.listed(agent, 30)] == ["baoyou"], "but is counted"


async def test_a_phrase_for_words_without_an_offer_answers_no_others(
    house: House, desk: Desk
) -> None:
    """Nothing was offered for the newest words yet: those before them were not answered by it."""
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person, "今天天气真好啊")).message.conversation_id
    await recorded(house, chat, 1)
    await house.ask(person, "包邮吗")
    await recorded(house, chat, 2)
    await house.store.write(lambda tx: tx.run("DELETE FROM offer WHERE for_seq = 2"))
    await answer(house, agent, chat, "fahuo")
    assert (await record(house, chat, 1)).items == ()


async def test_an_answer_to_earlier_words_is_theirs(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person, WORDS)).message.conversation_id
    await recorded(house, chat, 1)
    await house.ask(person, "怎么退货")
    await recorded(house, chat, 2)
    await answer(house, agent, chat, "fahuo")
    assert (await record(house, chat, 1)).outcome("fahuo") is Outcome.TAKEN
    assert (await record(house, chat, 2)).outcome("fahuo") is not Outcome.TAKEN


async def test_an_answer_that_fails_leaves_no_outcome(house: House, desk: Desk) -> None:
    await house.agent("王芳")
    chat = await offered(house)
    other = await house.agent("李雷", state=Availability.BUSY)
    with pytest.raises(Refused):
        await answer(house, other, chat, "fahuo")
    assert (await record(house, chat)).outcome("fahuo") is Outcome.SHOWN


async def test_rejecting_is_idempotent_and_can_be_undone(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await offered(house)
    for undo, outcome, told in (
        (True, Outcome.SHOWN, 1),
        (False, Outcome.REJECTED, 2),
        (False, Outcome.REJECTED, 2),
        (True, Outcome.SHOWN, 3),
    ):
        await desk.learning.reject(agent, chat, 1, "fahuo", undo=undo)
        assert (await record(house, chat)).outcome("fahuo") is outcome
        assert len(house.told(Judged)) == told
    logged = await house.logged("suggestion_rejected")
    assert [(one["entry"], one.get("undo")) for one in logged] == [("fahuo", None), ("fahuo", True)]
    await answer(house, agent, chat, "fahuo")
    await desk.learning.reject(agent, chat, 1, "fahuo", undo=False)
    assert (await record(house, chat)).outcome("fahuo") is Outcome.TAKEN, "what is sent is sent"


@pytest.mark.parametrize(("seq", "entry"), [(1, "made-up"), (2, "fahuo"), (0, "fahuo")])
async def test_what_was_not_offered_cannot_be_rejected(
    house: House, desk: Desk, seq: int, entry: str
) -> None:
    agent = await house.agent("王芳")
    chat = await offered(house)
    with pytest.raises(Refused, match=f"no suggestion {entry}") as no:
        await desk.learning.reject(agent, chat, seq, entry, undo=False)
    assert no.value.code == "not_found"


async def test_another_groups_offer_does_not_exist(house: House, desk: Desk) -> None:
    await house.agent("王芳", "售后")
    inbox = await house.inbox_with(group="售后")
    outside = await house.agent("李雷", "售前")
    chat = await house.chat(WORDS, inbox=inbox)
    await recorded(house, chat)
    with pytest.raises(Refused, match="no conversation") as no:
        await desk.learning.reject(outside, chat, 1, "fahuo", undo=False)
    assert no.value.code == "not_found"
    assert (await record(house, chat)).group_id is not None


async def test_a_colleague_who_gets_a_talk_adds_to_the_same_record(
    house: House, desk: Desk
) -> None:
    agent = await house.agent("王芳")
    chat = await offered(house)
    other = await house.agent("李雷", state=Availability.BUSY)
    await desk.floor.hand_over(agent, chat, to_agent=other.id, to_group=None, note=None)
    await offered(house, "怎么退货")  # the worker has done both by then
    rows = await house.rows("SELECT count(*) FROM offer")
    assert rows[0][0] == 2
    assert (await desk.learning.overview(house.shop_id)).entries["fahuo"].whole.shown == 1


async def test_the_same_words_answered_twice_lift_the_answer(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=50)
    before = {one.entry: one for one in await desk.prompter.ask(agent, await house.chat(), WORDS)}
    assert before["fahuo"].lift == 0
    for spelling in (WORDS, f" {WORDS}？"):
        await answer(house, agent, await offered(house, spelling), "fahuo")
    chat = await offered(house)
    (shown,) = [one for one in house.told(Suggested)[-1].items if one.entry == "fahuo"]
    asked = {one.entry: one for one in await desk.prompter.ask(agent, chat, WORDS)}
    for now in (shown, asked["fahuo"]):
        assert now.lift == pytest.approx(MOST_LIFT)
        assert now.score == pytest.approx(before["fahuo"].score + MOST_LIFT, abs=1e-3)
    other = {one.entry: one for one in await desk.prompter.ask(agent, chat, "几时能发货呢")}
    assert abs(other["fahuo"].lift) < 0.01


async def test_evidence_is_the_same_after_a_restart(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=50)
    for entry in ("fahuo", "fahuo", "baoyou"):
        await answer(house, agent, await offered(house), entry)
        house.clock.forward(hours=20)
    await desk.learning.reject(agent, await offered(house), 1, "fahuo", undo=False)
    before = await desk.learning.overview(house.shop_id)
    whole = before.entries["fahuo"].whole
    assert (whole.shown, whole.taken, whole.rejected) == (4, 2, 1)
    assert before.questions["fahuo"] == "什么时候发货？"
    await desk.learning.load()
    assert await desk.learning.overview(house.shop_id) == before


async def test_a_reset_counts_anew_and_can_be_undone(house: House, desk: Desk) -> None:
    owner = await house.agent("店长", role=Role.OWNER, capacity=50)
    for _ in range(2):
        await answer(house, owner, await offered(house), "fahuo")
    before = await desk.learning.overview(house.shop_id)
    house.clock.forward(minutes=1)
    await desk.learning.reset(owner)
    empty = await desk.learning.overview(house.shop_id)
    assert (dict(empty.entries), empty.total.shown) == ({}, 0)
    assert empty.since == house.clock()
    old = house.told(Judged)[0].after.conversation_id
    await answer(house, owner, old, "tuihuo")
    assert (await desk.learning.overview(house.shop_id)).total.taken == 0, "an older offer"
    await desk.learning.load()
    assert await desk.learning.overview(house.shop_id) == empty, "a restart does not forget it"
    house.clock.forward(minutes=1)
    await offered(house)
    assert (await desk.learning.overview(house.shop_id)).entries["fahuo"].whole.shown == 1
    await desk.learning.restore(owner)
    after = await desk.learning.overview(house.shop_id)
    assert after.since is None
    assert after.entries["fahuo"].whole.taken == before.entries["fahuo"].whole.taken == 2
    with pytest.raises(Refused, match="nothing was reset"):
        await desk.learning.restore(owner)
    assert len(await house.logged("learning_reset")) == 1


async def test_evidence_leaves_the_window(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=50)
    await answer(house, agent, await offered(house), "fahuo")
    house.clock.forward(days=taught.WINDOW_DAYS)
    assert dict((await desk.learning.overview(house.shop_id)).entries) == {}
    await desk.learning.load()
    assert dict((await desk.learning.overview(house.shop_id)).entries) == {}


async def test_matching_asks_the_database_nothing_more(house: House, desk: Desk) -> None:
    """The lifts come from memory: with the records gone, they are still there."""
    agent = await house.agent("王芳", capacity=50)
    for _ in range(2):
        await answer(house, agent, await offered(house), "fahuo")
    await house.store.write(lambda tx: tx.run("DELETE FROM offer"))
    chat = await house.chat()
    found = {one.entry: one.lift for one in await desk.prompter.ask(agent, chat, WORDS)}
    assert found["fahuo"] == pytest.approx(MOST_LIFT)
