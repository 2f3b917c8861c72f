"""FAQ workbooks (.xlsx): a header row 问题, 答案, 分类, 相似问法 in any order, one question a row.

相似问题 is the same as 相似问法; similar questions are parted by ; or ；, before which a backslash
makes it a sign like others. A row is known by its question and the how manieth with it. Cells are
taken as they are shown, as far as that is known: numbers, days and times as text, a cell merged
over several rows as the text of each. Lost: id, negative questions, shortcut, hot, days of
validity, tags, channels, groups, note.

A workbook is a zip file from somewhere, so what it unpacks to is known before it is unpacked, and
it is read row by row.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from knowledge.entry import Entry
from knowledge.findings import Finding
from knowledge.formats.guarding import starts_formula
from knowledge.formats.rows import MOST_ROWS, Names, Row, Sheet, check, clean

NAME = "xlsx"
EXTENSION = ".xlsx"
KEY = "question"

HEADER = {"question": "问题", "answer": "答案", "category": "分类", "similar": "相似问法"}
NEEDED = ("question", "answer")
OTHER_NAMES = {"相似问题": "similar"}
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_MEMBERS = 2_000
MOST_COLUMNS = 64
LAST_ROW = 1_048_576
LONGEST_CELL = 32_767

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
_SEPARATOR = re.compile(r"(?<!\\)((?:\\\\)*)[;；]")
_ESCAPED = re.compile(r"\\([;；\\])")
# The spreadsheets' own way to write any character; a text that looks like it is written with it.
_CODED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_UNCODED = re.compile(r"_x005F(_x[0-9A-Fa-f]{4}_)")


class _Wrong(Exception):
    def __init__(self, code: str, *facts: str, number: int = 1) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.number = number


def is_in(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", OLD_OR_LOCKED))


def read(data: bytes, *, file: str) -> Sheet:
    try:
        return _Reader(file).sheet(_readable(data))
    except _Wrong as wrong:
        return Sheet.refused(NAME, file, wrong.number, wrong.code, *wrong.facts)


def write(entries: Sequence[Entry]) -> bytes:
    # Loading the library takes 0.2 s, which only a process that reads workbooks should pay.
    from openpyxl import Workbook

    rows = [_texts(one) for one in entries]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("FAQ")
    for row in ([*HEADER.values()], *rows):
        sheet.append([_text_cell(sheet, text) for text in row])
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


class _Reader:
    """Turns rows of cells into entries; what does not fit becomes a finding."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._findings: list[Finding] = []
        self._names = Names("xlsx")
        self._first: dict[str, int] = {}

    def sheet(self, cells: Iterator[tuple[int, list[Any]]]) -> Sheet:
        number, head = next(cells, (1, []))
        columns = self._columns(number, [clean(_shown(cell)) for cell in head])
        rows: list[Row] = []
        for number, row in cells:
            if len(rows) == MOST_ROWS:
                raise _Wrong("too_many_rows", str(MOST_ROWS), number=number)
            if (made := self._row(number, row, columns)) is not None:
                rows.append(made)
        return Sheet(NAME, tuple(rows), tuple(self._findings), carried=tuple(columns), key=KEY)

    def _columns(self, number: int, names: Sequence[str]) -> dict[str, int]:
        known = {said: name for name, said in HEADER.items()} | OTHER_NAMES
        columns: dict[str, int] = {}
        for place, said in enumerate(names):
            if said in known and known[said] not in columns:
                columns[known[said]] = place
            elif said:
                self._findings.append(Finding(self._file, number, said, "extra_column", (said,)))
        if not set(NEEDED) <= columns.keys():
            raise _Wrong("header", "，".join(HEADER.values()), number=number)
        return columns

    def _row(self, number: int, cells: Sequence[Any], columns: dict[str, int]) -> Row | None:
        mine = {name: cells[at] for name, at in columns.items() if at < len(cells)}
        formulas = [name for name, cell in mine.items() if cell.data_type == "f"]
        for name in formulas:
            facts = (HEADER[name],)
            self._findings.append(Finding(self._file, number, name, "formula", facts))
        texts = {name: clean(_shown(cell)) for name, cell in mine.items()}
        if formulas or not any(texts.values()):
            return None
        entry = Entry(
            self._names.next(texts.get("question", "")), texts.get("question", ""),
            texts.get("answer", ""), _parted(texts.get("similar", "")),
            category=texts.get("category", ""),
        )  # fmt: skip
        if entry.question in self._first:
            facts = (str(self._first[entry.question]),)
            self._findings.append(Finding(self._file, number, "question", "same_question", facts))
        self._first.setdefault(entry.question, number)
        row = Row(number, entry)
        self._findings += check(row, self._file, known_by=("问题", "答案", "分类"))
        return row


