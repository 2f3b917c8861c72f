"""One change of a shop's shelf, inside its transaction: what is read is held until the commit, what
is written is a revision each, on the log, and remembered for those who keep entries in memory.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import orjson

from console.desk.holdings import shown
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import ShopId
from console.store import Tx, log, shelf
from console.store.shelf import Change, Shelved
from knowledge import Entry, chinese


class Shelving:
    """Made by `Library.write` for each try; `written` holds what is in the database after it."""

    def __init__(self, tx: Tx, shop_id: ShopId, *, by: Agent | None, at: int) -> None:
        self.tx = tx
        self.written: dict[str, Shelved] = {}
        self._shop_id = shop_id
        self._by = None if by is None else by.id
        self._viewer = None if by is None else by.name
        self._at = at

    async def find(self, entry_id: str, revision: int | None = None) -> Shelved:
        """An entry that is there. Refused: `not_found`, `conflict` with the entry as it is when
        `revision` is not its."""
        found = await shelf.find(self.tx, self._shop_id, entry_id)
        if found is None or not entry_of(found).is_for(self._viewer):
            raise Refused("not_found", f"no entry {entry_id}")
        _expect(found, revision)
        return found

    async def find_ever(self, entry_id: str, revision: int | None = None) -> Shelved:
        """The same for one that may be deleted."""
        found = await shelf.find_ever(self.tx, self._shop_id, entry_id)
        if found is None or not entry_of(found).is_for(self._viewer):
            raise Refused("not_found", f"there never was an entry {entry_id}")
        _expect(found, revision)
        return found

    async def add(self, entry: Entry) -> Shelved:
        """A new entry behind all others. Refused("conflict") where its id is taken; one that was
        deleted goes on with its revisions."""
        found = await shelf.find_ever(self.tx, self._shop_id, entry.id)
        if found is not None and found.deleted_at is None:
            raise Refused("conflict", f"`id`: there is an entry {entry.id}", now=_shown(found))
        place = await shelf.end(self.tx, self._shop_id)
        new = found or Shelved(entry.id, {}, None, place, 0, self._at, self._by)
        return await self.put(new, entry, "created")

    async def free_id(self, wanted: str) -> str:
        """The id, or with the first number behind it that no entry ever had."""
        taken = await shelf.ids_like(self.tx, self._shop_id, wanted)
        number = 2
        found = wanted
        while found in taken:
            found = f"{wanted}-{number}"
            number += 1
        return found

    async def put(self, shelved: Shelved, entry: Entry, change: Change) -> Shelved:
        """Write an entry anew. Refused("conflict") when its shortcut is another's."""
        await self._own_shortcut(shelved, entry, change)
        new = self._next(shelved, entry, change)
        await shelf.put(self.tx, self._shop_id, new, change=change)
        await self._log(f"entry_{change}", {"entry": new.id, "revision": new.revision})
        self.written[new.id] = new
        return new

    async def put_all(
        self, together: Sequence[tuple[Shelved, Entry]], change: Change, batch: str
    ) -> dict[str, int]:
        """Write entries that are taken back together, by `batch`; their new revisions."""
        for shelved, entry in together:
            await self._own_shortcut(shelved, entry, change)
        new = [self._next(shelved, entry, change) for shelved, entry in together]
        await shelf.put(self.tx, self._shop_id, *new, change=change, batch=batch)
        await self._log(f"entries_{change}", {"entries": [one.id for one in new], "batch": batch})
        self.written.update((one.id, one) for one in new)
        return {one.id: one.revision for one in new}

    def _next(self, shelved: Shelved, entry: Entry, change: Change) -> Shelved:
        return replace(
            shelved,
            body=dict(orjson.loads(msgspec.json.encode(entry))),
            revision=shelved.revision + 1,
            updated_at=self._at,
            updated_by=self._by,
            deleted_at=self._at if change == "deleted" else None,
        )

    async def _own_shortcut(self, shelved: Shelved, entry: Entry, change: Change) -> None:
        there = shelved.deleted_at is None and not shelved.body.get("personal")
        was = shelved.body.get("shortcut") if there else None
        if entry.shortcut in (None, was) or change == "deleted" or entry.personal:
            return
        other = await shelf.owner_of(self.tx, self._shop_id, entry.shortcut, but=entry.id)
        if other is not None:
            raise Refused("conflict", f"`shortcut`: {entry.shortcut} is taken by entry {other}")

    async def _log(self, kind: str, data: dict[str, Any]) -> None:
        await log.append(self.tx, kind, self._at, self._shop_id, agent_id=self._by, data=data)


def entry_of(shelved: Shelved) -> Entry:
    return msgspec.convert(shelved.body, Entry)


def _expect(found: Shelved, revision: int | None) -> None:
    if revision in (None, found.revision):
        return
    sentence = f"entry {found.id} has revision {found.revision}, not {revision}"
    there = _shown(found) if found.deleted_at is None else None
    raise Refused("conflict", sentence, now=there)


def _shown(shelved: Shelved) -> dict[str, Any]:
    entry = entry_of(shelved)
    return shown(entry, shelved.revision, chinese.initials(entry.question))
