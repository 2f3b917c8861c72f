"""A file looked at before it is imported: what each row would do, and what is taken by choice."""

import pytest

from console.desk import Desk
from console.desk.choosing import Rows
from console.model.refusal import Refused
from tests.desk.faq import FIRST, tables, take, yaml
from tests.desk.house import House
from tests.desk.test_importing import PHRASES, csv_of, rewrite
from tests.desk.test_importing import bring as command
from tests.desk.test_undoing import bring, lead, look, states

CHANGED = [
    ("fh", "文件改的", "物流"),
    ("fh", "今天发", ""),
    ("", "在的呢", ""),
    ("new", "新的", ""),
]


def answers(house: House) -> dict[str, str]:
    return {one.id: one.answer for one in house.desk.library.entries(house.shop_id)}


async def test_a_look_writes_nothing_and_says_all(house: House) -> None:
    await command(house, csv_of(PHRASES))
    await rewrite(house, "qn.fh.1", answer="店里改的")
    before = [await tables(house), await house.rows("SELECT * FROM shelf_import")]
    seen = await look(house, csv_of(CHANGED), "话术.csv")
    assert [await tables(house), await house.rows("SELECT * FROM shelf_import")] == before
    assert states(seen) == [
        (2, "conflicting", "qn.fh.1"), (3, "unchanged", "qn.fh.2"), (4, "changed", "qn..1"),
        (5, "new", "qn.new.1"),
    ]  # fmt: skip
    conflict, same, changed, new = seen.rows
    assert seen.shop["qn.fh.1"]["answer"] == "店里改的"
    assert conflict.fields == {
        "question": ("48 小时内发货", "文件改的"), "answer": ("店里改的", "文件改的"),
    }  # fmt: skip
    assert [one.code for one in conflict.findings] == ["changed_here"]
    assert same.fields == {}
    assert changed.fields == {"question": ("在的", "在的呢"), "answer": ("在的", "在的呢")}
    assert new.fields == {
        "question": ("", "新的"), "answer": ("", "新的"), "shortcut": (None, "new"),
    }  # fmt: skip
    assert seen.counts == {
        "new": 1, "changed": 1, "unchanged": 1, "conflicting": 1, "faulty": 0,
    }  # fmt: skip


async def test_only_what_was_ticked(house: House) -> None:
    await command(house, csv_of(PHRASES))
    await rewrite(house, "qn.fh.1", answer="店里改的")
    agent, data = await lead(house), csv_of(CHANGED)
    record = await bring(house, agent, data, take="5-")
    assert record.counts == {"new": 1, "changed": 0, "unchanged": 1, "conflicting": 1}
    assert (answers(house)["qn..1"], answers(house)["qn.new.1"]) == ("在的", "新的")
    assert states(await look(house, data, "a.csv"))[2] == (4, "changed", "qn..1"), "still offered"
    record = await bring(house, agent, data, take="4", conflicts="2")
    assert record.counts == {"new": 0, "changed": 2, "unchanged": 2, "conflicting": 0}
    assert answers(house)["qn.fh.1"] == "文件改的"
    assert {one[1] for one in states(await look(house, data, "a.csv"))} == {"unchanged"}
    (logged, *_) = await house.logged("entries_imported")
    assert logged["file"] == "话术.csv"


async def test_a_shortcut_of_another_cannot_be_taken(house: House) -> None:
    await take(house, FIRST)
    await command(house, csv_of([("th", "可退", ""), ("fh", "会发", "")]))
    await rewrite(house, "qn.th.1", shortcut="t")
    await rewrite(house, "fahuo", shortcut="th")
    text = yaml({"tuihuo": FIRST["tuihuo"]}).decode()
    data = text.replace("    answer: ", "    shortcut: th\n    answer: ").encode()
    seen = await look(house, data, "faq.yaml")
    assert [(one.row, one.state) for one in seen.rows] == [(6, "conflicting")]
    (said,) = [one for one in seen.rows[0].findings if one.severity == "error"]
    assert (said.code, said.facts) == ("shortcut_taken", ("th", "fahuo"))
    agent, before = await lead(house), answers(house)
    record = await bring(house, agent, data, "faq.yaml", take="6", conflicts="6")
    assert (record.counts["conflicting"], answers(house)) == (1, before)


