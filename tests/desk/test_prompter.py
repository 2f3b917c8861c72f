"""Suggestions: after the message, for the last words, for open talks only, waiting for warmth."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from console.desk import Desk
from console.events import Event, Limits, MessageAdded, Suggested
from console.model.refusal import Refused
from console.model.words import Availability
from console.store import Tx, asked, people
from console.tasks import spawn
from tests.desk.house import House
from tests.store.databases import Database

WITHIN_S = 10.0
FAQ = """
version: 1
shop: 青瓷小店
entries:
  - id: fahuo
    question: 什么时候发货？
    similar: [几天发货, 多久能发货, 啥时候寄出]
    answer: "{昵称}，付款后 48 小时内发货，我是{客服}。"
  - id: tuihuo
    question: 怎么退货？
    similar: [我要退货, 可以退吗, 不想要了]
    answer: 七天内可退。
  - id: fapiao
    question: 可以开发票吗？
    similar: [开票, 有发票吗, 发票抬头]
    answer: 可以开。
"""


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
async def desk(house: House) -> AsyncIterator[Desk]:
    """With a shelf and the worker at its work; not yet warm."""
    desk = house.desk
    done = await desk.importing.import_file(house.shop_id, FAQ.encode(), file="faq.yaml", by=None)
    assert not done.failed
    worker = spawn("prompter", desk.prompter.run())
    yield desk
    worker.cancel()
    await asyncio.wait([worker])


async def suggested(house: House, count: int = 1) -> list[Suggested]:
    enough = asyncio.Event()

    def hear(_: Event) -> None:
        if len(house.told(Suggested)) >= count:
            enough.set()

    house.desk.events.subscribe(hear)
    if len(house.told(Suggested)) < count:
        await asyncio.wait_for(enough.wait(), WITHIN_S)
    return house.told(Suggested)


async def test_suggestions_follow_the_message(house: House, desk: Desk) -> None:
    await desk.library.warm()
    agent = await house.agent("王芳")
    chat = await house.chat("你们什么时候发货呀")
    (offer,) = await suggested(house)
    kinds = [type(one) for one in house.heard]
    assert kinds.index(MessageAdded) < kinds.index(Suggested)
    assert (offer.conversation.id, offer.for_seq) == (chat, 1)
    first = offer.items[0]
    assert (first.entry, first.question) == ("fahuo", "什么时候发货？")
    assert first.text == "亲，付款后 48 小时内发货，我是王芳。"
    assert 0 < first.score <= 1
    gates = desk.library.gates(house.shop_id)
    assert offer.limits == Limits(gates.show, gates.sure, gates.lead)
    assert first.score >= offer.limits.show
    assert any("发货" in "你们什么时候发货呀"[start:end] for start, end in first.why)
    assert first.phrase == "什么时候发货？"
    assert any("发货" in first.phrase[start:end] for start, end in first.matched)
    assert agent.id == offer.conversation.agent_id


async def test_they_are_for_the_last_words(house: House, desk: Desk) -> None:
    await desk.library.warm()
    await house.agent("王芳")
    person = await house.shopper()
    await house.ask(person, "什么时候发货")
    await suggested(house)
    await house.ask(person, "可以开发票吗")
    offer = (await suggested(house, 2))[1]
    assert (offer.for_seq, offer.items[0].entry) == (2, "fapiao")


async def test_nothing_fitting_is_an_empty_offer(house: House, desk: Desk) -> None:
    await desk.library.warm()
    await house.agent("王芳")
    await house.chat("今天天气真好啊")
    (offer,) = await suggested(house)
    assert offer.items == ()


async def test_only_open_talks_are_offered_and_one_that_is_taken_is(
    house: House, desk: Desk
) -> None:
    await desk.library.warm()
    waiting = await house.chat("怎么退货")
    agent = await house.agent("王芳", state=Availability.BUSY)
    await house.answer(agent, await house.chat("什么时候发货"), "马上")
    taken = await house.chat("可以开发票吗")
    await desk.floor.take(agent, taken)
    offers = await suggested(house)
    assert [one.conversation.id for one in offers] == [taken]
    assert offers[0].items[0].entry == "fapiao"
    assert waiting not in [one.conversation.id for one in house.told(Suggested)]


async def test_a_colleague_who_gets_a_talk_gets_suggestions(house: House, desk: Desk) -> None:
    await desk.library.warm()
    agent = await house.agent("王芳")
    chat = await house.chat("怎么退货")
    await suggested(house)
    other = await house.agent("李雷", state=Availability.BUSY)
    await desk.floor.hand_over(agent, chat, to_agent=other.id, to_group=None, note="请看")
    offer = (await suggested(house, 2))[1]
    assert (offer.conversation.agent_id, offer.items[0].entry) == (other.id, "tuihuo")


async def test_asking_waits_for_warmth_and_ranks_without_a_gate(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    chat = await house.chat("在吗")
    asked = spawn("ask", desk.prompter.ask(agent, chat, "啥时候能发货"))
    done, _ = await asyncio.wait([asked], timeout=0.1)
    assert not done, "the matcher is not built yet"
    await desk.library.warm()
    items = await asyncio.wait_for(asked, WITHIN_S)
    assert items[0].entry == "fahuo"
    assert {one.entry for one in items} == {"fahuo", "tuihuo", "fapiao"}, "the whole ranking"
    scores = [one.score for one in items]
    assert scores == sorted(scores, reverse=True)


async def test_an_import_is_matched_at_once_and_the_old_answers_meanwhile(
    house: House, desk: Desk
) -> None:
    await desk.library.warm()
    agent = await house.agent("王芳")
    chat = await house.chat("在吗")
    more = FAQ + "  - id: baoyou\n    question: 包邮吗？\n    answer: 全场包邮。\n"
    importing = spawn(
        "import",
        desk.importing.import_file(house.shop_id, more.encode(), file="faq.yaml", by=None),
    )
    during = await desk.prompter.ask(agent, chat, "怎么退货")
    assert during[0].entry == "tuihuo"
    await asyncio.wait_for(importing, WITHIN_S)
    after = await desk.prompter.ask(agent, chat, "包邮吗")
    assert (after[0].entry, after[0].text) == ("baoyou", "全场包邮。")


async def test_suggestions_do_not_wait_for_the_record_and_outlive_its_failure(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.library.warm()
    await house.agent("王芳")
    write, told = asked.add, []

    async def full(tx: Tx, rows: Sequence[asked.Matched], now_ms: int) -> None:
        told.append(len(house.told(Suggested)))
        raise Refused("unavailable", "store: the disk is full")

    monkeypatch.setattr(asked, "add", full)
    person = await house.shopper()
    await house.ask(person, "什么时候发货")
    await suggested(house)
    assert told == []
    async with asyncio.timeout(WITHIN_S):
        while not told:  # the worker writes it by itself
            await asyncio.sleep(0.05)
            assert len(told) < 2
    await house.ask(person, "可以开发票吗")
    await suggested(house, 2)
    assert told == [1]
    assert "1 matched messages are not recorded" in caplog.text
    monkeypatch.setattr(asked, "add", write)


SCOPED = """
version: 1
shop: 青瓷小店
entries:
  - id: for-sale
    question: 能不能便宜点？
    answer: 小店薄利。
    groups: [售前]
  - id: for-after
    question: 能不能便宜些？
    answer: 给您补差。
    groups: [售后]
  - id: by-mail
    question: 能不能便宜一点？
    answer: 请看邮件里的报价。
    channels: [webhook]
