"""Rows meet the shop's entries: whatever the file, each row is one entry, and stays that one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import formats
from knowledge.entry import Entry
from knowledge.formats import Sheet, qianniu, workbook
from knowledge.incoming import Incoming, Kept, incoming

ROWS = st.lists(
    st.builds(
        Entry,
        id=st.just(""),
        question=st.sampled_from(["甲", "乙"]),
        answer=st.sampled_from(["一", "二", "三"]),
        category=st.sampled_from(["", "物流"]),
        shortcut=st.sampled_from([None, "fh", "th"]),
    ),
    max_size=5,
)


def sheet(form: formats.Format, rows: list[Entry]) -> Sheet:
    return formats.read(form.write(rows), file=f"x{form.EXTENSION}")


def taken(kept: dict[str, Kept], file: Sheet) -> Incoming:
    """The shop after the import."""
    coming = incoming(file, kept.values())
    said = {one.id: one for one in coming.entries}
    for one in (*coming.merge.new, *coming.merge.changed):
        before = kept[one.id].said if one.id in kept else {}
        kept[one.id] = Kept(one, {**before, file.format: said[one.id]})
    for key in set(coming.merge.unchanged) & said.keys():
        kept[key] = replace(kept[key], said={**kept[key].said, file.format: said[key]})
    return coming


@pytest.mark.parametrize("form", [qianniu, workbook], ids=lambda one: one.NAME)
@settings(deadline=None, max_examples=60)
@given(first=ROWS, second=ROWS)
def test_every_row_is_one_entry_and_stays_it(
    form: formats.Format, first: list[Entry], second: list[Entry]
) -> None:
    kept: dict[str, Kept] = {}
    for rows in (first, second):
        file = sheet(form, rows)
        coming = taken(kept, file)
        assert len({one.id for one in coming.entries}) == len(rows)
        assert coming.merge.conflicts == ()
        for row, one in zip(file.entries, coming.entries, strict=True):
            now = kept[one.id].entry
            assert all(getattr(now, name) == getattr(row, name) for name in file.carried)
        again = taken(kept, file).merge
        assert (again.new, again.changed, again.conflicts) == ((), (), ())
        assert len(again.unchanged) == len(rows)


@pytest.mark.parametrize("form", [qianniu, workbook], ids=lambda one: one.NAME)
@settings(deadline=None, max_examples=60)
@given(first=ROWS, answers=st.lists(st.sampled_from(["一", "改过的"]), min_size=5, max_size=5))
def test_what_the_shop_has_edited_goes_out_and_comes_home(
    form: formats.Format, first: list[Entry], answers: list[str]
) -> None:
    kept: dict[str, Kept] = {}
    taken(kept, sheet(form, first))
    for key, answer in zip(list(kept), answers, strict=False):
        kept[key] = replace(kept[key], entry=replace(kept[key].entry, answer=answer))
    back = incoming(sheet(form, [one.entry for one in kept.values()]), kept.values()).merge
    assert (back.new, back.changed, back.conflicts) == ((), (), ())


def test_fields_without_a_column_stay() -> None:
    entry = Entry("a", "甲", "一", hot=True, shortcut="fh", note="内部")
    (changed,) = incoming(
        sheet(workbook, [Entry("", "甲", "二")]), [Kept(entry, {"faq": entry})]
    ).merge.changed
    assert changed == replace(entry, answer="二")


def test_a_code_alone_takes_over_nothing() -> None:
    """The shop's other entry with that code may be about something else."""
    entry = Entry("a", "甲", "一", shortcut="fh")
    file = sheet(qianniu, [Entry("", "", "二", shortcut="fh"), Entry("", "", "三", shortcut="fh")])
    merge = incoming(file, [Kept(entry, {"faq": entry})]).merge
    assert [one.id for one in merge.conflicts] == ["a"]
    assert [one.id for one in merge.new] == ["qn.fh.2"]
