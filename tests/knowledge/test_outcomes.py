"""Rows as somebody looks at them: their states, what cannot be taken and why."""

from dataclasses import replace

from knowledge import formats
from knowledge.entry import Entry
from knowledge.formats import Sheet, qianniu
from knowledge.incoming import Choice, Kept, clashes, incoming
from knowledge.outcomes import count, outcomes, sift

A, B, C = (Entry(one, one, f"答{one}", shortcut=one) for one in "abc")


def sheet(*entries: Entry) -> Sheet:
    return formats.read(formats.faq.write(entries), file="faq.yaml")


def passed_on(*pairs: tuple[Entry, str | None]) -> dict[str, Entry]:
    return {one.id: replace(one, shortcut=shortcut) for one, shortcut in pairs}


def test_who_keeps_a_shortcut_is_in_the_way_of_the_whole_row() -> None:
    alive = {one.id: one for one in (A, B, C)}
    ring = passed_on((A, "b"), (B, "c"), (C, "a"))
    assert clashes(ring, alive, ring) == {}
    blocked = passed_on((A, "b"), (B, "c"))
    assert clashes(blocked, alive, {}) == {"b": "c", "a": "b"}
    assert clashes(passed_on((A, "b")), alive, {"b": B}) == {}, "the file says both have it"
    assert clashes({"d": Entry("d", "d", "d", shortcut="a")}, alive, {}) == {"d": "a"}
    assert clashes(passed_on((A, None), (B, "b")), alive, {}) == {}


def test_states_and_choice() -> None:
    changed = replace(B, answer="店里改的")
    kept = [Kept(A, {"faq": A}), Kept(changed, {"faq": B}), Kept(C, {"faq": C}, deleted=True)]
    shop = {"a": A, "b": changed}
    file = sheet(
        replace(A, answer="文件改的"), replace(B, answer="也改了"), replace(C, answer="又来"),
        Entry("d", "丁", "四"),
    )  # fmt: skip
    sifted = sift(file)
    rows = outcomes(sifted, incoming(sifted.sheet, kept), shop)
    assert [one.state for one in rows] == ["changed", "conflicting", "conflicting", "new"]
    assert count(rows) == {
        "new": 1, "changed": 1, "unchanged": 0, "conflicting": 2, "faulty": 0,
    }  # fmt: skip
    assert [one.code for one in rows[1].findings if one.code.endswith("here")] == ["changed_here"]
    assert [one.code for one in rows[2].findings if one.code.endswith("here")] == ["deleted_here"]
    numbers = [one.row for one in rows]
    choice = Choice(frozenset(), frozenset(numbers[1:3]))
    done = incoming(sifted.sheet, kept, choice)
    assert ([one.id for one in done.merge.new], [one.id for one in done.merge.changed]) == (
        ["c"], ["b"],
    )  # fmt: skip
    assert (done.merge.conflicts, done.unchosen) == ((), 2)


def test_what_is_somebodys_own_is_no_files() -> None:
    own = replace(A, answer="我的")
    sifted = sift(sheet(A))
    (row,) = outcomes(sifted, incoming(sifted.sheet, [Kept(own, {}, hidden=True)]), {})
    assert (row.state, row.shop) == ("conflicting", None)
    assert [one.code for one in row.findings if one.severity == "error"] == ["id_taken"]
    table = formats.read(qianniu.write([replace(A, answer="表里的")]), file="a.csv")
    (new,) = incoming(table, [Kept(own, {}, hidden=True)]).merge.new
    assert new.id == "qn.a.1", "a shortcut of one's own is in nobody's way"


def test_what_tells_of_a_column_is_of_no_row() -> None:
    head = 'title,msg,colour\n"问","答","red"\n"","",""\n'
    sifted = sift(formats.read(head.encode(), file="a.csv"))
    assert [one.code for one in sifted.of_file] == ["extra_column"]
    assert (sifted.refused, len(sifted.sheet.rows)) == (False, 1)
