"""An entry as filled in is held to what the file's reader holds it to."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import entries, form
from knowledge.emit import entry_lines
from knowledge.entry import Entry, Variant

GOOD = Entry("a", "什么时候发货", "两天内", similar=("几天发货", "啥时候寄"))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"id": ""}, "id", "missing"),
        ({"id": "a b"}, "id", "a b"),
        ({"id": "x" * 65}, "id", "64"),
        ({"question": ""}, "question", "missing"),
        ({"question": "长" * 501}, "question", "501"),
        ({"answer": ""}, "answer", "missing"),
        ({"answer": "长" * 8001}, "answer", "8000"),
        ({"answer": "好\x07"}, "answer", "characters"),
        ({"category": "长" * 51}, "category", "51"),
        ({"shortcut": "f" * 33}, "shortcut", "33"),
        ({"note": "长" * 2001}, "note", "2001"),
        ({"similar": ("好", "长" * 501)}, "similar[1]", "501"),
        ({"negative": ("长" * 51,)}, "negative[0]", "51"),
        ({"tags": ("长" * 51,)}, "tags[0]", "51"),
        ({"channels": ("c" * 33,)}, "channels[0]", "33"),
        ({"groups": ("长" * 51,)}, "groups[0]", "51"),
        ({"pictures": ("p" * 41,)}, "pictures[0]", "41"),
        ({"related": ("r" * 65,)}, "related[0]", "65"),
        ({"owner": "长" * 51}, "owner", "51"),
        ({"weekdays": (1, 8)}, "weekdays", "8"),
        ({"variants": (Variant("好"),)}, "variants[0]", "channel or its level"),
        ({"variants": (Variant("", "mail"),)}, "variants[0].answer", "missing"),
        ({"variants": (Variant("长" * 8001, "mail"),)}, "variants[0].answer", "8001"),
        ({"variants": (Variant("好", "c" * 33),)}, "variants[0].channel", "33"),
        ({"variants": (Variant("好", "", "长" * 51),)}, "variants[0].level", "51"),
        (
            {"variants": (Variant("一", "mail", "vip"), Variant("二", " mail", "vip"))},
            "variants[1]",
            "same channel",
        ),
        ({"valid_from": date(2026, 2, 2), "valid_to": date(2026, 2, 1)}, "valid_to", "2026-02-01"),
    ],
)
def test_each_error_names_its_field(fields: dict[str, Any], field: str, said: str) -> None:
    (found,) = form.wrong(form.tidy(replace(GOOD, **fields)))
    assert (found.field, found.severity) == (field, "error")
    assert said in found.message("en")
    assert found.message("zh-CN") != found.message("en")


def test_what_was_wrong_before_is_not_said_again() -> None:
    old = replace(GOOD, category="长" * 51)
    assert form.wrong(replace(old, note="新"), old) == []
    assert [one.field for one in form.wrong(replace(old, note="长" * 2001), old)] == ["note"]


def test_what_says_nothing_is_dropped() -> None:
    filled = replace(
        GOOD, question=" 什么时候发货 ", shortcut=" ", tags=("", " 大促 "),
        similar=("什么时候发货？", "几天发货", "", "幾天發貨", "😀", "👍", "😀"),
    )  # fmt: skip
    tidy = form.tidy(filled)
    assert tidy.similar == ("几天发货", "😀", "👍")
    assert (tidy.question, tidy.shortcut, tidy.tags) == ("什么时候发货", None, ("大促",))
    assert form.tidy(tidy) == tidy
    assert form.wrong(tidy) == []


def test_warnings_are_no_errors() -> None:
    found = form.alone(replace(GOOD, answer="{尺码}", negative=("发货",), similar=()))
    assert {(one.field, one.code) for one in found} == {
        ("similar", "few_phrases"), ("answer", "unknown_variable"),
        ("negative[0]", "negative_hits_own"),
    }  # fmt: skip
    assert {one.severity for one in found} == {"warning"}


@given(st.builds(Entry, *[st.text(max_size=12)] * 3, similar=st.tuples(st.text(max_size=9))))
def test_what_passes_here_passes_in_a_file(entry: Entry) -> None:
    tidy = form.tidy(entry)
    if not form.wrong(tidy):
        text = "\n".join(["entries:", *entry_lines(tidy, 2), ""])
        assert entries.read(text, file="f").entries == (tidy,)
