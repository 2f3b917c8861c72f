"""Texts and answers tried out: what would be found and said, without a trace."""

from dataclasses import dataclass

import pytest

from channels.base import Abilities
from channels.widget import Widget
from console.desk import Desk
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import AgentId, Availability, Role
from console.store import people
from knowledge.suggestion import MOST_LIFT
from tests.desk.faq import FIRST, take
from tests.desk.house import House

TABLES = ("offer", "asked", "event", "message", "conversation")


@dataclass(frozen=True)
class One:
    channel: str = ""
    level: str = ""
    answer: str = ""


def someone(house: House) -> Agent:
    return Agent(AgentId("tester"), house.shop_id, "试用", Role.AGENT, 0, Availability.AWAY)


@pytest.fixture
async def desk(house: House) -> Desk:
    """With a shelf, warm."""
    await take(house, FIRST)
    await house.desk.library.warm()
    return house.desk


async def test_it_finds_what_a_shoppers_message_would(house: House, desk: Desk) -> None:
    texts = ["几天发货", "大概几天能发货呀", "今天天气真好", "怎么退货？包邮吗？"]
    found = await desk.trying.match(someone(house), texts)
    assert [one.text for one in found] == texts
    exact, near, nothing, _ = found
    assert (exact.found[0].entry.id, exact.found[0].gate) == ("fahuo", "sure")
    assert near.found[0].entry.id == "fahuo"
    assert near.found[0].suggestion.phrase == "几天发货"
    assert [one.gate for one in nothing.found] == ["below"] * len(nothing.found)
    for one in found:
        scores = [each.suggestion.score for each in one.found]
        assert scores == sorted(scores, reverse=True)
        first, second, *_ = [*scores, 0, 0]
        assert one.lead == round(first - second, 4)
        assert {each.gate for each in one.found[1:]} <= {"shown", "below"}
    assert (await desk.trying.match(someone(house), ["？"]))[0].lead == 0


async def test_limits_are_the_shops_own(house: House, desk: Desk) -> None:
    text = "大概几天发货呀"
    assert (await desk.trying.match(someone(house), [text]))[0].found[0].gate != "below"
    await desk.gating.set(house.shop_id, show=1.0, sure=1.0, lead=0.0)
    assert (await desk.trying.match(someone(house), [text]))[0].found[0].gate == "below"


async def test_channel_and_group_keep_out_what_is_for_others(house: House, desk: Desk) -> None:
    owner = await house.agent("店主", role=Role.OWNER)
    fields = {"id": "kezi", "question": "能刻字吗", "answer": "能", "channels": ["webhook"]}
    await desk.editing.create(owner, {**fields, "groups": ["售前"]})

    async def first(channel: str = "", group: str = "") -> str | None:
        found = await desk.trying.match(someone(house), ["能刻字吗"], channel=channel, group=group)
        return found[0].found[0].entry.id if found[0].found else None

    known = await house.store.read(lambda tx: people.groups(tx, house.shop_id))
    groups = {one.name: one.id for one in known}
    assert await first() == await first("webhook") == await first("webhook", "售前") == "kezi"
    assert await first("webhook", groups["售前"]) == "kezi", "by its id too"
    assert await first("widget") != "kezi"
    assert await first("webhook", "售后") != "kezi"
    for wrong in ({"channel": "fax"}, {"group": "夜班"}):
        with pytest.raises(Refused, match=r"fax|夜班") as no:
            await first(**wrong)
        assert no.value.code == "invalid"


async def test_what_use_has_taught_counts(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳")
    text = "你们什么时候发货呀"
    assert (await desk.trying.match(someone(house), [text]))[0].found[0].suggestion.lift == 0
    for _ in range(2):
        chat = await house.chat(text)
        conversation = await house.conversation(chat)
        found = await desk.prompter.ask(agent, chat, text)
        shown = (await desk.trying.match(someone(house), [text]))[0].found
        await desk.learning.offered(conversation, 1, text, [one.suggestion for one in shown])
        used = {"entry": found[0].entry, "edited": False}
        await desk.floor.say(agent, chat, client_id=f"client-{chat}", text="好", suggestion=used)
    tried = (await desk.trying.match(someone(house), [text], channel="widget"))[0].found[0]
    assert tried.suggestion.lift == MOST_LIFT, "answered twice by it"


async def test_it_leaves_no_trace(house: House, desk: Desk) -> None:
    await house.chat("几天发货")
    await desk.asked.keep()
    before = {name: await house.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in TABLES}
    house.heard.clear()
    await desk.trying.match(someone(house), ["几天发货", "火星基地几点开门"] * 25)
    await desk.trying.preview(house.shop_id, "{昵称}，好", [One(level="金卡", answer="好")])
    await desk.asked.keep()
    assert house.heard == []
    for name in TABLES:
        assert await house.rows(f"SELECT * FROM {name} ORDER BY 1, 2") == before[name], name


async def test_an_answer_on_each_channel_to_each_level(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"secret": "s", "url": "https://shop.example/hook"}
    await desk.inboxes.add(house.shop_id, "webhook", "店铺程序", settings)
    monkeypatch.setattr(Widget, "abilities", Abilities(max_text=12, unit="bytes"))
    variants = [
        One(level="金卡", answer="*金卡*{昵称}免运费"),
        One(channel="webhook", answer="程序里说"),
        One(channel="fax", level="银卡", answer="传真"),
    ]
    answer = "{昵称}，**48** 小时发货，单号 {订单号}，{快递}"
    found = await desk.trying.preview(
        house.shop_id, answer, variants, {"昵称": "<小*王*>", "快递": "顺丰"}
    )
    assert [(one.channel, one.level, one.text) for one in found.shown] == [
        ("widget", "", "<小*王*>，48 小时发货，单号 您的订单，{快递}"),
        ("widget", "金卡", "金卡<小*王*>免运费"),
        ("widget", "银卡", "<小*王*>，48 小时发货，单号 您的订单，{快递}"),
        ("webhook", "", "程序里说"),
        ("webhook", "金卡", "程序里说"),
        ("webhook", "银卡", "程序里说"),
    ]
    gold = found.shown[1]
    assert gold.html == "<p><em>金卡</em>&lt;小*王*&gt;免运费</p>"
    assert (gold.length, gold.parts, gold.abilities.unit) == (len(gold.text.encode()), 3, "bytes")
    assert (found.shown[3].length, found.shown[3].parts) == (4, 1)
    assert [(one.name, one.known, one.fallback) for one in found.blanks] == [
        ("昵称", True, "亲"),
        ("订单号", True, "您的订单"),
        ("快递", False, ""),
    ]


async def test_without_an_inbox_of_its_kind_the_widget_is_there_still(
    house: House, desk: Desk
) -> None:
    found = await desk.trying.preview(house.shop_id, " ")
    assert [(one.channel, one.level, one.length, one.parts) for one in found.shown] == [
        ("widget", "", 1, 0)
    ]
    assert found.blanks == []
