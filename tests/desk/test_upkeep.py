"""Which entries need a hand: what the shelf says, what use says, and that neither is stale."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from console.desk import Desk
from console.desk.upkeep import Report, common
from console.model.offer import Item, Offer, Outcome
from console.model.people import Agent
from console.model.words import ConversationId, Role, new_id
from console.store import Tx, offers
from knowledge import Entry
from knowledge.duplicates import Pair, duplicates
from tests.desk.faq import FIRST, take
from tests.desk.house import House


@pytest.fixture
async def owner(house: House) -> Agent:
    return await house.agent("店主", role=Role.OWNER, capacity=10_000)


async def add(house: House, owner: Agent, entry_id: str, question: str, **fields: Any) -> None:
    values = {"id": entry_id, "question": question, "answer": "好的。", **fields}
    await house.desk.editing.create(owner, values)


async def report(house: House) -> Report:
    """As seen after the figures have grown old."""
    house.clock.forward(seconds=61)
    return await house.desk.upkeep.report(house.shop_id)


async def offered(house: House, count: int, *items: Item) -> None:
    for _ in range(count):
        one = Offer(
            ConversationId(new_id()), 1, house.shop_id, house.clock(), None, None, "widget",
            "", True, items,
        )  # fmt: skip
        assert await house.store.write(partial(offers.add, offer=one))


async def sent(
    house: House, agent: Agent, entry: str, text: str, *, edited: bool, private: bool = False
) -> tuple[str, int]:
    chat = await house.chat("在吗")
    said = await house.desk.floor.say(
        agent, chat, client_id=new_id(), text=text, private=private,
        suggestion={"entry": entry, "edited": edited},
    )  # fmt: skip
    return chat, said.message.seq


def ids(found: Sequence[Entry]) -> list[str]:
    return [one.id for one in found]


async def test_what_the_shelf_says_is_told_and_follows_it(
    house: House, desk: Desk, owner: Agent
) -> None:
    await take(house, FIRST)
    await add(house, owner, "jishifa", "几天发货", groups=["售中", "夜班"])
    first = await desk.upkeep.report(house.shop_id)
    assert ids(first.few_phrases) == ["tuihuo", "baoyou", "jishifa"]
    assert [(one.entry.id, one.other.id, one.same) for one in first.duplicates] == [
        ("fahuo", "jishifa", True)
    ]
    assert [(one.id, [each.code for each in some]) for one, some in first.broken] == [
        ("jishifa", ["unknown_group"])
    ]
    assert await desk.upkeep.report(house.shop_id) is first, "nothing has changed"

    await desk.entrance.add_groups(house.shop_id, ["夜班"])
    assert (await desk.upkeep.report(house.shop_id)).broken == []
    last = house.clock().astimezone().date() + timedelta(3)
    await desk.editing.patch(
        owner, "jishifa", {"question": "能刻字吗", "valid_to": last.isoformat()}, revision=None
    )
    then = await desk.upkeep.report(house.shop_id)
    assert then.duplicates == []
    assert [(one.entry.id, one.days) for one in then.expiring] == [("jishifa", 3)]
    house.clock.forward(days=4)
    later = await desk.upkeep.report(house.shop_id)
    assert [(one.entry.id, one.days) for one in later.expiring] == [("jishifa", -1)]
    assert "jishifa" not in ids(later.few_phrases), "its time is over"


async def test_never_shown_is_for_what_had_its_time(house: House, desk: Desk, owner: Agent) -> None:
    await take(house, {"fahuo": "好", "tuihuo": "好"})
    begin = house.clock()
    house.clock.forward(days=13)
    await add(house, owner, "later", "能刻字吗")
    await add(house, owner, "off", "能包装吗", enabled=False)
    today = house.clock().astimezone().date()
    await add(house, owner, "soon", "能自提吗", valid_from=(today + timedelta(13)).isoformat())
    await offered(house, 1, Item("tuihuo", 0.9))
    assert (await report(house)).never_shown == []
    house.clock.forward(days=1)
    assert [(one.id, since) for one, since in (await report(house)).never_shown] == [
        ("fahuo", begin)
    ]
    house.clock.forward(days=13)
    assert [one.id for one, _ in (await report(house)).never_shown] == ["fahuo", "later"]
    house.clock.forward(days=20)
    found = (await report(house)).never_shown
    assert {one.id for one, _ in found} == {"fahuo", "tuihuo", "later", "soon"}
    since = house.clock().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(30)
    assert [at for one, at in found if one.id == "tuihuo"] == [since], "what was is forgotten"


async def test_never_taken_was_shown_and_left(house: House) -> None:
    await take(house, FIRST)
    taken, edited = Item("tuihuo", 0.5, Outcome.TAKEN), Item("baoyou", 0.5, Outcome.EDITED)
    shown = (Item("tuihuo", 0.5), Item("baoyou", 0.5))
    await offered(house, 9, Item("fahuo", 0.9), *shown)
    await offered(house, 1, taken, edited)
    assert (await report(house)).never_taken == []
    await offered(house, 1, Item("fahuo", 0.9, Outcome.REJECTED), Item("gone", 0.5))
    assert [(one.id, shown) for one, shown in (await report(house)).never_taken] == [("fahuo", 10)]
    await offered(house, 1, Item("fahuo", 0.9, Outcome.TAKEN))
    assert (await report(house)).never_taken == []


async def test_often_edited_says_what_was_sent_instead(house: House, owner: Agent) -> None:
    await take(house, FIRST)
    for n in range(3):
        await sent(house, owner, "fahuo", FIRST["fahuo"], edited=False)
        await sent(house, owner, "tuihuo", f"亲，单号 7531234{n}567 七天内可退哦", edited=n > 0)
        await sent(house, owner, "baoyou", "满 99 元包邮", edited=False)
    assert (await report(house)).often_edited == []
    await sent(house, owner, "fahuo", "亲，今天就发", edited=True)
    await sent(house, owner, "tuihuo", "亲，单号 8881234567 七天内可以退哦", edited=True)
    await sent(house, owner, "tuihuo", "换货请拍照发我", edited=True)
    await sent(house, owner, "tuihuo", "不算", edited=True, private=True)
    chat, seq = await sent(house, owner, "tuihuo", "说错了", edited=True)
    await house.desk.floor.recall(owner, chat, seq)
    await sent(house, owner, "made-up", "没有这条", edited=True)
    found = (await report(house)).often_edited
    assert [(one.entry.id, one.sent, one.edited) for one in found] == [("tuihuo", 5, 4)]
    assert found[0].edits == [("亲，单号 *** 七天内可退哦", 3), ("换货请拍照发我", 1)]


async def rename(contact: str, name: str, tx: Tx) -> None:
    await tx.run("UPDATE contact SET name = $1 WHERE id = $2", name, contact)


async def test_a_shoppers_name_is_a_blank_again(house: House, owner: Agent) -> None:
    await take(house, FIRST)
    for name in ("王小明", "李雷", "韩梅梅", "赵六", "钱七"):
        chat = await house.chat("在吗")
        contact = (await house.conversation(chat)).contact_id
        await house.store.write(partial(rename, contact, name))
        await house.desk.floor.say(
            owner, chat, client_id=new_id(), text=f"{name}，今天发货",
            suggestion={"entry": "fahuo", "edited": True},
        )  # fmt: skip
    assert (await report(house)).often_edited[0].edits == [("{昵称}，今天发货", 5)]


async def test_figures_are_a_minute_old_and_closed_days_are_not_read_again(
    house: House, desk: Desk, owner: Agent
) -> None:
    await take(house, FIRST)
    await offered(house, 10, Item("fahuo", 0.9))
    first = await desk.upkeep.report(house.shop_id)
    assert [one.id for one, _ in first.never_taken] == ["fahuo"]
    await offered(house, 10, Item("tuihuo", 0.9))
    house.clock.forward(seconds=59)
    assert await desk.upkeep.report(house.shop_id) is first
    house.clock.forward(seconds=1)
    then = await desk.upkeep.report(house.shop_id)
    assert [one.id for one, _ in then.never_taken] == ["fahuo", "tuihuo"]
    for days, kept in ((1, 2), (1, 2), (27, 2), (2, 0)):
        house.clock.forward(days=days)
        assert len((await report(house)).never_taken) == kept
        assert len((await report(house)).never_taken) == kept, "counted once, not twice"


async def test_all_who_look_at_once_wait_for_one(
    house: House, desk: Desk, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(house, FIRST)
    looked = []

    def look(entries: Sequence[Entry], today: date) -> list[Pair]:
        looked.append(today)
        return duplicates(entries, today)

    monkeypatch.setattr("console.desk.upkeep.duplicates", look)
    found = await asyncio.gather(*(desk.upkeep.report(house.shop_id) for _ in range(20)))
    assert len({id(one) for one in found}) == len(looked) == 1
    await asyncio.gather(
        add(house, owner, "kezi", "能刻字吗"),
        *(desk.upkeep.report(house.shop_id) for _ in range(20)),
    )
    assert "kezi" in ids((await desk.upkeep.report(house.shop_id)).few_phrases)
    assert len(looked) <= 3


async def test_who_stops_waiting_stops_nobody_else(house: House, desk: Desk) -> None:
    await take(house, FIRST)
    left = asyncio.create_task(desk.upkeep.report(house.shop_id))
    stayed = asyncio.create_task(desk.upkeep.report(house.shop_id))
    await asyncio.sleep(0)
    left.cancel()
    assert ids((await stayed).few_phrases) == ["tuihuo", "baoyou"]


def test_common_answers_are_one_whatever_their_little_words() -> None:
    texts = ["今天发货哦", "今天发货的", "今天发货", "请拍照给我", "请拍照给我呀", "无", "，，"]
    assert common(texts) == [("今天发货", 3), ("请拍照给我", 2), ("无", 1)]
    assert common([*texts, texts[0]])[0] == ("今天发货哦", 4)
    assert common([]) == []
