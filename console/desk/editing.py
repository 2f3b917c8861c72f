"""The owner's pen: entries made, changed, deleted and restored, one by one or together, undoable.

Every verb is one `Library.write`: all or nothing, one revision an entry. What is written together
has a token by which it is taken back together, as long as none of it has changed since; taking back
has a token too.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec

from console.desk.holdings import is_within, shown
from console.desk.library import Library
from console.desk.shelving import Shelving, entry_of
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import new_id
from console.store import Tx, imports, shelf
from console.store.shelf import Shelved
from knowledge import Entry, Variant, chinese, form
from knowledge.entries import LISTS
from knowledge.findings import Finding

NOTHING = Entry("", "", "")
# of a made id; a number may follow
_LONGEST = 56
UNNAMED = "entry"


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry as it is now; `changed` is false where it was so before."""

    entry: Entry
    revision: int
    changed: bool

    @property
    def listed(self) -> dict[str, Any]:
        """As lists show it."""
        return shown(self.entry, self.revision, chinese.initials(self.entry.question))

    def warnings(self, language: str) -> list[tuple[str, str, str]]:
        """What makes its answers worse: field, code and sentence."""
        return [(one.field, one.code, one.message(language)) for one in form.alone(self.entry)]


@dataclass(frozen=True, slots=True)
class Together:
    """The revisions of entries that were changed together; `undo` is None where none had to be."""

    revisions: dict[str, int]
    undo: str | None


@dataclass(frozen=True, slots=True)
class Alike:
    """What is to be the same in several entries; None leaves it as it is."""

    category: str | None = None
    enabled: bool | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()

    def edit(self, entry: Entry) -> Entry:
        kept = [one for one in entry.tags if one not in self.remove_tags]
        added = [tag for one in self.add_tags if (tag := one.strip())]
        return replace(
            entry,
            category=entry.category if self.category is None else self.category.strip(),
            enabled=entry.enabled if self.enabled is None else self.enabled,
            tags=tuple(dict.fromkeys([*kept, *added])),
        )


Also = Callable[[Tx, Changed], Awaitable[None]]


