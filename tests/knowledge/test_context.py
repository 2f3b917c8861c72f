"""What is known beside the words: who speaks where, what was said before, what numbers are."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge import Context, Entry, KnowledgeBase, Variant
from tests.knowledge.test_matcher import SMALL, entry, first


@pytest.mark.parametrize(
    ("context", "there"),
    [
        (Context(), True),
        (Context(channel="widget", group="售前"), True),
        (Context(channel="mail", group="售前"), False),
        (Context(channel="widget", group="售后"), False),
        (Context(channel="widget"), True),
    ],
)
def test_scope_excludes(context: Context, there: bool) -> None:
    own = replace(entry("own", "满减怎么算"), channels=("widget", "wechat"), groups=("售前",))
    found = KnowledgeBase([*SMALL, own]).suggest("满减怎么算", context)
    assert ("own" in [one.entry for one in found]) is there


def test_what_is_switched_off_is_never_said() -> None:
    own = replace(entry("own", "满减怎么算"), enabled=False)
    kb = KnowledgeBase([*SMALL, own])
    assert "own" not in [one.entry for one in kb.suggest("满减怎么算")]
    again = kb.with_entry(replace(own, enabled=True))
    assert first("满减怎么算", again) == "own"
    assert "own" not in [one.entry for one in again.with_entry(own).suggest("满减怎么算")]


@pytest.mark.parametrize(("agent", "there"), [("王芳", True), ("李雷", False), (None, False)])
def test_what_is_personal_is_its_owners(agent: str | None, there: bool) -> None:
    own = replace(entry("own", "满减怎么算"), owner="王芳", personal=True)
    found = KnowledgeBase([*SMALL, own]).suggest("满减怎么算", Context(agent=agent))
    assert ("own" in [one.entry for one in found]) is there


@pytest.mark.parametrize(
    ("channel", "level", "words"),
    [
        (None, None, "常用"),
        ("mail", None, "邮件"),
        ("mail", "金卡", "邮件金卡"),
        ("wechat", "金卡", "金卡"),
        ("wechat", "银卡", "常用"),
        ("widget", "金卡", "网页"),
    ],
)
def test_the_most_exact_wording_is_said(channel: str | None, level: str | None, words: str) -> None:
    variants = (
        Variant("金卡", level="金卡"), Variant("邮件", "mail"), Variant("网页", "widget"),
        Variant("邮件金卡", "mail", "金卡"),
    )  # fmt: skip
    assert Entry("a", "q", "常用", variants=variants).wording(channel, level) == words


def test_an_answer_may_hold_on_some_days_of_the_week() -> None:
    weekend = Entry("a", "q", "a", weekdays=(6, 7))
    assert [weekend.is_valid(date(2026, 11, day)) for day in (27, 28, 29, 30)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_the_stage_decides_between_equals() -> None:
    kb = KnowledgeBase(
        [
            replace(entry("before", "运费多少钱"), tags=("售前",)),
            replace(entry("after", "运费多少元"), category="售后/退货"),
        ]
    )
    for stage, key in (("售前", "before"), ("售后", "after")):
        assert first("运费是多少", kb, Context(stage=stage)) == key


def test_an_elliptical_question_leans_on_two_turns() -> None:
    kb = KnowledgeBase(
        [entry("jp-fee", "寄到日本的运费", "日本邮费"), entry("fee", "本地的运费", "本地邮费")]
    )
    said = Context(earlier=("能寄到日本吗", "多少天能到呢"))
    assert first("那运费呢", kb, said) == "jp-fee"


ORDERS = KnowledgeBase(
    [
        *SMALL,
        Entry("order", "我的订单到哪一步了", "正在为您查 {订单号}", similar=("查订单", "看下订单")),
        Entry("parcel", "快递到哪了", "看物流", similar=("查物流", "查快递")),
        entry("size", "尺码怎么选", "穿多大的码"),
    ]
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("3728192837465018", "order"),
        ("订单号 20261127123456789", "order"),
        ("我的订单是３７２８１９２８３７４６５０１８", "order"),
        ("SF1234567890123", "parcel"),
        ("运单号YT9988776655443", "parcel"),
        ("身高165 体重110斤", "size"),
        ("我168cm 55kg 合适吗", "size"),
        ("XL码", "size"),
    ],
)
def test_numbers_are_known_for_what_they_are(text: str, key: str) -> None:
    assert first(text, ORDERS) == key


@pytest.mark.parametrize("text", ["13812345678", "12", "2026"])
def test_other_numbers_are_no_orders(text: str) -> None:
    assert not any(one.show for one in ORDERS.suggest(text))
