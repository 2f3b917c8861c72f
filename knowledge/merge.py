"""Three-way merge of a changed faq.yaml into a shop that edits its knowledge on the screen.

`base` is what was last imported. A side that differs from it has changed; where both have, and
not to the same, nobody's work is overwritten: it is a conflict for a human.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.entry import Entry
from knowledge.splice import write_back

__all__ = ["Conflict", "Merge", "merge", "write_back"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry that file and shop changed differently; None stands for not there.

    `blocked` is why the file's side cannot be taken even if somebody says so: the code and the
    facts of a finding.
    """

    id: str
    base: Entry | None
    file: Entry | None
    shop: Entry | None
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """What importing the file does to the shop: nothing else is touched."""

    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def merge(base: Iterable[Entry], file: Iterable[Entry], shop: Iterable[Entry]) -> Merge:
    """Entry by entry, in the file's order and then in the shop's."""
    before, theirs, ours = ({entry.id: entry for entry in side} for side in (base, file, shop))
    new, changed, removed, unchanged, conflicts = [], [], [], [], []
    for key in dict.fromkeys((*theirs, *ours, *before)):
        old, from_file, from_shop = before.get(key), theirs.get(key), ours.get(key)
        if from_file in (old, from_shop):
            if from_shop is not None:
                unchanged.append(key)
        elif from_shop != old:
            conflicts.append(Conflict(key, old, from_file, from_shop))
        elif from_file is None:
            removed.append(key)
        elif from_shop is None:
            new.append(from_file)
        else:
            changed.append(from_file)
    return Merge(tuple(new), tuple(changed), tuple(removed), tuple(unchanged), tuple(conflicts))
