"""What an import writes: worked out of a file and the shelf, apart from the database and the loop.

`base` of a shelved entry is what a faq.yaml last said of it, with `sources` for what files of
other formats said: of each the fields that it has a place for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from console.desk.library import body_of
from console.store import shelf
from knowledge import Entry
from knowledge.formats import FULL, Sheet
from knowledge.incoming import Incoming, Kept, incoming

SOURCES = "sources"
# A part is one transaction, whose statements run on the event loop: some milliseconds.
PART_ROWS, PART_CHARS = 200, 200_000


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
    parts: tuple[dict[str, Any], ...]

    @property
    def written(self) -> tuple[Entry, ...]:
        return (*self.incoming.merge.new, *self.incoming.merge.changed)


def plan(sheet: Sheet, stock: Stock, *, at_ms: int, by: str | None) -> Plan:
    # what is one agent's own is no file's business
    kept = [_kept(one) for one in stock.entries if not one.body.get("personal")]
    gone = [_kept(one, deleted=True) for one in stock.deleted]
    coming = incoming(sheet, [*kept, *gone])
    there = {one.id: one for one in (*stock.deleted, *stock.entries)}
    said = {one.id: one for one in coming.entries}
    rows = []
    for one, position in _placed(coming, stock.entries):
        base = _base(sheet, there.get(one.id), said[one.id])
        revision = stock.revisions.get(one.id, 0) + 1
        new = shelf.Shelved(one.id, body_of(one), base, position, revision, at_ms, by)
        rows.append(shelf.as_row(new))
    bases = []
    for entry_id in coming.merge.unchanged:
        base = _base(sheet, there[entry_id], said[entry_id])
        if base != there[entry_id].base:
            bases.append((entry_id, orjson.dumps(base).decode()))
    return Plan(coming, tuple(_parts(rows, bases)))


def _kept(one: shelf.Shelved, *, deleted: bool = False) -> Kept:
    said = {}
    base = dict(one.base or {})
    sources = base.pop(SOURCES, {})
    if base:
        said[FULL] = msgspec.convert(base, Entry)
    for name, fields in sources.items():
        said[name] = msgspec.convert({**one.body, **fields}, Entry)
    return Kept(msgspec.convert(one.body, Entry), said, deleted)


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


def _parts(
    rows: Sequence[tuple[Any, ...]], bases: Sequence[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    part: dict[str, Any] = {"rows": [], "bases": []}
    size = count = 0
    for kind, one in (*(("rows", row) for row in rows), *(("bases", base) for base in bases)):
        if count == PART_ROWS or size > PART_CHARS:
            yield part
            part, size, count = {"rows": [], "bases": []}, 0, 0
        part[kind].append(one)
        count += 1
        size += sum(len(text) for text in one if isinstance(text, str))
    if count:
        yield part
