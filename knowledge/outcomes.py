"""What a file would do to a shop, row by row, for those who look before they import.

A row with an error is `faulty`: it cannot be imported, but the others can. What is wrong with the
file outside its rows stands beside them; an error there is in the way of all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from knowledge.entries import FIELDS
from knowledge.entry import Entry
from knowledge.findings import Finding
from knowledge.formats.rows import Sheet
from knowledge.incoming import Incoming
from knowledge.merge import Conflict

State = Literal["new", "changed", "unchanged", "conflicting", "faulty"]

NOTHING = Entry("", "", "")
# What tells of a column, not of the row at which it was seen.
_OF_FILE = ("extra_column",)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row. `entry` is what it would make of the shop's entry `shop`, either None where there is
    none: of a faulty row nothing may be known, and in the shop it may be new or deleted."""

    row: int
    state: State
    entry: Entry | None
    shop: Entry | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """What differs, as JSON has it: in the shop now, and by the file."""
        if self.entry is None or self.state in ("unchanged", "faulty"):
            return {}
        before = msgspec.to_builtins(self.shop or NOTHING)
        after = msgspec.to_builtins(self.entry)
        return {
            name: (before[name], value)
            for name, value in after.items()
            if name != "id" and value != before[name]
        }


@dataclass(frozen=True, slots=True)
class Sifted:
    """A file's good rows, the faulty ones, and what is wrong with neither."""

    sheet: Sheet
    faulty: Mapping[int, Entry | None]
    of_rows: Mapping[int, Sequence[Finding]]
    of_file: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether nothing of it can be imported."""
        wrong = any(one.severity == "error" for one in self.of_file)
        return wrong or not self.sheet.readable


def sift(sheet: Sheet) -> Sifted:
    """Tell the rows that can be imported from those that cannot."""
    of_rows: dict[int, list[Finding]] = defaultdict(list)
    of_file = []
    numbers = {row.path: row.number for row in sheet.rows if row.path}
    known = {row.number: row.entry for row in sheet.rows}
    for one in sheet.findings if sheet.readable else ():
        number = _row_of(one, sheet, numbers)
        if number in known or (number is not None and one.severity == "error"):
            of_rows[number].append(one)
        else:
            of_file.append(one)
    faulty = {
        number: known.get(number)
        for number, found in of_rows.items()
        if any(one.severity == "error" for one in found)
    }
    good = tuple(row for row in sheet.rows if row.number not in faulty)
    return Sifted(
        replace(sheet, rows=good, findings=()),
        faulty,
        of_rows,
        tuple(of_file) if sheet.readable else sheet.findings,
    )


def outcomes(sifted: Sifted, coming: Incoming, shop: Mapping[str, Entry]) -> list[Outcome]:
    """Every row in the file's order; `shop` are the entries that are there now."""
    found = [
        Outcome(number, "faulty", entry, None, tuple(sifted.of_rows[number]))
        for number, entry in sifted.faulty.items()
    ]
    merged = coming.merge
    written = {one.id: one for one in (*merged.new, *merged.changed)}
    new = {one.id for one in merged.new}
    at_odds = {one.id: one for one in merged.conflicts}
    for said in coming.entries:
        number, there = coming.rows[said.id], shop.get(said.id)
        findings = tuple(sifted.of_rows.get(number, ()))
        if said.id in at_odds:
            conflict = at_odds[said.id]
            more = _of_conflict(conflict, number)
            found.append(Outcome(number, "conflicting", conflict.file, there, (*findings, *more)))
        elif said.id in written:
            state: State = "new" if said.id in new else "changed"
            found.append(Outcome(number, state, written[said.id], there, findings))
        else:
            found.append(Outcome(number, "unchanged", there or said, there))
    return sorted(found, key=lambda one: one.row)


def count(rows: Iterable[Outcome]) -> dict[str, int]:
    """How many rows of each state."""
    counts = dict.fromkeys(("new", "changed", "unchanged", "conflicting", "faulty"), 0)
    for one in rows:
        counts[one.state] += 1
    return counts


def _row_of(one: Finding, sheet: Sheet, numbers: Mapping[str, int]) -> int | None:
    """The row that a finding is about."""
    if one.code in _OF_FILE:
        return None
    if not sheet.paths:
        return one.line
    path = one.field.partition(".")[0]
    if path in numbers:
        return numbers[path]
    if path.startswith("entries["):
        return one.line
    if one.code == "repeated" and one.field in FIELDS:
        return max((number for number in numbers.values() if number <= one.line), default=None)
    return None


def _of_conflict(conflict: Conflict, number: int) -> list[Finding]:
    if conflict.blocked:
        code, *facts = conflict.blocked
        return [Finding("", number, "", code, tuple(facts))]
    return [Finding("", number, "", "deleted_here" if conflict.shop is None else "changed_here")]
