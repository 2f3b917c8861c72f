"""A file meets the shop: which entries its rows are, and what becomes of them.

A row is the entry of its id. Without one it is the entry with the same question or code, as far as
the file's key goes; rows that share one are told apart by their order. Only fields that the file
has a place for are compared and taken; all others stay as the shop has them.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
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
    """What importing does; `entries` is what the file says, in its order, as whole entries."""

    merge: Merge
    entries: tuple[Entry, ...]


def incoming(sheet: Sheet, kept: Iterable[Kept]) -> Incoming:
    """What the file does to a shop with these entries, in the shop's order."""
    there = {one.entry.id: one for one in kept}
    before, file, shop = [], [], []
    for entry in _recognised(sheet, there):
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
    return Incoming(_without_taken(merge(before, file, shop), there, others), tuple(file))


def _recognised(sheet: Sheet, there: Mapping[str, Kept]) -> Iterable[Entry]:
    """The rows under the ids of the shop's entries that they are."""
    if sheet.key == "id":
        yield from sheet.entries
        return
    mine = {one.id for one in sheet.entries}
    alike: dict[object, deque[str]] = defaultdict(deque)
    for known in there.values():
        if known.entry.id not in mine and not known.deleted:
            alike[_likeness(sheet, known.entry)].append(known.entry.id)
    for entry in sheet.entries:
        found = alike.get(_likeness(sheet, entry))
        yield entry if entry.id in there or not found else replace(entry, id=found.popleft())


def _likeness(sheet: Sheet, entry: Entry) -> object:
    """By what a row without an id is known; one that has no code, by all it says."""
    return getattr(entry, sheet.key) or tuple(getattr(entry, name) for name in sheet.carried)


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
