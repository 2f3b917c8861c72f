"""A changed file meets a changed shop, and the shop's entries go back into the owner's file."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import entries
from knowledge.entry import Entry, Variant
from knowledge.merge import merge, write_back
from tests.knowledge.conftest import ROOT

A = Entry(id="a", question="什么时候发货", answer="48 小时内")
B = Entry(id="b", question="怎么退款", answer="申请即可")
A2, A3 = replace(A, answer="24 小时内"), replace(A, answer="当天")

OWN = """\
# 店里的知识
version: 1

shop: {name: 青瓷小店}   # 店名

entries:
  # ---- 物流 ----

  # 最常问的一条
  - id: a
    question: 什么时候发货   # 标题
    similar:      # 至少三种
      - 几天发货  # 口语
      # 下面这条是错别字
      - 什么时侯发货
    # 答案的说明
    answer: |-
      亲，48 小时内发货。

      # 这一行是答案
    category: 物流

  # 退款
  - id: b
    question: "怎么退款"
    answer: >-
      申请即可，
      三天到账。
# 文件的结尾
"""


@pytest.mark.parametrize(
    ("base", "file", "shop", "told"),
    [
        ([], [A], [], "new a"),
        ([A], [A2], [A], "changed a"),
        ([A], [], [A], "removed a"),
        ([A], [A], [A], "unchanged a"),
        ([A], [A], [A2], "unchanged a"),
        ([A], [A2], [A2], "unchanged a"),
        ([A], [A2], [A3], "conflict a"),
        ([A], [A2], [], "conflict a"),
        ([A], [], [A2], "conflict a"),
        ([], [A], [A2], "conflict a"),
        ([], [A], [A], "unchanged a"),
        ([], [], [A], "unchanged a"),
        ([A], [], [], ""),
        ([A], [A], [], ""),
    ],
)
def test_merge_of_one_entry(
    base: list[Entry], file: list[Entry], shop: list[Entry], told: str
) -> None:
    merged = merge(base, file, shop)
    kinds = [f"new {e.id}" for e in merged.new] + [f"changed {e.id}" for e in merged.changed]
    kinds += [f"removed {key}" for key in merged.removed]
    kinds += [f"unchanged {key}" for key in merged.unchanged]
    kinds += [f"conflict {c.id}" for c in merged.conflicts]
    assert kinds == ([told] if told else [])


def test_a_conflict_shows_all_three_sides() -> None:
    (conflict,) = merge([A, B], [A2, B], [A3, B]).conflicts
    assert (conflict.base, conflict.file, conflict.shop) == (A, A2, A3)


SIDES = st.lists(
    st.builds(
        Entry, id=st.sampled_from("abc"), question=st.just("q"), answer=st.sampled_from("xyz")
    ),
    unique_by=lambda entry: entry.id,
)


@settings(deadline=None)
@given(SIDES, SIDES, SIDES)
def test_merging_touches_only_what_the_file_changed(
    base: list[Entry], file: list[Entry], shop: list[Entry]
) -> None:
    merged = merge(base, file, shop)
    before, theirs = ({e.id: e for e in side} for side in (base, file))
    touched = {e.id for e in (*merged.new, *merged.changed)} | set(merged.removed)
    assert all(before.get(key) != theirs.get(key) for key in touched)
    assert not touched & {c.id for c in merged.conflicts}
    again = merge(file, file, shop)
    assert (again.new, again.changed, again.removed, again.conflicts) == ((), (), (), ())


def read(text: str) -> list[Entry]:
    reading = entries.read(text, file="faq.yaml")
    assert reading.errors == ()
    return list(reading.entries)


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that only one of the two has."""
    old, new = before.splitlines(), after.splitlines()
    return [x for x in old if x not in new], [x for x in new if x not in old]


def test_nothing_changed_is_the_same_bytes() -> None:
    for text in (OWN, OWN.replace("\n", "\r\n"), OWN.rstrip("\n"), "\ufeff" + OWN):
        assert write_back(text, read(text)) == text
    own_file = (ROOT / "faq.yaml").read_text("utf-8")
    assert write_back(own_file, reversed(read(own_file))) == own_file


