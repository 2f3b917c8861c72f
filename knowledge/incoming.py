"""A file meets the shop: which entries its rows are, and what becomes of them.

A row with an id is the entry of that id. One without is the entry of which it says the same, or
else the next one that is known by the same code or question. Only fields that the file has a place
for are compared and taken; all others stay as the shop has them.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.entry import Entry
from knowledge.formats.rows import Sheet
from knowledge.merge import Conflict, Merge, merge

# Two entries with one question are the same; two with one code may be anything.
_WEAK = "shortcut"


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry of the shop, and what files of each format last said of it, the latest last."""

    entry: Entry
    said: Mapping[str, Entry]
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """What importing does; `entries` are the file's rows in its order, under the shop's ids."""

    merge: Merge
    entries: tuple[Entry, ...]


def incoming(sheet: Sheet, kept: Iterable[Kept]) -> Incoming:
    """What the file does to a shop with these entries, in the shop's order."""
    there = {one.entry.id: one for one in kept}
    before, file, shop = [], [], []
    rows = _recognised(sheet, there)
    for entry in rows:
        known = there.get(entry.id)
        base = None if known is None else _base(sheet, known)
        frame = entry if known is None or known.deleted else known.entry
        names = _names(sheet, frame, base)
        file.append(_with(frame, entry, names))
        if base is not None:
            before.append(_with(frame, base, names))
        if known is not None and not known.deleted:
            shop.append(known.entry)
    mine = {one.id for one in file}
    others = {one.entry.shortcut: one.entry for one in there.values()
              if one.entry.id not in mine and not one.deleted}  # fmt: skip
    return Incoming(_without_taken(merge(before, file, shop), there, others), tuple(rows))


def _recognised(sheet: Sheet, there: Mapping[str, Kept]) -> Sequence[Entry]:
    """The rows under the ids of the shop's entries that they are; each entry is one row's."""
    rows = sheet.entries
    if sheet.key == "id":
        return rows
    own = {one.id for one in rows}
    alive = [one.entry for one in there.values() if not one.deleted]
    named = [one for one in alive if one.id not in own and getattr(one, sheet.key)]

    def said(one: Entry) -> object:
        return tuple(getattr(one, name) for name in sheet.carried)

    def key(one: Entry) -> object:
        return getattr(one, sheet.key)

    found: dict[int, str] = {}
    _claim(found, rows, said, alive)
    _claim(found, rows, lambda one: one.id, [one for one in rows if one.id in there])
    _claim(found, rows, key, named)
    _claim(found, rows, lambda one: one.id, rows)
    _claim(found, rows, key, rows)
    return [replace(one, id=found[place]) for place, one in enumerate(rows)]


def _claim(
    found: dict[int, str],
    rows: Sequence[Entry],
    alike: Callable[[Entry], object],
    offered: Sequence[Entry],
) -> None:
    """Give rows that have none yet the ids of those that are alike, in order, each id once."""
    taken = {*found.values()}
    free: dict[object, deque[str]] = defaultdict(deque)
    for one in offered:
        if one.id not in taken:
            free[alike(one)].append(one.id)
    for place, row in enumerate(rows):
        if place not in found and free[alike(row)]:
            found[place] = free[alike(row)].popleft()


def _base(sheet: Sheet, known: Kept) -> Entry | None:
    """What a file last said; what another format's said, if none of this format spoke of it."""
    own = known.said.get(sheet.format)
    if own is not None or sheet.key == _WEAK:
        return own
    return next(iter(reversed([*known.said.values()])), None)


def _names(sheet: Sheet, frame: Entry, base: Entry | None) -> tuple[str, ...]:
    """The fields to compare: a guess of ours goes on only where nobody wrote a better one."""
    if base is None:
        return sheet.carried
    guessed = (name for name in sheet.guessed if getattr(base, name) == getattr(frame, name))
    return (*sheet.carried, *guessed)


def _with(frame: Entry, said: Entry, names: Sequence[str]) -> Entry:
    values = {name: getattr(said, name) for name in names}
    return replace(frame, **values)


def _without_taken(
    outcome: Merge, there: Mapping[str, Kept], others: Mapping[str | None, Entry]
) -> Merge:
    """Move what claims the shortcut of an entry outside the file to the conflicts."""

    def claims(one: Entry) -> bool:
        own = there[one.id].entry.shortcut if one.id in there else None
        return one.shortcut is not None and one.shortcut != own and one.shortcut in others

    clashes = [Conflict(one.id, None, one, None) for one in (*outcome.new, *outcome.changed)
               if claims(one)]  # fmt: skip
    return replace(
        outcome,
        new=tuple(one for one in outcome.new if not claims(one)),
        changed=tuple(one for one in outcome.changed if not claims(one)),
        conflicts=(*outcome.conflicts, *clashes),
    )
