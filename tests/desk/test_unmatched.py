"""Unmatched questions: what is recorded, grouped, seen, dismissed, and what leaves by itself."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from console.desk import Desk
from console.desk.gaps import Gap
from console.events import Suggested
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Role
from console.tasks import spawn
from tests.desk.faq import FIRST, take
from tests.desk.house import House
from tests.store.databases import Database

WITHIN_S = 10.0
ENGRAVING = ["能刻字吗", "可以刻字吗？", "请问能不能刻字"]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
async def owner(house: House) -> Agent:
    return await house.agent("店主", role=Role.OWNER, capacity=100)


@pytest.fixture
async def desk(house: House, owner: Agent) -> AsyncIterator[Desk]:
    """With a shelf, warm, and the worker at its work."""
    await take(house, FIRST)
    await house.desk.library.warm()
    worker = spawn("prompter", house.desk.prompter.run())
    yield house.desk
    worker.cancel()
    await asyncio.wait([worker])


async def recorded(house: House, count: int) -> None:
    """Wait until the worker has written so many rows."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            await house.desk.asked.keep()
            if (await house.rows("SELECT count(*) FROM asked"))[0][0] >= count:
                return
            await asyncio.sleep(0.01)


async def ask(house: House, *texts: str) -> list[str]:
    """Each by a shopper of their own; returns their conversations."""
    before = (await house.rows("SELECT count(*) FROM asked"))[0][0]
    chats = [await house.chat(text) for text in texts]
    await recorded(house, before + len(texts))
    return chats


async def listed(house: House, agent: Agent, *, askers: int = 3, days: int = 30) -> list[Gap]:
    found, total = await house.desk.unmatched.listed(agent, askers=askers, days=days, limit=50)
    assert total == len(found)
    return found


async def test_what_three_ask_and_nothing_answers_is_listed(
    house: House, desk: Desk, owner: Agent
) -> None:
    await ask(house, *ENGRAVING, "什么时候发货", "支持以旧换新吗")
    (one,) = await listed(house, owner)
    assert (one.count, one.askers, one.answers) == (3, 3, ())
    assert {one.text, *one.examples} == set(ENGRAVING), "in the words of the shoppers"
    assert one.first_at <= one.last_at
    texts = [each.text for each in await listed(house, owner, askers=1)]
    assert texts == [one.text, "支持以旧换新吗"]


async def test_what_teaches_nothing_is_not_recorded(house: House, desk: Desk, owner: Agent) -> None:
    for text in ("在吗", "你好，谢谢", "好的", "嗯嗯好的", "20231127000123", "单号 SF123456789",
                 "？？？", "😀", "长" * 201):  # fmt: skip
        await house.chat(text)
    await ask(house, "能刻字吗")
    rows = await house.rows("SELECT text FROM asked")
    assert [row[0] for row in rows] == ["能刻字吗"]


async def test_one_who_asks_three_times_is_one(house: House, desk: Desk, owner: Agent) -> None:
    person = await house.shopper()
    for count, text in enumerate(ENGRAVING, 1):
        await house.ask(person, text)
        await recorded(house, count)
    assert await listed(house, owner) == []
    (one,) = await listed(house, owner, askers=1)
    assert (one.count, one.askers) == (3, 1)


async def test_agents_answers_are_collected(house: House, desk: Desk, owner: Agent) -> None:
    chats = await ask(house, *ENGRAVING, "可以刻字不")
    assert (await listed(house, owner))[0].answers == ()
    for chat, text in zip(chats, ["能刻字，免费。", "能刻字 免费！", "要问师傅"], strict=False):
        await house.answer(owner, chat, "内部备注", private=True)
        await house.answer(owner, chat, text)
        await house.answer(owner, chat, "还有别的吗")
    (one,) = await listed(house, owner)
    assert [count for _, count in one.answers] == [2, 1]
    assert one.answers[0][0] in ("能刻字，免费。", "能刻字 免费！")
    assert one.answers[1][0] == "要问师傅"


async def test_old_questions_are_left_out(house: House, desk: Desk, owner: Agent) -> None:
    await ask(house, *ENGRAVING)
    house.clock.forward(days=20)
    await ask(house, "能刻字吗")
    (one,) = await listed(house, owner)
    assert one.askers == 4
    assert await listed(house, owner, days=7) == []
    (new,) = await listed(house, owner, days=7, askers=1)
    assert (new.id, new.askers, new.count) == (one.id, 1, 1), "the same gap, whatever the window"


