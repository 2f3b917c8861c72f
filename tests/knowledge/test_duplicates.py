"""Entries that answer the same: none missed that `likeness` would find, none twice, none alone."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import Entry, chinese
from knowledge.duplicates import LIMIT, MOST_SAME, Pair, duplicates
from knowledge.entries import read
from knowledge.likeness import core, likeness
from tests.knowledge.test_grouping import APART, SAME

TODAY = date(2026, 1, 5)
SHIPPED = Path(__file__).resolve().parents[2] / "faq.yaml"


def entry(entry_id: str, *phrases: str, **more: object) -> Entry:
    return Entry(entry_id, phrases[0], "答", similar=phrases[1:], **more)  # type: ignore[arg-type]


def found(*entries: Entry) -> list[Pair]:
    return duplicates(entries, TODAY)


def ids(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    return [(one.entry.id, one.other.id) for one in pairs]


def test_the_same_words_are_the_same_however_they_are_typed() -> None:
    one = entry("a", "怎么退货", "什么时候發貨？")
    other = entry("b", "开发票吗", "请问什么时候发货", "包邮吗")
    assert found(one, other) == [
        Pair(one, other, 1.0, True, ("什么时候發貨？", "请问什么时候发货"))
    ]


def test_near_ones_come_after_the_same_the_likest_first() -> None:
    pairs = found(
        entry("a", "可以开增值税发票吗"),
        entry("b", "怎么清洗杯子"),
        entry("c", "能开增值税发票吗"),
        entry("d", "杯子怎么清洗", "怎么清洗杯子"),
        entry("e", "能开增值税专用发票吗"),
    )
    assert ids(pairs)[:2] == [("b", "d"), ("a", "c")]
    assert [one.same for one in pairs] == [True] + [False] * (len(pairs) - 1)
    near = [one.likeness for one in pairs[1:]]
    assert near == sorted(near, reverse=True)
    assert all(LIMIT <= one < 1.0 for one in near)


def test_three_of_a_kind_are_three_pairs_and_many_are_not_all() -> None:
    assert ids(found(*(entry(f"e{n}", "包邮吗", "包邮么") for n in range(3)))) == [
        ("e0", "e1"),
        ("e0", "e2"),
        ("e1", "e2"),
    ]
    many = found(*(entry(f"e{n}", "包邮吗") for n in range(200)))
    assert len(many) < 200 * (MOST_SAME + 13)
    assert {one for pair in ids(many) for one in pair} == {f"e{n}" for n in range(200)}


def test_two_phrasings_of_one_entry_are_no_pair() -> None:
    assert found(entry("a", "包邮吗", "包邮么", "包邮吗？")) == []
    assert found(entry("a", "？？", "包邮吗"), entry("b", "！")) == []
    assert found() == found(entry("a", "包邮吗")) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "meet"),
    [
        ({"enabled": False}, {}, False),
        ({"valid_to": date(2026, 1, 4)}, {}, False),
        ({"valid_to": TODAY}, {}, True),
        ({"valid_to": date(2026, 3, 1)}, {"valid_from": date(2026, 3, 2)}, False),
        ({"valid_to": date(2026, 3, 2)}, {"valid_from": date(2026, 3, 2)}, True),
        ({"channels": ("widget",)}, {"channels": ("wechat",)}, False),
        ({"channels": ("widget",)}, {"channels": ("wechat", "widget")}, True),
        ({"channels": ("widget",)}, {}, True),
        ({"groups": ("售前",)}, {"groups": ("售后",)}, False),
        ({"groups": ("售前",)}, {"channels": ("widget",)}, True),
    ],
)
def test_only_those_that_can_meet(
    mine: dict[str, object], theirs: dict[str, object], meet: bool
) -> None:
    pairs = found(entry("a", "包邮吗", **mine), entry("b", "包邮吗", **theirs))
    assert bool(pairs) == meet


def test_what_a_text_is_about() -> None:
    assert core("有没有上门安装") == core("能上门安装吗") == "上门安装"
    assert core("多少") == "多少"


def test_nothing_is_missed_that_comparing_all_pairs_finds() -> None:
    texts = [text for group in SAME for text in group]
    texts += [text for pair in APART for text in pair]
    entries = [entry(f"e{n}", text) for n, text in enumerate(dict.fromkeys(texts))]
    wanted = {
        (one.id, other.id)
        for one, other in combinations(entries, 2)
        if likeness(chinese.plain(one.question), chinese.plain(other.question)) >= LIMIT
    }
    pairs = found(*entries)
    assert set(ids(pairs)) == wanted
    assert len(pairs) == len(wanted) > 30


def test_the_shipped_knowledge_is_nearly_without() -> None:
    reading = read(SHIPPED.read_text("utf-8"), file="faq.yaml")
    pairs = duplicates(reading.entries, date(2026, 1, 5))
    assert not any(one.same for one in pairs)
    assert len(pairs) <= 3


@settings(max_examples=50)
@given(
    st.lists(
        st.lists(st.text("发货退款邮吗呢什么时候1 ？", max_size=8), min_size=1, max_size=3),
        max_size=8,
    )
)
def test_each_pair_once_and_in_order(phrases: list[list[str]]) -> None:
    entries = [entry(f"e{n}", *some) for n, some in enumerate(phrases)]
    pairs = found(*entries)
    assert len(set(ids(pairs))) == len(pairs)
    for one in pairs:
        assert int(one.entry.id[1:]) < int(one.other.id[1:])
        assert one.phrases[0] in one.entry.phrases
        assert one.phrases[1] in one.other.phrases
        words = [chinese.wording(phrase) for phrase in one.phrases]
        assert (words[0] == words[1]) == one.same


def test_the_order_of_entries_does_not_matter() -> None:
    entries = [entry(f"e{n}", text) for n, text in enumerate(t for group in SAME for t in group)]
    one = {frozenset(pair) for pair in ids(found(*entries))}
    assert {frozenset(pair) for pair in ids(found(*entries[::-1]))} == one