def _readable(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    """Raises _Wrong for a damaged file, where the libraries fail with what they stumble over:
    KeyError, BadZipFile, ParseError, zlib.error. What its reader does wrong is none of that."""
    try:
        yield from _cells(data)
    except _Wrong:
        raise
    except Exception as damaged:
        raise _Wrong("not_xlsx") from damaged


def _cells(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    """The rows of the first sheet that hold something, with their numbers."""
    # Loading the library takes 0.2 s, which only a process that reads workbooks should pay.
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        _small(packed)
    book = load_workbook(io.BytesIO(data), read_only=True)
    sheet: Any = book.worksheets[0]
    try:
        with sheet._get_source() as source:  # the library leaves merged cells out of its rows
            merged = _merged(source.read())
        sheet.reset_dimensions()  # what a file says of its size need not be true
        yield from _filled(sheet.iter_rows(max_col=MOST_COLUMNS), merged)
    finally:
        book.close()
        sheet._shared_strings = []  # book and sheet hold each other, and would hold all the text


def _filled(
    rows: Iterable[tuple[Any, ...]], merged: dict[int, dict[int, int]]
) -> Iterator[tuple[int, list[Any]]]:
    """Rows that hold something, with what is merged into their cells from above."""
    above: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(rows, 1):
        if number > LAST_ROW:
            raise _Wrong("too_many_rows", str(MOST_ROWS), number=number)
        cells = list(row)
        if all(cell.value is None for cell in cells):
            cells = []
        for place, bottoms in merged.items():
            if number in bottoms and place < len(row):
                above[place] = (bottoms[number], row[place])
            elif cells and place in above and number <= above[place][0]:
                cells[place] = above[place][1]
        if cells:
            yield number, cells


def _merged(sheet: bytes) -> dict[int, dict[int, int]]:
    """Of each column with cells merged over rows: the last row of each by its first."""
    found: dict[int, dict[int, int]] = {}
    # Looked for behind the cells only: a search through them would hold the interpreter.
    for cell in _MERGED.finditer(sheet, max(0, sheet.rfind(b"sheetData>"))):
        letters, top, bottom = cell.groups()
        place = 0
        for letter in letters:
            place = place * 26 + letter - ord("A") + 1
        if place <= MOST_COLUMNS and int(bottom) > int(top):
            found.setdefault(place - 1, {})[int(top)] = int(bottom)
    return found


def _small(packed: zipfile.ZipFile) -> None:
    """What a member unpacks to is what it says: the library stops there."""
    size = sum(one.file_size for one in packed.infolist())
    if size > LARGEST_UNPACKED or len(packed.infolist()) > MOST_MEMBERS:
        raise _Wrong("unpacked", str(size), str(LARGEST_UNPACKED))


def _shown(cell: Any) -> str:
    """A cell's text, nearly as the spreadsheet shows it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        percent = cell.number_format.endswith("%")
        shown = value * 100 if percent else value
        return f"{shown:.15g}{'%' if percent else ''}" if isinstance(shown, float) else str(shown)
    if isinstance(value, datetime):
        whole = value.time() == time()
        return value.date().isoformat() if whole else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        return str(value)
    text = str(value).replace("_x000D_\n", "\n")
    return _UNCODED.sub(r"\1", text)


def _parted(text: str) -> tuple[str, ...]:
    phrases, start = [], 0
    for found in _SEPARATOR.finditer(text):
        phrases.append(text[start : found.end() - 1])
        start = found.end()
    phrases.append(text[start:])
    plain = (_ESCAPED.sub(r"\1", phrase).strip() for phrase in phrases)
    return tuple(filter(None, plain))


def _escaped(phrase: str) -> str:
    return re.sub(r"([;；\\])", r"\\\1", phrase)


def _texts(entry: Entry) -> list[str]:
    similar = "；".join(_escaped(phrase) for phrase in entry.similar)
    row = (entry.question, entry.answer, entry.category, similar)
    coded = [_CODED.sub(r"_x005F\g<0>", text) for text in row]
    if max(map(len, coded)) > LONGEST_CELL:
        said = f"Excel 单元格最多 {LONGEST_CELL} 字 a cell of Excel holds no more: {entry.id}"
        raise ValueError(said)
    return coded


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell  # Deferred: see `write`.

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if starts_formula(text):
        cell.quotePrefix = True  # so that it stays text when somebody edits it
    return cell
