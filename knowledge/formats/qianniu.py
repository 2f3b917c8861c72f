"""千牛's 快捷短语 as CSV of three columns: code, text, group.

A row is known by its code and the how manieth of that code it is; codes may be missing and may
repeat. The question of a new entry is the code where that is Chinese, else the first line of the
text; it follows the text until somebody writes a better one. Lost: question, similar and negative
ones, hot, days of validity, tags, channels, groups, note.
"""

import re
from collections.abc import Sequence

from knowledge.entry import Entry
from knowledge.findings import Finding
from knowledge.formats import table
from knowledge.formats.rows import Names, Row, Sheet, check, clean

NAME = "qianniu"
EXTENSION = ".csv"
KEY = "shortcut"

HEADER = ("快捷短语编码", "快捷短语", "快捷短语分组")
LONGEST_TITLE = 60

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_EMOTICON = re.compile(r"/:(?:\^.\^|[!-~]{1,4})")


def is_in(data: bytes) -> bool:
    return tuple(table.first(data)) == HEADER


def read(data: bytes, *, file: str) -> Sheet:
    try:
        head, *records = table.records(data) or [table.Record(1, [])]
    except table.Wrong as wrong:
        return Sheet.refused(NAME, file, wrong.number, wrong.code, *wrong.facts)
    if tuple(head.cells) != HEADER:
        return Sheet.refused(NAME, file, head.number, "header", ",".join(HEADER))
    names, rows, findings = Names("qn"), [], []
    for number, cells in records:
        if len(cells) != len(HEADER):
            facts = (str(len(cells)), str(len(HEADER)))
            findings.append(Finding(file, number, "", "columns", facts))
            continue
        code, text, group = map(clean, cells)
        entry = Entry(
            names.next(code), title(code, text), text, category=group, shortcut=code or None
        )
        rows.append(Row(number, entry))
        said = ("", HEADER[1], HEADER[2], HEADER[0])
        wrong_ones = check(rows[-1], file, known_by=said)
        findings += [one for one in wrong_ones if one.field != "question"]
    return Sheet(
        NAME, tuple(rows), tuple(findings), carried=("answer", "category", "shortcut"),
        guessed=("question",), key=KEY,
    )  # fmt: skip


def write(entries: Sequence[Entry]) -> bytes:
    return table.encoded(text(entries))


def text(entries: Sequence[Entry]) -> str:
    """The file before it is encoded."""
    rows = ((one.shortcut or "", one.answer, one.category) for one in entries)
    return table.written(HEADER, rows)


def title(code: str, text: str) -> str:
    """What a phrase is about, as far as the row says."""
    if _CHINESE.search(code):
        return code
    plain = _EMOTICON.sub("", text).strip() or text
    return plain.partition("\n")[0][:LONGEST_TITLE].strip()
