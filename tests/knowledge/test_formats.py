"""The shop's old files: each read as it is, refused by row when it is broken, and lossless."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from knowledge import formats
from knowledge.entry import Entry, Variant
from knowledge.formats import faq, guarding, lhc, qianniu, table, workbook
from knowledge.formats.rows import LARGEST, Sheet

HEAD = ",".join(qianniu.HEADER) + "\r\n"


def book(*rows: list[Any], edit: Callable[[Any], None] | None = None) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if edit is not None:
        edit(sheet)
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


def told(sheet: Sheet) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in sheet.findings]


def qn(text: str, encoding: str = "utf-8") -> Sheet:
    return formats.read((HEAD + text).encode(encoding), file="话术.csv")


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig"])
def test_qianniu_is_read_in_every_encoding(encoding: str) -> None:
    text = '"fh","/:^_^ 亲，48小时内发货。\r\n请放心",物流\r\nfh,第二条,\r\n,没有编码,售后/退款\r\n'
    sheet = qn(text, encoding)
    assert (sheet.format, sheet.findings) == ("qianniu", ())
    first, second, third = sheet.entries
    assert first.answer == "/:^_^ 亲，48小时内发货。\n请放心"
    assert (first.question, first.category, first.shortcut) == ("亲，48小时内发货。", "物流", "fh")
    assert [one.id for one in sheet.entries] == ["qn.fh.1", "qn.fh.2", "qn..1"]
    assert (second.shortcut, third.shortcut, third.category) == ("fh", None, "售后/退款")
    assert [row.number for row in sheet.rows] == [2, 3, 4]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (1, "header")),
        ("编码,短语,分组\r\na,b,c".encode(), (1, "header")),
        ((HEAD + "fh,少一列\r\n").encode(), (2, "columns")),
        ((HEAD + "fh,甲,乙,丙\r\n").encode("gbk"), (2, "columns")),
        ((HEAD + '"a\nb",好,\r\n"fh","没有结束').encode(), (3, "quoting")),
        ((HEAD + 'fh,"好"了,\r\n').encode(), (2, "quoting")),
        ((HEAD + "fh,,\r\n").encode(), (2, "missing")),
        ((HEAD + "fh,\x00,\r\n").encode(), (2, "control")),
        ((HEAD + f"{'长' * 33},好,\r\n").encode(), (2, "too_long")),
        ((HEAD + f"a,好,\r\nfh,{'长' * 700_000},\r\n").encode(), (3, "too_long")),
        ((HEAD + "a,好,\r\n").encode() + b"fh,\xff\xff\x80,\r\n", (3, "encoding_table")),
        ((HEAD + "fh,发货").encode("gbk")[:-1], (2, "encoding_table")),
        ((HEAD + "fh,发货,").encode("utf-16"), (1, "encoding")),
        ((HEAD + "a,b,c\r\n" * 50_001).encode(), (50_002, "too_many_rows")),
        (HEAD.encode() + b"a" * LARGEST, (1, "too_large")),
    ],
    ids=range(15),
)
def test_a_broken_table_names_its_row(data: bytes, expected: tuple[int, str]) -> None:
    sheet = formats.read(data, file="话术.csv")
    assert sheet.failed
    assert expected in told(sheet)
    for one in sheet.findings:
        assert one.message("zh") != one.message("en")


def test_live_helper_chat_is_read() -> None:
    text = (
        "title,explain,msg,fallback_msg,tags,unique_id,active_from,active_to,disabled,hook\n"
        "发货,说明,亲 {nick}，当天发,,\"物流, 急\",u1,1767225600,2026-02-01 00:00:00,0,x\n"
        ",,只有答案,,,,0,,0,\n旧的,,不用了,,,u3,,,1,\n怪,,好,,,a b/c,,,0,\n"
    )  # fmt: skip
    sheet = formats.read(text.encode(), file="canned.csv")
    assert (sheet.format, told(sheet)) == ("lhc", [(2, "extra_column"), (4, "disabled")])
    first, second, odd = sheet.entries
    assert (first.id, first.question, first.note) == ("u1", "发货", "说明")
    assert (first.tags, first.answer) == (("物流", "急"), "亲 {nick}，当天发")
    assert (first.valid_from, first.valid_to) == (date(2026, 1, 1), date(2026, 2, 1))
    assert (second.id, second.question) == ("lhc.只有答案.1", "只有答案")
    assert odd.id.startswith("lhc.u.")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("a,b,u1,soon,", "type_date"),
        ("a,b,u1,99999999999999999999,", "type_date"),
        ("a,b,u1,2026-02-02,2026-02-01", "dates_order"),
        ("a,,u1,,", "missing"),
        ("a,b,u0,,", "same_id"),
    ],
)
def test_broken_canned_messages_name_their_row(row: str, code: str) -> None:
    text = f"title,msg,unique_id,active_from,active_to\nx,y,u0,,\n{row}\n"
    assert (3, code) in told(formats.read(text.encode(), file="canned.csv"))


def test_a_workbook_is_read_as_it_is_shown() -> None:
    def edit(sheet: Any) -> None:
        sheet.merge_cells("D2:D4")
        sheet["B4"].number_format = "0%"
        sheet["B5"] = CellRichText("亲，", TextBlock(InlineFont(b=True), "包邮"))

    data = book(
        ["相似问题", "答案", "问题", "分类", "备注"],
        [r"几元；a\;b; ", 15, "多少钱", "价格", "x"],
        [None, datetime(2026, 11, 11), "哪天"],
        [None, 0.15, "折扣"],
        [None, "", "包邮吗"],
        [],
        [13800138000, time(9, 30), 7, True],
        [None, datetime(2026, 1, 2, 3, 4), 1.5],
        edit=edit,
    )
    sheet = formats.read(data, file="FAQ.xlsx")
    assert told(sheet) == [(1, "extra_column")]
    assert [(one.question, one.answer, one.category) for one in sheet.entries] == [
        ("多少钱", "15", "价格"), ("哪天", "2026-11-11", "价格"), ("折扣", "15%", "价格"),
        ("包邮吗", "亲，包邮", ""), ("7", "09:30", "TRUE"), ("1.5", "2026-01-02 03:04", ""),
    ]  # fmt: skip
    assert sheet.entries[0].similar == ("几元", "a;b")
    assert sheet.entries[4].similar == ("13800138000",)
    assert [row.number for row in sheet.rows] == [2, 3, 4, 5, 7, 8]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], (1, "header")),
        ([["问题", "分类"]], (1, "header")),
        ([["问题", "答案"], ["q", "a"], ["q2", "=1+1"]], (3, "formula")),
        ([["问题", "答案"], [None, "a"]], (2, "missing")),
        ([["问题", "答案"], ["q", "a"], ["q", "b"]], (3, "same_question")),
        ([["问题", "答案"], ["q", "长" * 8001]], (2, "too_long")),
        ([["问题", "答案"], *([n, n] for n in range(50_001))], (50_002, "too_many_rows")),
    ],
    ids=range(7),
)
def test_a_broken_workbook_names_its_row(rows: list[list[Any]], expected: tuple[int, str]) -> None:
    assert expected in told(formats.read(book(*rows), file="FAQ.xlsx"))


def bomb() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (workbook.LARGEST_UNPACKED + 1))
    return into.getvalue()


def lying() -> bytes:
    """A member that says it is small, and unpacks to more."""
    good = book(["问题", "答案"], *(["q" * 90 + str(n), "a"] for n in range(2000)))
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(into, "w") as new:
        for one in old.infolist():
            new.writestr(one.filename, old.read(one), zipfile.ZIP_DEFLATED)
        for one in new.filelist:
            one.file_size = min(one.file_size, 99)
    return into.getvalue()


def entities() -> bytes:
    into = io.BytesIO()
    evil = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with (
        zipfile.ZipFile(io.BytesIO(book(["问题", "答案"]))) as old,
        zipfile.ZipFile(into, "w") as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, evil + text if name.endswith("sheet1.xml") else text)
    return into.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bomb(), "unpacked"),
        (lying(), "not_xlsx"),
        (entities(), "not_xlsx"),
        (b"PK\x03\x04nonsense", "not_xlsx"),
        (book(["问题", "答案"])[:900], "not_xlsx"),
        (b"\xd0\xcf\x11\xe0 an old one", "not_xlsx"),
        (b"", "not_xlsx"),
    ],
)
def test_a_dangerous_or_damaged_workbook_is_refused(data: bytes, code: str) -> None:
    assert told(formats.read(data, file="FAQ.xlsx")) == [(1, code)]


def test_gaps_of_a_sheet_are_no_rows() -> None:
    def far(sheet: Any) -> None:
        sheet["A900000"], sheet["B900000"], sheet["XFD900000"] = "q", "a", "z"

    sheet = formats.read(book(["问题", "答案"], edit=far), file="FAQ.xlsx")
    assert [row.number for row in sheet.rows] == [900_000]


def test_content_goes_before_the_name() -> None:
    entry = Entry("a", "q", "a")
    for form in (qianniu, workbook, lhc):
        assert formats.read(form.write([entry]), file="faq.yaml").format == form.NAME
    assert formats.read(faq.write([entry]), file="something").format == "faq"
    found = map(formats.of_name, ("a.YML", "a.csv", "a.xlsx", "a"))
    assert [one and one.NAME for one in found] == ["faq", "qianniu", "xlsx", None]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "＝1", "＋1", "－1", "＠a", "\u2212", "'=1", "''=1"],
)
def test_nothing_is_a_formula(text: str) -> None:
    assert guarding.unguard(guarding.guard(text)) == text
    assert guarding.guard(text) == f"'{text}"
    made = load_workbook(io.BytesIO(workbook.write([Entry("a", text, text)])))
    assert {cell.data_type for row in made.worksheets[0] for cell in row if cell.value} == {"s"}
    exported = table.decode(qianniu.write([Entry("a", "q", text, shortcut=text)]))
    assert exported.split("\r\n", 1)[1].startswith(f'"\'{text}","\'{text}",')


def test_plain_text_needs_no_guard() -> None:
    for text in ("好", "'引号'", "a=b", "", "'"):
        assert (guarding.guard(text), guarding.unguard(text)) == (text, text)


def test_gbk_is_written_where_everything_fits() -> None:
    fits, odd = Entry("a", "q", "好"), Entry("b", "q", "好😀")
    assert qianniu.write([fits]).decode("gbk").startswith('"快捷短语编码","快捷短语"')
    assert qianniu.write([fits, odd]).startswith(b"\xef\xbb\xbf")
    assert table.encoded(qianniu.text([fits]), "utf8").startswith(b"\xef\xbb\xbf")
    with pytest.raises(ValueError, match="U\\+1F600"):
        table.encoded(qianniu.text([odd]), "gbk")


def test_a_cell_that_holds_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="32767"):
        workbook.write([Entry("a", "q", "a", tuple(f"{n:0500}" for n in range(80)))])


LETTERS = st.sampled_from("甲乙aB1=+-@'\"\\;；,，:#/^_x005FD \n\t＝－é€😀〇·—{}[]|>!&*%")
TEXT = st.text(LETTERS, min_size=1, max_size=20).map(str.strip).filter(bool)
LINE = TEXT.map(lambda text: " ".join(text.split()))
TAG = LINE.map(lambda text: text.replace(",", "，"))
DAY = st.dates(date(2000, 1, 1), date(2100, 1, 1))
DAYS = st.sets(st.integers(1, 7)).map(lambda days: tuple(sorted(days)))
VARIANTS = st.lists(
    st.builds(Variant, answer=TEXT, channel=st.just("") | LINE, level=LINE),
    max_size=2,
    unique_by=lambda one: (one.channel, one.level),
).map(tuple)
ANY = st.lists(
    st.builds(
        Entry,
        id=st.text("ab09._-货", min_size=1, max_size=9),
        question=TEXT, answer=TEXT, similar=st.lists(LINE, max_size=3).map(tuple),
        negative=st.lists(LINE, max_size=2).map(tuple), category=st.just("") | LINE,
        shortcut=st.none() | LINE, hot=st.booleans(), valid_from=st.none() | DAY,
        tags=st.lists(TAG, max_size=2).map(tuple),
        note=st.just("") | TEXT, groups=st.lists(LINE, max_size=2).map(tuple),
        weekdays=DAYS, variants=VARIANTS, related=st.lists(LINE, max_size=2).map(tuple),
        owner=st.just("") | LINE, auto_reply=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)  # fmt: skip
KEPT = {
    faq: [one.name for one in fields(Entry) if one.name != "personal"],
    qianniu: ["answer", "category", "shortcut"],
    workbook: ["question", "answer", "category", "similar"],
    lhc: ["id", "question", "answer", "tags", "note", "valid_from", "valid_to"],
}


@pytest.mark.parametrize("form", list(KEPT), ids=lambda one: one.NAME)
@settings(deadline=None, max_examples=60)
@given(entries=ANY)
def test_what_is_written_is_read_again(form: Any, entries: list[Entry]) -> None:
    sheet = formats.read(form.write(entries), file=f"x{form.EXTENSION}")
    assert not sheet.failed, sheet.findings
    there = [[getattr(one, name) for name in KEPT[form]] for one in sheet.entries]
    assert there == [[getattr(one, name) for name in KEPT[form]] for one in entries]
    again = [replace(one) for one in sheet.entries]
    assert formats.read(form.write(again), file=f"x{form.EXTENSION}").entries == sheet.entries


@settings(deadline=None)
@given(
    st.binary(max_size=200) | st.text(LETTERS, max_size=80).map(lambda text: (HEAD + text).encode())
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("a.csv", "a.xlsx", "a.yaml"):
        assert formats.read(data, file=name) is not None