class Editing:
    """Verbs on entries, for those who lead."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def create(
        self, agent: Agent, fields: Mapping[str, Any], *, also: Also | None = None
    ) -> Changed:
        """Add an entry; without an id it gets one of its question's initials.

        `fields` are as in a file, dates as text. Refused: `invalid` naming each field, `conflict`
        when the id or the shortcut is another's.
        """
        entry = _signed(replace(NOTHING, **_values(fields)), agent)
        made = not entry.id.strip()
        if made and entry.personal:  # ids are told to all; initials would tell what it is about
            made, entry = False, replace(entry, id=new_id())
        if made:
            initials = chinese.initials(entry.question)[:_LONGEST]
            entry = replace(entry, id=initials or UNNAMED)
        entry = _checked(form.tidy(entry))

        async def work(shelving: Shelving) -> Changed:
            new = replace(entry, id=await shelving.free_id(entry.id)) if made else entry
            done = _done(await shelving.add(new))
            if also is not None:
                await also(shelving.tx, done)
            return done

        return await self._library.write(agent.shop_id, agent, work)

    def check(self, fields: Mapping[str, Any], before: Entry | None = None) -> None:
        """Refuse what `create`, or with `before` a `patch` of it, would refuse for its fields."""
        entry = form.tidy(replace(before or replace(NOTHING, id=UNNAMED), **_values(fields)))
        _checked(entry, before)

    async def patch(
        self, agent: Agent, entry_id: str, fields: Mapping[str, Any], *, revision: int | None,
        also: Also | None = None,
    ) -> Changed:  # fmt: skip
        """Change some fields. Refused as `change`, and `invalid` naming each field."""
        values = _values(fields)
        if values.get("id", entry_id) != entry_id:
            raise Refused("invalid", f"`id`: it is {entry_id} for good")

        def edit(entry: Entry) -> Entry:
            tidy = form.tidy(replace(entry, **values))
            # a question that is one of its similar ones takes that one's place
            names = {*values, *(("similar",) if "question" in values else ())}
            after = replace(entry, **{one: getattr(tidy, one) for one in names})
            return _checked(_signed(after, agent), entry)

        return await self.change(agent, entry_id, edit, revision=revision, also=also)

    async def change(
        self,
        agent: Agent,
        entry_id: str,
        edit: Callable[[Entry], Entry],
        *,
        revision: int | None = None,
        also: Also | None = None,
    ) -> Changed:
        """Write one entry anew, with a new revision; matched when this returns, and then told.

        `edit` makes the new entry of the one in the database; one that is as it was is not written.
        `also` runs in the same transaction. Refused: `not_found`, `conflict` when `revision` is not
        the entry's or its shortcut is another's.
        """

        async def work(shelving: Shelving) -> Changed:
            shelved = await shelving.find(entry_id, revision)
            before = entry_of(shelved)
            after = edit(before)
            if after != before:
                shelved = await shelving.put(shelved, after, "changed")
            done = Changed(after, shelved.revision, after != before)
            if also is not None:
                await also(shelving.tx, done)
            return done

        return await self._library.write(agent.shop_id, agent, work)

    async def delete(self, agent: Agent, entry_id: str, *, revision: int | None) -> None:
        """Take an entry off the shelf; its revisions stay."""

        async def work(shelving: Shelving) -> None:
            shelved = await shelving.find(entry_id, revision)
            await shelving.put(shelved, entry_of(shelved), "deleted")

        await self._library.write(agent.shop_id, agent, work)

    async def restore(
        self, agent: Agent, entry_id: str, to: int, *, revision: int | None = None
    ) -> Changed:
        """Make an entry what it was at a revision, deleted meanwhile or not."""

        async def work(shelving: Shelving) -> Shelved:
            shelved = await shelving.find_ever(entry_id, revision)
            entry = await _at(shelving.tx, agent.shop_id, entry_id, to)
            if entry is None:
                raise Refused("not_found", f"entry {entry_id} has no revision {to}")
            return await shelving.put(shelved, entry, "restored")

        return _done(await self._library.write(agent.shop_id, agent, work))

    async def alike(self, agent: Agent, ids: Iterable[str], change: Alike) -> Together:
        """Give several entries the same category, state or tags."""
        if change == Alike():
            raise Refused("invalid", "`change` changes nothing")
        return await self.bulk(agent, ids, change.edit)

    async def bulk(
        self, agent: Agent, ids: Iterable[str], edit: Callable[[Entry], Entry]
    ) -> Together:
        """Change several entries in the same way; those that are so already stay as they are."""

        async def work(shelving: Shelving) -> Together:
            found = [await shelving.find(one) for one in dict.fromkeys(ids)]
            return await _rewrite(shelving, found, edit)

        return await self._library.write(agent.shop_id, agent, work)

    async def rename(self, agent: Agent, old: str, new: str) -> Together:
        """Move a category with all below it. Refused("not_found") for one that has no entries."""
        old, new = old.strip(), new.strip()
        ids = self._library.within(agent.shop_id, old)

        def edit(entry: Entry) -> Entry:
            if not is_within(entry.category, old):  # it was moved a moment ago
                return entry
            return replace(entry, category=f"{new}{entry.category[len(old) :]}")

        if not ids:
            raise Refused("not_found", f"no entries in the category {old}")
        return await self.bulk(agent, ids, edit)

    async def undo(self, agent: Agent, token: str) -> Together:
        """Take back what was changed together. Refused: `not_found`, `conflict` when an entry of it
        has changed since. An import is undone by `importing`."""

        async def work(shelving: Shelving) -> Together:
            written = await shelf.batch(shelving.tx, agent.shop_id, token)
            imported = await imports.find(shelving.tx, agent.shop_id, token)
            if not written or imported is not None:
                raise Refused("not_found", f"nothing to undo by the token {token[:80]}")
            back = []
            for entry_id, revision in written:
                shelved = await shelving.find(entry_id, revision)
                entry = await _at(shelving.tx, agent.shop_id, entry_id, revision - 1)
                back.append((shelved, entry or entry_of(shelved)))
            batch = new_id()
            return Together(await shelving.put_all(back, "restored", batch), batch)

        return await self._library.write(agent.shop_id, agent, work)


async def _rewrite(
    shelving: Shelving, found: Iterable[Shelved], edit: Callable[[Entry], Entry]
) -> Together:
    """Write those that the edit changes."""
    moved = []
    for shelved in found:
        before = entry_of(shelved)
        after = edit(before)
        if after != before:
            moved.append((shelved, _checked(after, before)))
    if not moved:
        return Together({}, None)
    batch = new_id()
    return Together(await shelving.put_all(moved, "changed", batch), batch)


def _values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as an entry holds them. Raises Refused("invalid") for what is no date."""
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name in ("valid_from", "valid_to"):
            values[name] = _day(name, value)
        elif name in LISTS:
            values[name] = tuple(value)
        elif name == "variants":
            values[name] = tuple(Variant(**one) for one in value)
        elif name == "weekdays":
            values[name] = tuple(value)
        else:
            values[name] = "" if name == "id" and value is None else value
    return values


def _signed(entry: Entry, agent: Agent) -> Entry:
    """A personal entry is its writer's."""
    return replace(entry, owner=agent.name) if entry.personal else entry


def _day(name: str, text: str | None) -> date | None:
    found = form.day((text or "").strip())
    if text and found is None:
        wrong = Finding("", 0, name, "type_date", (name, text[:40]))
        raise Refused("invalid", f"`{name}`: {wrong.message('en')}")
    return found


async def _at(tx: Tx, shop_id: str, entry_id: str, revision: int) -> Entry | None:
    """An entry as it was."""
    found = await shelf.revisions(tx, shop_id, entry_id, newest=revision, limit=1)
    if not found or found[0].revision != revision:
        return None
    return msgspec.convert(found[0].body, Entry)


def _checked(entry: Entry, before: Entry | None = None) -> Entry:
    """Raises Refused("invalid") with a sentence for each field that is wrong now."""
    wrong = form.wrong(entry, before)
    if wrong:
        said = "; ".join(f"`{one.field}`: {one.message('en')}" for one in wrong[:5])
        raise Refused("invalid", said)
    return entry


def _done(shelved: Shelved) -> Changed:
    return Changed(entry_of(shelved), shelved.revision, changed=True)
