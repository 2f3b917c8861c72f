"""A shop's entries in memory, in the owner's order: found by words, listed, counted by category.

What lists show of an entry is made once, when it is first shown, and kept until it changes: ten
thousand of them are listed in milliseconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from knowledge import Entry, Gates, markup

HOT = 8


@dataclass(frozen=True, slots=True)
class Held:
    """An entry as the database has it."""

    entry: Entry
    revision: int
    position: int
    initials: str


@dataclass(slots=True)
class Category:
    """`count` includes what stands below; `under` are its parts, in the order of their entries."""

    name: str
    path: str
    count: int = 0
    under: dict[str, "Category"] = field(default_factory=dict)


class Holdings:
    """What one shop knows, and the limits of its suggestions."""

    def __init__(self, name: str, held: Iterable[Held], gates: Gates) -> None:
        self.name = name
        self.gates = gates
        self._held = {one.entry.id: one for one in held}
        self._listed: dict[str, dict[str, Any]] = {}

    @property
    def entries(self) -> list[Entry]:
        """All that are there, in the owner's order."""
        return [one.entry for one in self._held.values()]

    def entry(self, entry_id: str) -> Entry | None:
        found = self._held.get(entry_id)
        return None if found is None else found.entry

    def take(self, held: Iterable[Held], gone: Iterable[str] = ()) -> None:
        """Put entries in their places, and leave out those that are gone."""
        known = len(self._held)
        for one in held:
            self._held[one.entry.id] = one
            self._listed.pop(one.entry.id, None)
        if len(self._held) > known:
            order = sorted(self._held.values(), key=lambda one: (one.position, one.entry.id))
            self._held = {one.entry.id: one for one in order}
        for entry_id in gone:
            self._held.pop(entry_id, None)
            self._listed.pop(entry_id, None)

    def listed(self, entry_id: str, viewer: str | None = None) -> dict[str, Any] | None:
        """An entry as lists show it to an agent of that name, not to be changed."""
        held = self._held.get(entry_id)
        if held is None or not held.entry.is_for(viewer):
            return None
        found = self._listed.get(entry_id)
        if found is None:
            found = shown(held.entry, held.revision, held.initials)
            self._listed[entry_id] = found
        return found

    def hot(self, today: date) -> list[dict[str, str]]:
        """The questions a shopper is offered before the first word."""
        found = [
            {"id": one.id, "question": one.question}
            for one in self.entries
            if one.hot and one.is_for(None) and _state(one, today) == "valid"
        ]
        return found[:HOT]

    def search(
        self, q: str, category: str, state: str, today: date, viewer: str | None = None
    ) -> list[str]:
        """The ids of entries whose text, shortcut or pinyin initials hold `q`, in their order."""
        wanted = q.strip().lower()
        found: Iterator[Held] = (one for one in self._held.values() if one.entry.is_for(viewer))
        if category:
            found = (one for one in found if is_within(one.entry.category, category))
        if state:
            found = (one for one in found if _state(one.entry, today) == state)
        if wanted:
            found = (one for one in found if _holds(one, wanted))
        return [one.entry.id for one in found]

    def within(self, category: str) -> list[str]:
        """The ids of the team's entries of a category and of all below it."""
        team = (one.entry for one in self._held.values() if one.entry.is_for(None))
        return [entry.id for entry in team if is_within(entry.category, category)]

    def categories(self) -> list[Category]:
        """The tree of the team's; what has no category stands under an empty name."""
        top = Category("", "")
        for one in self._held.values():
            if not one.entry.is_for(None):
                continue
            at = top
            for name in one.entry.category.split("/"):
                path = f"{at.path}/{name}" if at is not top else name
                at = at.under.setdefault(name, Category(name, path))
                at.count += 1
        return list(top.under.values())


def shown(entry: Entry, revision: int, initials: str) -> dict[str, Any]:
    """An entry as lists show it; a date that is not set is absent. `plain` are the answer and its
    variants as a chat says them, where that is not how they are written."""
    shape = {**msgspec.to_builtins(entry), "initials": initials, "revision": revision}
    for name in ("valid_from", "valid_to"):
        if shape[name] is None:
            del shape[name]
    written = [entry.answer, *(one.answer for one in entry.variants)]
    plain = [markup.plain(one) for one in written]
    return shape if plain == written else {**shape, "plain": plain}


def is_within(category: str, outer: str) -> bool:
    """Whether it is that category or below it."""
    return category == outer or category.startswith(f"{outer}/")


def _state(entry: Entry, today: date) -> str:
    """Also `resting`: of another day of the week."""
    if not entry.enabled:
        return "disabled"
    if not entry.is_current(today):
        return "expired"
    return "valid" if entry.is_valid(today) else "resting"


def _holds(held: Held, wanted: str) -> bool:
    entry = held.entry
    if wanted in held.initials or wanted in (entry.shortcut or "").lower():
        return True
    text = "\n".join((*entry.phrases, entry.answer))
    # lowering is most of the work, and Chinese has no capitals
    return wanted in (text if wanted.upper() == wanted else text.lower())
