"""What an import writes: worked out of a file and the shelf, apart from the database and the loop.

`base` of a shelved entry is what a faq.yaml last said of it, with `sources` for what files of
other formats said: of each the fields that it has a place for.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from console.desk.library import body_of
from console.store import shelf
from knowledge import Entry
from knowledge.formats import FULL, Sheet
from knowledge.incoming import ALL, Choice, Incoming, Kept, incoming

SOURCES = "sources"
# A part is one transaction, whose statements run on the event loop: some milliseconds.
PART_ROWS, PART_CHARS = 200, 200_000

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stock:
    """The shelf before an import; `revisions` are the highest that each id ever had."""

    entries: Sequence[shelf.Shelved]
    deleted: Sequence[shelf.Shelved]
    revisions: dict[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the file, and what is written for it, in parts."""

    incoming: Incoming
    parts: tuple[Part, ...]

    @property
    def written(self) -> tuple[Entry, ...]:
        return (*self.incoming.merge.new, *self.incoming.merge.changed)


def plan(
    sheet: Sheet, stock: Stock, *, at_ms: int, by: str | None, batch: str, choice: Choice = ALL
) -> Plan:
    """The chosen rows of a sheet that has no faulty ones. `batch` is the import's id."""
    coming = met(sheet, stock, choice)
    there = {one.id: one for one in (*stock.deleted, *stock.entries)}
    said = {one.id: one for one in coming.entries}
    units: list[Part] = []
    for one, position in _placed(coming, stock.entries):
        old = there.get(one.id)
        base = _base(sheet, old, said[one.id])
        revision = stock.revisions.get(one.id, 0) + 1
        new = shelf.Shelved(one.id, body_of(one), base, position, revision, at_ms, by)
        row = shelf.as_row(new)
        units.append({"rows": row, "before": _before(old, row[2], one.id, revision)})
    for entry_id in coming.heard:
        base = _base(sheet, there[entry_id], said[entry_id])
        if base != there[entry_id].base:
            text = orjson.dumps(base).decode()
            before = _before(there[entry_id], text, entry_id, None)
            units.append({"bases": (entry_id, text), "before": before})
    return Plan(coming, tuple(packed(units, batch=batch)))


def met(sheet: Sheet, stock: Stock, choice: Choice = ALL) -> Incoming:
    """What becomes of the chosen rows; of what is gone without a file ever having spoken of it,
    nothing is known."""
    kept = [_kept(one) for one in stock.entries]
    gone = [_kept(one, deleted=True) for one in stock.deleted if one.base is not None]
    return incoming(sheet, [*kept, *gone], choice)


def left_as(base: str | None) -> str:
    """What stands for a base, to be known again by."""
    return hashlib.sha256((base or "").encode()).hexdigest()[:20]


def packed(units: Iterable[Mapping[str, Sequence[Any]]], **head: Any) -> Iterator[Part]:
    """Parts that each begin with `head`; what is in one unit stays together."""
    part: Part = {**head, "rows": [], "bases": [], "before": []}
    size = count = 0
    for unit in units:
        if count == PART_ROWS or size > PART_CHARS:
            yield part
            part, size, count = {**head, "rows": [], "bases": [], "before": []}, 0, 0
        for kind, row in unit.items():
            part[kind].append(row)
            size += sum(len(text) for text in row if isinstance(text, str))
        count += 1
    if count:
        yield part


def _before(
    old: shelf.Shelved | None, base: str | None, entry_id: str, revision: int | None
) -> tuple[Any, ...]:
    """What `imports.keep` notes."""
    if old is None:
        return (entry_id, revision, None, None, left_as(base), None, None)
    was = None if old.base is None else orjson.dumps(old.base).decode()
    number = old.revision if revision is not None else None
    return (entry_id, revision, number, was, left_as(base), old.position, old.deleted_at)


def _kept(one: shelf.Shelved, *, deleted: bool = False) -> Kept:
    said = {}
    base = dict(one.base or {})
    sources = base.pop(SOURCES, {})
    if base:
        said[FULL] = msgspec.convert(base, Entry)
    for name, fields in sources.items():
        said[name] = msgspec.convert({**one.body, **fields}, Entry)
    entry = msgspec.convert(one.body, Entry)
    return Kept(entry, said, deleted, hidden=entry.personal)


def _base(sheet: Sheet, old: shelf.Shelved | None, said: Entry) -> dict[str, Any]:
    """What is remembered of all files, with this one's word as the latest."""
    before = dict((old and old.base) or {})
    sources = before.pop(SOURCES, {})
    body = body_of(said)
    if sheet.format == FULL:
        before = body
    else:
        fields = {name: body[name] for name in (*sheet.carried, *sheet.guessed)}
        sources = {**{k: v for k, v in sources.items() if k != sheet.format}, sheet.format: fields}
    return {**before, **({SOURCES: sources} if sources else {})}


def _placed(coming: Incoming, entries: Sequence[shelf.Shelved]) -> Iterator[tuple[Entry, int]]:
    """What is written, in the file's order; behind what is there, if none of it is the file's."""
    order = {one.id: place for place, one in enumerate(coming.entries)}
    apart = not any(one.id in order for one in entries)
    first = max((one.position + 1 for one in entries), default=0) if apart else 0
    kept = {one.id: one.position for one in entries}
    for one in sorted((*coming.merge.new, *coming.merge.changed), key=lambda one: order[one.id]):
        yield one, kept.get(one.id, first + order[one.id])
