"""What was asked: each message once, read by the page, answered by what follows, gone in time."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from console.model.people import Agent
from console.model.words import new_id, to_ms
from console.store import asked
from console.store.asked import KEPT_DAYS, PRUNED, Dismissal, Matched, Outcome, Unanswered
from tests.desk.house import House, close_house, open_house
from tests.store.databases import Database

DAY = 86_400_000


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    one = await open_house(await database.open())
    yield one
    await close_house(one)


async def matched(house: House, text: str = "能刻字吗", *, shown: bool = False) -> Matched:
    """A new shopper's message and what was made of it, not yet written."""
    chat = await house.conversation(await house.chat(text))
    return Matched(
        conversation_id=chat.id, seq=chat.last_seq, shop_id=chat.shop_id,
        contact_id=chat.contact_id, group_id=chat.group_id, inbox_id=chat.inbox_id,
        at=to_ms(house.clock()), text=None if shown else text, entry="fahuo", score=0.3127,
        lead=0.1, shown=shown,
    )  # fmt: skip


async def keep(house: House, *rows: Matched, now: int = 0) -> None:
    await house.store.write(lambda tx: asked.add(tx, rows, now or to_ms(house.clock())))


async def unmatched(
    house: House, limit: int = 100, before: Unanswered | None = None
) -> list[Unanswered]:
    return await house.store.read(
        lambda tx: asked.unmatched(tx, house.shop_id, 0, limit, before=before)
    )


async def dismiss(house: House, one: Dismissal) -> None:
    await house.store.write(lambda tx: asked.dismiss(tx, house.shop_id, one, "owner"))


async def samples(house: House) -> list[Outcome]:
    return await house.store.read(lambda tx: asked.samples(tx, house.shop_id, 0))


async def answer(
    house: House, agent: Agent, chat: str, text: str, entry: str | None = None
) -> None:
    used = {"entry": entry, "edited": False} if entry else None
    await house.desk.floor.say(agent, chat, client_id=new_id(), text=text, suggestion=used)


async def test_a_message_is_kept_once_with_the_kind_of_its_inbox(house: House) -> None:
    row = await matched(house)
    await keep(house, row)
    await keep(house, replace(row, text="别的"))
    rows = await house.rows("SELECT inbox_kind, text, score, lead, shown FROM asked")
    assert [tuple(one) for one in rows] == [("widget", "能刻字吗", 3127, 1000, False)]


async def test_only_what_nothing_was_shown_for_is_unmatched(house: House) -> None:
    row = await matched(house, "能刻字吗？")
    await keep(house, replace(row, text="能刻字吗"), await matched(house, shown=True))
    (one,) = await unmatched(house)
    assert (one.text, one.typed, one.answer) == ("能刻字吗", "能刻字吗？", None)
    assert (one.contact_id, one.conversation_id) == (row.contact_id, row.conversation_id)


async def test_the_answer_is_the_first_one_the_shopper_saw(house: House) -> None:
    agent = await house.agent("王芳")
    row = await matched(house)
    await keep(house, row)
    await house.answer(agent, row.conversation_id, "问问师傅", private=True)
    slip = await house.answer(agent, row.conversation_id, "不能")
    await house.answer(agent, row.conversation_id, "能，免费刻")
    assert (await unmatched(house))[0].answer == "不能"
    await house.desk.floor.recall(agent, row.conversation_id, slip.message.seq)
    assert (await unmatched(house))[0].answer == "能，免费刻"


async def test_pages_follow_each_other_without_gap_or_double(house: House) -> None:
    rows = [await matched(house, f"问题{n}") for n in range(7)]
    await keep(house, *rows)
    found: list[Unanswered] = []
    while page := await unmatched(house, 3, found[-1] if found else None):
        found += page
    assert len(found) == 7
    assert {one.text for one in found} == {f"问题{n}" for n in range(7)}


async def test_a_sample_says_what_the_agent_did(house: House) -> None:
    agent = await house.agent("王芳")
    first, other, typed, open_ = [await matched(house, shown=True) for _ in range(4)]
    await keep(house, first, other, typed, open_)
    await answer(house, agent, first.conversation_id, "48 小时内", "fahuo")
    await answer(house, agent, other.conversation_id, "可以退", "tuihuo")
    await answer(house, agent, typed.conversation_id, "稍等")
    outcomes = {(one.first, one.used) for one in await samples(house)}
    assert outcomes == {("fahuo", "fahuo"), ("fahuo", "tuihuo"), ("fahuo", None)}
    assert {(one.score, one.lead) for one in await samples(house)} == {(0.3127, 0.1)}


async def test_of_two_messages_before_an_answer_the_last_one_was_answered(house: House) -> None:
    agent = await house.agent("王芳")
    person = await house.shopper()
    chat = (await house.ask(person, "在不")).message.conversation_id
    one = await matched(house)
    await house.ask(person, "发货了吗")
    house.clock.forward(seconds=1)
    early = replace(one, conversation_id=chat, seq=1, entry="early")
    late = replace(one, conversation_id=chat, seq=2, entry="late", at=one.at + 1)
    await keep(house, early, late)
    await answer(house, agent, chat, "发了", "late")
    assert [(each.first, each.used) for each in await samples(house)] == [("late", "late")]


async def test_what_is_too_old_goes_a_bit_at_a_time(house: House) -> None:
    row = await matched(house)
    old = [replace(row, conversation_id=f"old-{n}", at=n) for n in range(PRUNED + 5)]
    await keep(house, *old, now=1)
    now = (KEPT_DAYS + 1) * DAY
    for left in (5, 0):
        await keep(house, replace(row, at=now), now=now)
        rows = await house.rows("SELECT count(*) FROM asked WHERE at < $1", DAY)
        assert rows[0][0] == left


async def test_a_dismissal_is_kept_undone_and_grows_old(house: House) -> None:
    row = await matched(house)
    one = Dismissal("gap", "能刻字吗", to_ms(house.clock()))

    async def kept() -> list[Dismissal]:
        return await house.store.read(lambda tx: asked.dismissals(tx, house.shop_id))

    for at in (one, replace(one, at=one.at + 5)):
        await dismiss(house, at)
        assert await kept() == [at]
    await house.store.write(lambda tx: asked.restore(tx, "another shop", ["gap"]))
    assert len(await kept()) == 1
    await house.store.write(lambda tx: asked.restore(tx, house.shop_id, ["gap"]))
    assert await kept() == []
    await dismiss(house, one)
    await keep(house, row, now=one.at + (KEPT_DAYS + 1) * DAY)
    assert await kept() == []


async def test_the_record_refers_to_no_row_of_the_message_path(house: House) -> None:
    """Else, on PostgreSQL, it would wait for whoever holds the conversation, and they for it."""
    row = await matched(house)
    await keep(house, replace(row, conversation_id="never was", contact_id="nobody"))
    assert await unmatched(house) == [], "without its message there is nothing to show"