"""


@pytest.mark.parametrize(("group", "entry"), [("售前", "for-sale"), ("售后", "for-after")])
async def test_an_entry_is_for_its_groups_and_channels(
    house: House, desk: Desk, group: str, entry: str
) -> None:
    done = await desk.importing.import_file(house.shop_id, SCOPED.encode(), file="f", by=None)
    assert not done.failed
    await desk.library.warm()
    inbox = await house.inbox_with(group=group)
    agent = await house.agent("王芳", group)
    chat = await house.chat("能便宜点不", inbox=inbox)
    hints = await desk.prompter.ask(agent, chat, "能便宜点不")
    ours = [one.entry for one in hints if one.entry in ("for-sale", "for-after", "by-mail")]
    assert ours == [entry]


WORDED = """
version: 1
shop: 青瓷小店
entries:
  - id: bianyi
    question: 能不能便宜点？
    answer: 小店薄利。
    variants:
      - {level: 金卡, answer: "{昵称|贵客}，给您九五折。"}
      - {channel: webhook, answer: 请看报价单。}
"""


async def test_a_customer_of_a_level_hears_their_own_wording(house: House, desk: Desk) -> None:
    done = await desk.importing.import_file(house.shop_id, WORDED.encode(), file="f", by=None)
    assert not done.failed
    await desk.library.warm()
    agent = await house.agent("王芳")
    chat = await house.chat("能便宜点不")

    async def words() -> str:
        (found,) = [one for one in await desk.prompter.ask(agent, chat, "能不能便宜点")
                    if one.entry == "bianyi"]  # fmt: skip
        return found.text

    assert await words() == "小店薄利。"
    now = await house.conversation(chat)

    async def work(tx: Tx) -> None:
        await people.describe_contact(
            tx, now.contact_id, name=None, email=None, phone=None, level="金卡"
        )

    await house.store.write(work)
    assert await words() == "贵客，给您九五折。"
