"""Comma-separated text in UTF-8 or GB18030, as rows with their numbers.

UTF-8 is tried first and strictly: hardly any text in GBK happens to be UTF-8 too, and text that is
neither is refused rather than read with holes.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from knowledge.formats.guarding import guard, unguard
from knowledge.formats.rows import LARGEST, MOST_ROWS


class Wrong(Exception):
    """The bytes are no table: row, code and facts of the finding."""

    def __init__(self, number: int, code: str, *facts: str) -> None:
        super().__init__(f"row {number}: {code} {facts}")
        self.number = number
        self.code = code
        self.facts = facts


class Record(NamedTuple):
    """One row's cells; rows count from 1, however many lines their cells have."""

    number: int
    cells: list[str]


def decode(data: bytes) -> str:
    """The text. Wrong where it is in no encoding that shops' files have."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Wrong(1, "encoding", "UTF-16")
    furthest = 0
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as wrong:
            furthest = max(furthest, wrong.start)
    raise Wrong(data.count(b"\n", 0, furthest) + 1, "encoding_table")


def records(data: bytes) -> list[Record]:
    """All rows that hold something, the header too. Wrong where the file is damaged."""
    text = decode(data)
    # The library's own limit of 128 KB would end the reading without a row's number.
    csv.field_size_limit(LARGEST)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Record] = []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(cells):
                found.append(Record(number, [unguard(cell) for cell in cells]))
            if len(found) > MOST_ROWS + 1:
                raise Wrong(number, "too_many_rows", str(MOST_ROWS))
    except csv.Error as wrong:
        raise Wrong(number + 1, "quoting") from wrong
    return found


def first(data: bytes) -> list[str]:
    """The cells of the first row, as far as it can be read."""
    line = data[:4096].split(b"\n")[0].rstrip(b"\r")
    try:
        return next(csv.reader([decode(line)]), [])
    except (Wrong, csv.Error):
        return []


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The text of a file: every cell quoted, and none that a spreadsheet would calculate."""
    into = io.StringIO(newline="")
    writer = csv.writer(into, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return into.getvalue()


def encoded(text: str, encoding: str | None = None) -> bytes:
    """In GBK when all of it fits, else in UTF-8 with a byte order mark; or as asked.

    Raises ValueError with a sentence when GBK is asked for and does not fit.
    """
    try:
        data = b"" if encoding == "utf8" else text.encode("gbk")
    except UnicodeEncodeError as wrong:
        if encoding == "gbk":
            odd = text[wrong.start]
            raise ValueError(f"GBK 里没有这个字 GBK has no {odd!r} (U+{ord(odd):04X})") from wrong
        data = b""
    fits = bool(data) and data.decode("gb18030") == text
    return data if fits else codecs.BOM_UTF8 + text.encode()