async def test_a_dismissed_one_comes_back_when_three_more_have_asked(
    house: House, desk: Desk, owner: Agent
) -> None:
    chats = await ask(house, *ENGRAVING)
    (one,) = await listed(house, owner)
    await desk.unmatched.dismiss(owner, one.id)
    assert await listed(house, owner) == []
    house.clock.forward(minutes=5)
    await ask(house, "可以刻字不", "能刻个字吗")
    person = (await house.conversation(chats[0])).identity_id
    await house.ask(person, "到底能刻字吗")
    await recorded(house, 6)
    assert await listed(house, owner) == [], "one of the three had asked before"
    await ask(house, "能刻字吗")
    (back,) = await listed(house, owner)
    assert (back.askers, back.count) == (6, 7)


async def test_a_dismissed_one_stays_away_when_its_middle_moves_and_can_be_restored(
    house: House, desk: Desk, owner: Agent
) -> None:
    await ask(house, "请问能不能刻字", "请问能不能刻字", "能刻字吗")
    (one,) = await listed(house, owner)
    assert one.text == "请问能不能刻字"
    await desk.unmatched.dismiss(owner, one.id)
    house.clock.forward(minutes=5)
    await ask(house, "能刻字吗", "能刻字吗")
    assert await listed(house, owner) == []
    await desk.unmatched.restore(owner, one.id)
    (back,) = await listed(house, owner)
    assert (back.text, back.askers) == ("能刻字吗", 5)
    assert back.id != one.id
    await desk.unmatched.restore(owner, back.id)
    assert await listed(house, owner) == [back], "to restore what is there changes nothing"


async def test_what_is_not_there_is_not_found(house: House, desk: Desk, owner: Agent) -> None:
    for deed in (desk.unmatched.dismiss, desk.unmatched.restore):
        with pytest.raises(Refused, match="no unmatched question made-up") as no:
            await deed(owner, "made-up")
        assert no.value.code == "not_found"


async def test_what_an_entry_answers_now_leaves_the_list(
    house: House, desk: Desk, owner: Agent
) -> None:
    await ask(house, *ENGRAVING, "支持以旧换新吗", "能以旧换新吗", "你们家有以旧换新吗")
    assert len(await listed(house, owner)) == 2
    taught = (
        "version: 1\nshop: 青瓷小店\nentries:\n"
        "  - id: kezi\n    question: 能刻字吗\n    similar: [可以刻字吗, 能不能刻字]\n"
        "    answer: 可以刻字。\n"
    )
    await desk.importing.import_file(house.shop_id, taught.encode(), file="faq.yaml", by=None)
    (left,) = await listed(house, owner)
    assert "以旧换新" in left.text


async def test_other_limits_change_what_is_unmatched(
    house: House, desk: Desk, owner: Agent
) -> None:
    await ask(house, *ENGRAVING)
    await desk.gating.set(house.shop_id, show=0.0, sure=0.5, lead=0.2)
    asked = await ask(house, "发货时间")
    assert [one.for_seq for one in house.told(Suggested) if one.conversation.id == asked[0]] == [1]
    await desk.gating.reset(house.shop_id)
    assert len(await listed(house, owner)) == 1
    await desk.gating.set(house.shop_id, show=1.0, sure=1.0, lead=1.0)
    await ask(house, "多久能发出来", "多久能发出来呀", "多久发出来")
    assert len(await listed(house, owner)) == 2


async def test_an_agent_sees_what_was_asked_in_conversations_of_their_groups(
    house: House, desk: Desk, owner: Agent
) -> None:
    after = await house.inbox_with(group="售后")
    inside = await house.agent("王芳", "售后", capacity=10)
    outside = await house.agent("李雷", "售前", capacity=0)
    await ask(house, ENGRAVING[0])
    for count, text in enumerate((ENGRAVING[1], ENGRAVING[2], "可以刻字不"), 2):
        await house.chat(text, inbox=after)
        await recorded(house, count)
    assert [one.askers for one in await listed(house, owner)] == [4]
    assert [one.askers for one in await listed(house, inside)] == [4]
    assert await listed(house, outside) == []
    (one,) = await listed(house, outside, askers=1)
    assert (one.text, one.examples, one.count) == (ENGRAVING[0], (), 1)


async def test_the_board_is_made_once_until_something_changes(
    house: House, desk: Desk, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    shows = desk.library.shows

    async def counting(shop_id: str, texts: list[str]) -> list[bool]:
        asked.append(len(texts))
        return await shows(house.shop_id, texts)

    monkeypatch.setattr(desk.library, "shows", counting)
    chats = await ask(house, *ENGRAVING)
    for _ in range(3):
        await listed(house, owner)
    assert sum(asked) == 3, "each wording once"
    await house.answer(owner, chats[0], "能")
    assert (await listed(house, owner))[0].answers == (("能", 1),)
    await ask(house, "能刻字不")
    await listed(house, owner)
    assert sum(asked) == 4, "only what is new"
    await take(house, {**FIRST, "tuihuo": "亲，十五天内可退。"})
    await listed(house, owner)
    assert sum(asked) == 8, "all again, once"