@pytest.mark.parametrize(
    ("edit", "gone", "come"),
    [
        ({"question": "何时发货"}, ["    question: 什么时候发货   # 标题"],
         ["    question: 何时发货   # 标题"]),
        ({"similar": ("几天发货", "什么时侯发货", "多久发")}, [], ["      - 多久发"]),
        ({"similar": ("什么时侯发货",)}, ["      - 几天发货  # 口语"], []),
        ({"similar": ()},
         ["    similar:      # 至少三种", "      - 几天发货  # 口语", "      # 下面这条是错别字",
          "      - 什么时侯发货"], []),
        ({"answer": "当天发"}, ["    answer: |-", "      亲，48 小时内发货。",
                             "      # 这一行是答案"], ["    answer: 当天发"]),
        ({"shortcut": "fh"}, [], ["    shortcut: fh"]),
        ({"hot": True}, [], ["    hot: true"]),
        ({"enabled": False}, [], ["    enabled: false"]),
        ({"valid_to": date(2026, 12, 1)}, [], ["    valid_to: 2026-12-01"]),
        ({"category": "no"}, ["    category: 物流"], ['    category: "no"']),
        ({"note": "a: b #c"}, [], ['    note: "a: b #c"']),
    ],
)  # fmt: skip
def test_only_the_lines_of_a_changed_field_change(
    edit: dict[str, object], gone: list[str], come: list[str]
) -> None:
    first, second = read(OWN)
    wanted = [replace(first, **edit), second]  # type: ignore[arg-type]
    text = write_back(OWN, wanted)
    assert changed_lines(OWN, text) == (gone, come)
    assert read(text) == wanted


def test_new_entries_come_last() -> None:
    fresh = Entry(id="c", question="在吗", answer="在的\n请讲", similar=("有人吗",), hot=True)
    text = write_back(OWN, [*read(OWN), fresh])
    assert read(text)[-1] == fresh
    head, tail = OWN.split("# 文件的结尾")
    assert text.startswith(head)
    assert text.endswith("# 文件的结尾" + tail)


def test_deleted_entries_take_their_comment_along() -> None:
    first, second = read(OWN)
    text = write_back(OWN, [second])
    assert "最常问的一条" not in text
    assert "物流 ----" in text
    assert "# 退款\n  - id: b" in text
    text = write_back(OWN, [first])
    assert "退款" not in text
    assert "# 文件的结尾" in text


@pytest.mark.parametrize(
    "text",
    ["", "\ufeff", "version: 1\nentries: []\n", "version: 1\nentries:\n  # 空\nshop: a",
     "entries: [{id: x, question: q, answer: a}]  # 一行\nshop: a\n",
     "entries:\n- id: x\n  question: q\n  answer: a",
     "entries:\n  -\n    id: x\n    question: q\n    answer: a\n",
     "entries:\n  - {id: x, question: q, answer: a}\n",
     "entries:\n  - question: q\n    id: a\n    answer: z\n"],
)  # fmt: skip
def test_other_layouts(text: str) -> None:
    for wanted in ([A, B], [A2], []):
        written = write_back(text, wanted)
        assert {e.id: e for e in read(written)} == {e.id: e for e in wanted}
        assert ("shop: a" in written) == ("shop: a" in text)


def test_a_file_with_errors_is_not_written_into() -> None:
    with pytest.raises(ValueError, match="errors"):
        write_back("entries: 1", [A])


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc", "Cs"])
    | st.sampled_from("\n:#-'\"[]{}&*!|>%@` \t\\~"),
    min_size=1,
    max_size=25,
).map(str.strip).filter(lambda text: text not in ("", "\ufeff"))  # fmt: skip
ENTRIES = st.lists(
    st.builds(
        Entry,
        id=st.sampled_from(["a", "b", "c", "d"]),
        question=WORDS,
        answer=WORDS,
        similar=st.lists(WORDS, max_size=3).map(tuple),
        negative=st.lists(WORDS, max_size=2).map(tuple),
        shortcut=st.none(),
        hot=st.booleans(),
        enabled=st.booleans(),
        valid_to=st.none() | st.dates(),
        note=st.just("") | WORDS,
        weekdays=st.sets(st.integers(1, 7)).map(lambda days: tuple(sorted(days))),
        variants=st.lists(st.builds(Variant, answer=WORDS, level=WORDS), max_size=1).map(tuple),
        owner=st.just("") | WORDS,
    ),
    unique_by=lambda entry: entry.id,
)


@settings(deadline=None, max_examples=60)
@given(ENTRIES, st.sampled_from([OWN, OWN.replace("\n", "\r\n"), OWN[:-1], ""]))
def test_whatever_is_written_reads_back(wanted: list[Entry], text: str) -> None:
    written = write_back(text, wanted)
    assert {e.id: e for e in read(written)} == {e.id: e for e in wanted}
    assert write_back(written, wanted) == written
    assert "# 文件的结尾" in written or text == ""
