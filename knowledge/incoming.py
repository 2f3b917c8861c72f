"""A file meets the shop: which entries its rows are, and what becomes of them.

A row with an id is the entry of that id. One without is the entry of which it says the same, or
else the next one that is known by the same code or question. Only fields that the file has a place
for are compared and taken; all others stay as the shop has them.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.entry import Entry
from knowledge.formats.rows import Sheet
from knowledge.merge import Conflict, Merge, merge

# Two entries with one question are the same; two with one code may be anything.
_WEAK = "shortcut"


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry of the shop, and what files of each format last said of it, the latest last. What is
    `hidden` is somebody's own: no file is about it, and none gets its id."""

    entry: Entry
    said: Mapping[str, Entry]
    deleted: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Numbers of rows: which to take, None for all, and of which conflicts the file's side."""

    take: frozenset[int] | None = None
    conflicts: frozenset[int] = frozenset()

    def has(self, number: int) -> bool:
        return self.take is None or number in self.take


ALL = Choice()


@dataclass(frozen=True, slots=True)
class Incoming:
    """What importing does; `entries` are the file's rows in its order, under the shop's ids, and
    `rows` their numbers. Of what is unchanged, only the rows that were chosen are `heard`: what the
    file says of them is remembered. `unchosen` are rows that would be written if they were."""

    merge: Merge
    entries: tuple[Entry, ...]
    rows: Mapping[str, int]
    heard: tuple[str, ...]
    unchosen: int = 0


def incoming(sheet: Sheet, kept: Iterable[Kept], choice: Choice = ALL) -> Incoming:
    """What the chosen rows of a file do to a shop with these entries, in the shop's order.

    What was not chosen is neither written nor a conflict.
    """
    all_there = {one.entry.id: one for one in kept}
    there = {key: one for key, one in all_there.items() if not one.hidden}
    before, file, shop = [], [], []
    rows = _recognised(sheet, there)
    for entry in rows:
        known = there.get(entry.id)
        base = None if known is None else _base(sheet, known)
        frame = entry if known is None or known.deleted else known.entry
        names = _names(sheet, frame, base, entry)
        file.append(_with(frame, entry, names))
        if base is not None:
            before.append(_with(frame, base, names))
        if known is not None and not known.deleted:
            shop.append(known.entry)
    numbers = {one.id: row.number for one, row in zip(rows, sheet.rows, strict=True)}
    whole = merge(before, file, shop)
    outcome = _chosen(whole, numbers, choice)
    unchosen = _size(whole) - _size(outcome)
    alive = {one.id: one for one in shop}
    alive |= {key: one.entry for key, one in there.items() if not one.deleted}
    hidden = all_there.keys() - there.keys()
    outcome = _unblocked(outcome, alive, {one.id: one for one in file}, hidden)
    heard = tuple(one for one in outcome.unchanged if choice.has(numbers[one]))
    return Incoming(outcome, tuple(rows), numbers, heard, unchosen)


def clashes(
    written: Mapping[str, Entry], alive: Mapping[str, Entry], said: Mapping[str, Entry]
) -> dict[str, str]:
    """Which of the entries to be written would get a shortcut that another keeps, and whose it is.

    `alive` are the shop's entries now; who is `said` to have the same shortcut may share it. One
    that is not written keeps its own, which may be in the way of the next.
    """
    wanting: dict[str, list[str]] = defaultdict(list)
    for one in written.values():
        own = alive.get(one.id)
        if one.shortcut is not None and (own is None or own.shortcut != one.shortcut):
            wanting[one.shortcut].append(one.id)
    found: dict[str, str] = {}
    keeping = [one for one in alive.values() if one.id not in written]
    while keeping:
        owner = keeping.pop()
        alike = said.get(owner.id)
        if owner.shortcut is None or (alike is not None and alike.shortcut == owner.shortcut):
            continue
        for entry_id in wanting.pop(owner.shortcut, ()):
            found[entry_id] = owner.id
            if entry_id in alive:
                keeping.append(alive[entry_id])
    return found


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


def _names(sheet: Sheet, frame: Entry, base: Entry | None, said: Entry) -> tuple[str, ...]:
    """The fields to compare: a guess of ours goes on only where nobody wrote a better one, and
    where the file says something that the shop does not."""
    news = any(getattr(said, name) != getattr(frame, name) for name in sheet.carried)
    if base is None or not news:
        return sheet.carried
    guessed = (name for name in sheet.guessed if getattr(base, name) == getattr(frame, name))
    return (*sheet.carried, *guessed)


def _with(frame: Entry, said: Entry, names: Sequence[str]) -> Entry:
    values = {name: getattr(said, name) for name in names}
    return replace(frame, **values)


def _chosen(outcome: Merge, numbers: Mapping[str, int], choice: Choice) -> Merge:
    """Without the rows that were not chosen, with the file's side of the conflicts that were."""
    taken = [
        one.file
        for one in outcome.conflicts
        if one.file is not None and numbers.get(one.id) in choice.conflicts
    ]
    mine = {one.id for one in taken}
    there = {one.id for one in outcome.conflicts if one.shop is not None}
    wanted = choice.conflicts | (choice.take or frozenset())

    def has(one: Entry) -> bool:
        return choice.take is None or numbers[one.id] in wanted

    return replace(
        outcome,
        new=tuple(filter(has, (*outcome.new, *(one for one in taken if one.id not in there)))),
        changed=tuple(filter(has, (*outcome.changed, *(one for one in taken if one.id in there)))),
        conflicts=tuple(one for one in outcome.conflicts if one.id not in mine),
    )


def _size(outcome: Merge) -> int:
    return len(outcome.new) + len(outcome.changed) + len(outcome.conflicts)


def _unblocked(
    outcome: Merge,
    alive: Mapping[str, Entry],
    file: Mapping[str, Entry],
    hidden: Container[str],
) -> Merge:
    """Move what claims another's shortcut or id to the conflicts; and of those say which cannot be
    taken at all."""
    written = {one.id: one for one in (*outcome.new, *outcome.changed)}
    at_odds = {one.id: one.file for one in outcome.conflicts if one.file is not None}
    would = clashes({**written, **at_odds}, alive, file)
    stays = clashes(written, alive, file)

    def blocked(one: Entry, owners: Mapping[str, str]) -> tuple[str, ...]:
        if one.id in hidden:
            return ("id_taken", one.id)
        if one.id in owners:
            return ("shortcut_taken", one.shortcut or "", owners[one.id])
        return ()

    left = {key: why for key, one in written.items() if (why := blocked(one, stays))}
    known = [
        replace(one, blocked=() if one.file is None else blocked(one.file, would))
        for one in outcome.conflicts
    ]
    more = [Conflict(key, None, written[key], alive.get(key), why) for key, why in left.items()]
    return replace(
        outcome,
        new=tuple(one for one in outcome.new if one.id not in left),
        changed=tuple(one for one in outcome.changed if one.id not in left),
        conflicts=(*known, *more),
    )
