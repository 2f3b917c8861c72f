"""Which entries need a hand, by what they say themselves."""

from datetime import date, timedelta

import pytest

from knowledge import Entry, Variant
from knowledge.condition import Around, broken, expiring, few_phrases

TODAY = date(2026, 1, 5)
AROUND = Around({"widget"}, {"售前", "售后"}, {"there"})


def entry(
    entry_id: str = "a", similar: tuple[str, ...] = ("几时发", "多久发"), **more: object
) -> Entry:
    fields = {"question": "什么时候发货", "answer": "明天。", **more}
    return Entry(entry_id, similar=similar, **fields)  # type: ignore[arg-type]


def test_few_phrases_are_fewest_first_of_those_in_use() -> None:
    found = few_phrases(
        [
            entry("two", ("几时发",)),
            entry("three"),
            entry("one", ()),
            entry("off", (), enabled=False),
            entry("over", (), valid_to=TODAY - timedelta(1)),
            entry("later", (), valid_from=TODAY + timedelta(9)),
        ],
        TODAY,
    )
    assert [one.id for one in found] == ["one", "later", "two"]


@pytest.mark.parametrize(
    ("fields", "findings"),
    [
        ({}, []),
        ({"similar": (), "answer": "长" * 900}, []),
        ({"answer": "{昵称}，{快递}已发"}, [("answer", "unknown_variable")]),
        (
            {"variants": (Variant("{快递}", "fax"),)},
            [
                ("variants[0].answer", "unknown_variable"),
                ("variants[0].channel", "unknown_channel"),
            ],
        ),
        ({"related": ("there", "gone")}, [("related[1]", "related_gone")]),
        ({"negative": ("换货", "几时")}, [("negative[1]", "negative_hits_own")]),
        ({"similar": ("几时发", "？？")}, [("similar[1]", "wordless_phrase")]),
        ({"question": "🎉"}, [("question", "wordless_phrase")]),
        ({"channels": ("widget", "wechat")}, [("channels[1]", "unknown_channel")]),
        ({"groups": ("售中", "售前")}, [("groups[0]", "unknown_group")]),
        ({"groups": ("售中",), "enabled": False}, []),
        ({"groups": ("售中",), "valid_to": TODAY - timedelta(1)}, []),
    ],
)
def test_what_breaks_an_entry(fields: dict[str, object], findings: list[tuple[str, str]]) -> None:
    one = entry(**fields)  # type: ignore[arg-type]
    found = broken([one], TODAY, AROUND)
    assert [(each.field, each.code) for _, some in found for each in some] == findings
    assert [each for each, _ in found] == [one] * bool(findings)
    for _, some in found:
        assert all(each.message(language) for each in some for language in ("zh-CN", "en"))


@pytest.mark.parametrize(
    ("days", "listed"),
    [(0, True), (14, True), (15, False), (-1, True), (-30, True), (-31, False)],
)
def test_a_last_day_is_near_or_was(days: int, listed: bool) -> None:
    last = TODAY + timedelta(days)
    found = expiring([entry(valid_to=last), entry("b")], TODAY)
    assert [(one.entry.id, one.last, one.days) for one in found] == [("a", last, days)] * listed
    assert expiring([entry(valid_to=last, enabled=False)], TODAY) == []


def test_the_next_stand_first_and_then_the_latest() -> None:
    entries = [entry(str(n), valid_to=TODAY + timedelta(n)) for n in (-9, 3, -1, 0, 14)]
    assert [one.days for one in expiring(entries, TODAY)] == [0, 3, 14, -1, -9]
