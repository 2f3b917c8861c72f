"""What taking an import back writes: worked out of its record and the shelf, as it is planned.

What the import made is deleted, what it changed is as it was, and what the file said of entries is
forgotten, so that importing it again offers the same. An entry that has changed since is not
touched, nor is one whose old shortcut another has got since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import orjson

from console.desk.planning import Part, left_as, packed
from console.desk.shelving import entry_of
from console.store import shelf
from console.store.imports import Before
from console.store.shelf import Shelved
from knowledge import Entry
from knowledge.incoming import clashes


@dataclass(frozen=True, slots=True)
class Undoing:
    """`kept` are the entries that have changed since; `written` those that are back as they were,
    and `gone` the ids of those deleted."""

    parts: tuple[Part, ...]
    written: tuple[Entry, ...]
    gone: tuple[str, ...]
    kept: tuple[Entry, ...]


def undoing(
    before: Sequence[Before], shelved: Sequence[Shelved], *, since: int, at_ms: int, by: str | None
) -> Undoing:
    """Of entries on the shelf, deleted ones too; the import was made at `since`."""
    there = {one.id: one for one in shelved}
    changed = {one.id for one in before if _changed(one, there.get(one.id))}
    changed |= _in_the_way(before, there, changed, since=since)
    restored: list[Shelved] = []
    deleted: list[Shelved] = []
    bases = []
    for one in before:
        if one.id in changed:
            continue
        now = there[one.id]
        if one.revision is None:
            bases.append({"bases": (one.id, one.base)})
            continue
        back = _back(one, now, at_ms=at_ms, by=by)
        (restored if back.deleted_at is None else deleted).append(back)
    return Undoing(
        (
            *packed(({"rows": shelf.as_row(one)} for one in restored), change="restored"),
            *packed(({"rows": shelf.as_row(one)} for one in deleted), change="deleted"),
            *packed(bases),
        ),
        tuple(map(entry_of, restored)),
        tuple(one.id for one in deleted),
        tuple(entry_of(there[one.id]) for one in before if one.id in changed and one.id in there),
    )


def _changed(one: Before, now: Shelved | None) -> bool:
    """Whether somebody wrote the entry since, or another file said something of it."""
    if now is None or (one.revision is not None and now.revision != one.revision):
        return True
    base = None if now.base is None else orjson.dumps(now.base).decode()
    return left_as(base) != one.left_as


def _in_the_way(
    before: Sequence[Before], there: Mapping[str, Shelved], changed: set[str], *, since: int
) -> set[str]:
    """Those that would get back a shortcut that another has got since."""
    alive = {key: entry_of(one) for key, one in there.items() if one.deleted_at is None}
    old = {key: entry for key, entry in alive.items() if there[key].updated_at < since}
    written = {}
    for one in before:
        if one.id in changed or one.revision is None:
            continue
        if one.body is None or one.deleted_at is not None:
            alive.pop(one.id, None)
        else:
            written[one.id] = msgspec.convert(orjson.loads(one.body), Entry)
    return set(clashes(written, alive, old))


def _back(one: Before, now: Shelved, *, at_ms: int, by: str | None) -> Shelved:
    new = replace(now, revision=now.revision + 1, updated_at=at_ms, updated_by=by)
    base = None if one.base is None else orjson.loads(one.base)
    if one.body is None:
        return replace(new, base=base, deleted_at=at_ms)
    position = now.position if one.position is None else one.position
    return replace(
        new,
        body=dict(orjson.loads(one.body)),
        base=base,
        position=position,
        deleted_at=one.deleted_at,
    )


def befores(rows: Sequence[Sequence[Any]]) -> list[Before]:
    return [Before(*row) for row in rows]
