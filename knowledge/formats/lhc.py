"""Canned messages of Live Helper Chat as CSV.

`title` is the question, `msg` the answer, `explain` the note, `active_from` and `active_to` the
days (seconds since 1970 are taken in UTC). A row is known by its `unique_id`, which is the entry's
id, or by its title where it has none; a disabled row is left out. Lost: similar and negative
questions, category, shortcut, hot, channels, groups; and of tags those with a comma, which come
back as two.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from knowledge.entries import is_id
from knowledge.entry import Entry
from knowledge.findings import Finding
from knowledge.formats import table
from knowledge.formats.qianniu import title
from knowledge.formats.rows import Names, Row, Sheet, check, clean, short

NAME = "lhc"
EXTENSION = ".csv"
KEY = "id"

HEADER = ("title", "explain", "msg", "fallback_msg", "position", "delay", "department", "tags",
          "subject", "languages", "unique_id", "active_from", "active_to", "disabled")  # fmt: skip
NEEDED = ("title", "msg")
READ = ("title", "explain", "msg", "tags", "unique_id", "active_from", "active_to", "disabled")
CARRIED = {"title": ("question",), "msg": ("answer",), "explain": ("note",), "tags": ("tags",),
           "active_from": ("valid_from",), "active_to": ("valid_to",)}  # fmt: skip

_NOTHING = ("", "0", "[]", "{}", "null")


def is_in(data: bytes) -> bool:
    return set(NEEDED) <= set(table.first(data))


def read(data: bytes, *, file: str) -> Sheet:
    try:
        head, *records = table.records(data) or [table.Record(1, [])]
    except table.Wrong as wrong:
        return Sheet.refused(NAME, file, wrong.number, wrong.code, *wrong.facts)
    columns = [cell.strip() for cell in head.cells]
    if not set(NEEDED) <= set(columns):
        return Sheet.refused(NAME, file, head.number, "header", ",".join(NEEDED))
    reader = _Reader(file)
    for number, cells in records:
        if len(cells) != len(columns):
            facts = (str(len(cells)), str(len(columns)))
            reader.findings.append(Finding(file, number, "", "columns", facts))
        else:
            reader.row(number, dict(zip(columns, map(clean, cells), strict=True)))
    carried = tuple(
        field for name, fields in CARRIED.items() if name in columns for field in fields
    )
    return Sheet(NAME, tuple(reader.rows), tuple(reader.findings), carried=carried)


def write(entries: Sequence[Entry]) -> bytes:
    rows = [_cells(one, place) for place, one in enumerate(entries)]
    return table.encoded(table.written(HEADER, rows), "utf8")


class _Reader:
    """Turns rows into entries; what does not fit becomes a finding."""

    def __init__(self, file: str) -> None:
        self.rows: list[Row] = []
        self.findings: list[Finding] = []
        self._file = file
        self._names = Names("lhc")
        self._ids: dict[str, int] = {}
        self._told: set[str] = set()

    def row(self, number: int, cells: Mapping[str, str]) -> None:
        for name in cells.keys() - {*READ, "position", "delay"} - self._told:
            if cells[name] not in _NOTHING:
                self._told.add(name)
                self._find(number, name, "extra_column", name)
        if cells.get("disabled", "").lower() not in (*_NOTHING, "false"):
            self._find(number, "disabled", "disabled")
            return
        began, ended = (self._day(number, name, cells) for name in ("active_from", "active_to"))
        if began and ended and ended < began:
            self._find(number, "active_to", "dates_order", began.isoformat(), ended.isoformat())
        tags = (tag.strip() for tag in cells.get("tags", "").split(","))
        question = cells["title"] or title("", cells["msg"])
        row = Row(number, Entry(
            self._id(number, cells.get("unique_id", ""), question), question, cells["msg"],
            tags=tuple(filter(None, tags)), note=cells.get("explain", ""),
            valid_from=began, valid_to=ended,
        ))  # fmt: skip
        self.rows.append(row)
        self.findings += check(row, self._file, known_by=("title", "msg"))

    def _find(self, number: int, field: str, code: str, *facts: str) -> None:
        self.findings.append(Finding(self._file, number, field, code, facts))

    def _id(self, number: int, given: str, question: str) -> str:
        if not given:
            return self._names.next(question)
        if given in self._ids:
            self._find(number, "unique_id", "same_id", given, str(self._ids[given]))
        self._ids[given] = number
        return given if is_id(given) else f"lhc.u.{short(given)}"

    def _day(self, number: int, name: str, cells: Mapping[str, str]) -> date | None:
        said = cells.get(name, "")
        if said in _NOTHING:
            return None
        try:
            if said.isascii() and said.isdigit() and len(said) > 8:
                return datetime.fromtimestamp(int(said), UTC).date()
            return datetime.fromisoformat(said).date()
        except (ValueError, OverflowError, OSError):
            self._find(number, name, "type_date", name, said[:40])
            return None


def _cells(entry: Entry, place: int) -> list[str]:
    said = {
        "title": entry.question,
        "explain": entry.note,
        "msg": entry.answer,
        "position": str(place),
        "delay": "0",
        "tags": ",".join(entry.tags),
        "unique_id": entry.id,
        "active_from": entry.valid_from.isoformat() if entry.valid_from else "",
        "active_to": entry.valid_to.isoformat() if entry.valid_to else "",
        "disabled": "0",
    }
    return [said.get(name, "") for name in HEADER]