async def test_a_shortcut_that_is_passed_on_needs_both(house: House) -> None:
    """Taken alone, a row would get what the other still has."""

    def file(first: str, second: str) -> bytes:
        text = yaml({"fahuo": "甲", "tuihuo": "乙"}).decode()
        one, two = text.split("    answer: 甲")
        two = two.replace("    answer: 乙", f"    shortcut: {second}\n    answer: 乙")
        return f"{one}    shortcut: {first}\n    answer: 甲{two}".encode()

    agent = await lead(house)
    await bring(house, agent, file("a", "b"), "faq.yaml")
    seen = await look(house, file("b", "c"), "faq.yaml")
    assert [one.state for one in seen.rows] == ["changed", "changed"]
    record = await bring(house, agent, file("b", "c"), "faq.yaml", take=str(seen.rows[0].row))
    assert record.counts == {"new": 0, "changed": 0, "unchanged": 0, "conflicting": 1}
    record = await bring(house, agent, file("b", "c"), "faq.yaml")
    assert record.counts["changed"] == 2


async def test_faulty_rows_are_named_and_left_out(house: House) -> None:
    data = csv_of([*PHRASES, ("x", "", ""), ("y", "好的", "")]) + b"only,two\r\n"
    seen = await look(house, data, "话术.csv")
    assert [one[:2] for one in states(seen)][4:] == [(6, "faulty"), (7, "new"), (8, "faulty")]
    assert [one.code for one in seen.rows[4].findings] == ["missing"]
    agent = await lead(house)
    for ticks in ({}, {"take": "1-"}, {"take": "6"}, {"take": "7", "conflicts": "99"}):
        with pytest.raises(Refused, match=r"row 6|no row 99"):
            await bring(house, agent, data, **ticks)
    assert answers(house) == {}
    record = await bring(house, agent, data, take="1-5,7")
    assert (record.counts["new"], len(answers(house))) == (5, 5)


FAULTY = """version: 1
entries:
  - id: a
    question: 甲
    answer: 一
  - id: b
    question: 乙
    colour: red
  - just text
  - id: a
    question: 丙
    answer: 三
"""
FOUR = [(3, "new"), (6, "faulty"), (9, "faulty"), (10, "faulty")]
TWO_ON_A_LINE = """version: 1
entries: [{id: a, question: 甲, answer: 一}, {id: b, question: 乙, answer: 二}]
"""


@pytest.mark.parametrize(
    ("text", "rows", "findings"),
    [
        (FAULTY, FOUR, []),
        (FAULTY + "    answer: 四\n", FOUR, []),
        (f"color: red\n{FAULTY}", [(row + 1, state) for row, state in FOUR], [(1, "unknown")]),
        (TWO_ON_A_LINE, [(2, "new"), (3, "new")], []),
        ("version: [", [], [(1, "syntax")]),
    ],
)
async def test_rows_of_a_faq_yaml_are_lines(
    house: House, text: str, rows: list[tuple[int, str]], findings: list[tuple[int, str]]
) -> None:
    seen = await look(house, text.encode(), "faq.yaml")
    assert [(one.row, one.state) for one in seen.rows] == rows
    assert [(one.line, one.code) for one in seen.findings if one.severity == "error"] == findings
    agent = await lead(house)
    if findings:
        with pytest.raises(Refused, match="cannot be imported"):
            await bring(
                house, agent, text.encode(), "faq.yaml", take=str(rows[0][0] if rows else 1)
            )
    else:
        good = ",".join(str(row) for row, state in rows if state == "new")
        await bring(house, agent, text.encode(), "faq.yaml", take=good)
    assert len(answers(house)) == (0 if findings else sum(one == "new" for _, one in rows))


async def test_words_of_a_file_are_announced(house: House) -> None:
    seen = await look(house, yaml(FIRST, head="version: 1\ndictionary: [釉]\n"), "faq.yaml")
    assert [(one.field, one.code) for one in seen.findings] == [("dictionary", "brings_words")]


async def test_a_new_file_holds_the_shops_words(house: House, desk: Desk) -> None:
    head = 'version: 1\nshop: "青瓷: 店"\ndictionary: [釉, "no"]\nsynonyms:\n  - [包邮, 免邮]\n'
    await command(house, yaml(FIRST, head=head), "faq.yaml")
    text = await desk.exporting.export(house.shop_id, None)
    seen = await look(house, text.encode(), "faq.yaml")
    assert ({one.state for one in seen.rows}, seen.findings) == ({"unchanged"}, ())


def test_which_rows() -> None:
    numbers = range(1, 80)
    some = Rows.parse("take", "1-4, 57,60-62,61-63,9-7,78-").of(numbers)
    assert sorted(some) == [1, 2, 3, 4, 57, 60, 61, 62, 63, 78, 79]
    assert Rows.parse("take", "").of(numbers) == frozenset()
    for wrong in ("x", "1-2-3", "-3", "1;2", "1e3", "9" * 10):
        with pytest.raises(Refused, match="`take`"):
            Rows.parse("take", wrong)
