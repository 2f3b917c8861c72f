"""The shop's knowledge at work: the entries in the database, and the matcher built from them.

The database is the truth; a matcher is a snapshot that goes on answering while the next one is
built. Matching runs beside the event loop.
Entries are written by `importing`, and one at a time by `change`: no other verb writes them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import msgspec
import orjson

from console.clock import Clock
from console.desk.matchers import Matchers, settings_stock
from console.events import Events, Hint, ShelfChanged
from console.model.refusal import Refused
from console.model.words import ShopId, to_ms
from console.store import Store, Tx, places, shelf
from console.tasks import Latest
from knowledge import Context, Entry, Gates, Suggestion, chinese, variables

HOT = 8
# So many changed entries are put into a matcher one by one; more, and it is built anew.
FEW = 16


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry as it is now; `changed` is false where it was so before."""

    entry: Entry
    revision: int
    changed: bool


@dataclass(slots=True)
class _Shelf:
    """One shop's entries in memory."""

    name: str
    entries: dict[str, Entry] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    initials: dict[str, str] = field(default_factory=dict)
    gates: Gates = field(default_factory=Gates)


class Library:
    """Reading, matching and changing entries; `changing` is held by whoever writes them."""

    def __init__(
        self, store: Store, events: Events, clock: Clock, matchers: Matchers | None = None
    ) -> None:
        self._store = store
        self._events = events
        self._clock = clock
        self._shelves: dict[str, _Shelf] = {}
        self._matchers = matchers or Matchers()
        self._settling = Latest()
        self.changing = asyncio.Lock()

    async def load(self) -> None:
        """Read all entries; answering starts when `warm` is through."""

        for shop_id in await self._store.read(places.shops):
            await self._load_shop(shop_id)

    async def warm(self) -> None:
        """Build the matchers off the loop. Suggestions asked for meanwhile wait for it."""
        await self._matchers.beside(chinese.warm)
        for shop_id in list(self._shelves):
            await self._rebuild(ShopId(shop_id))
        self._matchers.open()

    def close(self) -> None:
        self._matchers.close()

    def shop_name(self, shop_id: ShopId) -> str:
        return self._shelves[shop_id].name

    def hot(self, shop_id: ShopId) -> list[dict[str, str]]:
        """The questions a shopper is offered before the first word."""
        today = self._today()
        found = [
            {"id": one.id, "question": one.question}
            for one in self._shelves[shop_id].entries.values()
            if one.hot and one.is_valid(today)
        ]
        return found[:HOT]

    def entries(self, shop_id: ShopId) -> list[Entry]:
        """All of them, in the owner's order."""
        return list(self._shelves[shop_id].entries.values())

    def entry(self, shop_id: ShopId, entry_id: str) -> Entry | None:
        return self._shelves[shop_id].entries.get(entry_id)

    def search(
        self, shop_id: ShopId, *, q: str = "", category: str = "", state: str = ""
    ) -> list[dict[str, Any]]:
        """Entries whose text, shortcut or pinyin initials hold `q`, in the owner's order.

        `state` is `valid` or `expired`, or empty for both.
        """
        today, wanted = self._today(), q.strip().lower()
        kept = self._shelves[shop_id]
        found = []
        for one in kept.entries.values():
            if category and not f"{one.category}/".startswith(f"{category}/"):
                continue
            if state and (state == "valid") != one.is_valid(today):
                continue
            texts = (*one.phrases, one.answer, one.shortcut or "", kept.initials[one.id])
            if wanted and not any(wanted in text.lower() for text in texts):
                continue
            found.append(self.listed(shop_id, one.id))
        return found

    def listed(self, shop_id: ShopId, entry_id: str) -> dict[str, Any]:
        """An entry as lists show it."""
        kept = self._shelves[shop_id]
        body = msgspec.to_builtins(kept.entries[entry_id])
        revision = kept.revisions[entry_id]
        return {**body, "initials": kept.initials[entry_id], "revision": revision}

    def gates(self, shop_id: ShopId) -> Gates:
        """The limits from which the shop's suggestions are shown and sure."""
        return self._shelves[shop_id].gates

    def take_gates(self, shop_id: ShopId, gates: Gates) -> None:
        """Suggestions go by other limits from now on."""
        self._shelves[shop_id].gates = gates
        self._events.publish(ShelfChanged(shop_id))

    async def shows(self, shop_id: ShopId, texts: Sequence[str]) -> list[bool]:
        """Whether anything would be shown for each text now."""
        context = Context(today=self._today())
        return await self._matchers.shows(shop_id, texts, context, self.gates(shop_id))

    async def suggest(
        self, shop_id: ShopId, text: str, context: Context, *, limit: int = 5
    ) -> list[Suggestion]:
        """The ranking for a text, ungated; waits while the matcher is still being built."""
        gates = self.gates(shop_id)
        return await self._matchers.suggest(shop_id, text, context, limit=limit, gates=gates)

    def hint(
        self, shop_id: ShopId, suggestion: Suggestion, values: Mapping[str, str | None]
    ) -> Hint:
        """A suggestion with its answer filled in."""
        entry = self._shelves[shop_id].entries[suggestion.entry]
        text = variables.fill(entry.answer, values)
        return Hint(
            entry.id, suggestion.score, text, entry.question, suggestion.why,
            suggestion.phrase, suggestion.matched, suggestion.sure, suggestion.lift,
        )  # fmt: skip

    async def change(
        self,
        shop_id: ShopId,
        entry_id: str,
        edit: Callable[[Entry], Entry],
        *,
        by: str | None,
        revision: int | None = None,
        also: Callable[[Tx, Changed], Awaitable[None]] | None = None,
    ) -> Changed:
        """Write one entry anew, with a new revision; matched when this returns, and then told.

        `edit` makes the new entry of the one in the database; one that is as it was is not written.
        `also` runs in the same transaction. Refused: `not_found`, `conflict` when `revision` is not
        the entry's.
        """

        async def work(tx: Tx) -> Changed:
            shelved = await shelf.find(tx, shop_id, entry_id)
            if shelved is None:
                raise Refused("not_found", f"no entry {entry_id}")
            now = shelved.revision
            if revision not in (None, now):
                raise Refused("conflict", f"entry {entry_id} has revision {now}, not {revision}")
            before = msgspec.convert(shelved.body, Entry)
            after = edit(before)
            if after != before:
                now = await self._put(tx, shop_id, shelved, after, by=by)
            done = Changed(after, now, after != before)
            if also is not None:
                await also(tx, done)
            return done

        async with self.changing:
            done = await self._store.write(work)
            if done.changed:
                await self._take(shop_id, done)
        if done.changed:
            self._events.publish(ShelfChanged(shop_id))
        return done

    async def reload(
        self, shop_id: ShopId, written: Sequence[Entry] = (), *, anew: bool = True
    ) -> None:
        """Take what somebody wrote into the database, who holds `changing`; and tell it.

        The matcher is built `anew`, or gets what was `written` where that is quicker.
        """
        await self._load_shop(shop_id)
        if self._matchers.ready and (anew or len(written) > FEW):
            await self._rebuild(shop_id)
        elif self._matchers.ready:
            for entry in written:
                await self._renew(shop_id, entry)
        self._events.publish(ShelfChanged(shop_id))

    async def _put(
        self, tx: Tx, shop_id: ShopId, shelved: shelf.Shelved, entry: Entry, *, by: str | None
    ) -> int:
        revision = await shelf.last_revision(tx, shop_id, entry.id) + 1
        now = to_ms(self._clock())
        new = replace(
            shelved, body=body_of(entry), revision=revision, updated_at=now, updated_by=by
        )
        await shelf.put(tx, shop_id, new)
        return revision

    async def _take(self, shop_id: ShopId, done: Changed) -> None:
        """Put a written entry on the shelf in memory and into the matcher."""
        entry = done.entry
        initials = await self._matchers.beside(lambda: chinese.initials(entry.question))
        kept = self._shelves[shop_id]
        kept.entries[entry.id] = entry
        kept.revisions[entry.id] = done.revision
        kept.initials[entry.id] = initials
        await self._renew(shop_id, entry)

    async def _renew(self, shop_id: ShopId, entry: Entry) -> None:
        if await self._matchers.renew(shop_id, entry):
            self._settling.tell("matcher", shop_id, lambda: self._rebuild(shop_id))

    async def _load_shop(self, shop_id: ShopId) -> None:
        async def work(tx: Tx) -> tuple[str, Sequence[Sequence[Any]], Gates]:
            kept = await places.settings(tx, shop_id)
            gates = Gates(**kept.get("gates", {}))
            return await places.shop_name(tx, shop_id), await shelf.rows(tx, shop_id), gates

        name, rows, gates = await self._store.read(work)
        before = self._shelves.get(shop_id)
        self._shelves[shop_id] = await self._matchers.beside(
            lambda: _Shelf(name, *_taken(shelf.shelved(rows), before), gates)
        )

    async def _rebuild(self, shop_id: ShopId) -> None:
        async def work(tx: Tx) -> dict[str, Any]:
            return await places.settings(tx, shop_id)

        values = await self._store.read(work)
        await self._matchers.build(
            shop_id, lambda: settings_stock([*self._shelves[shop_id].entries.values()], values)
        )

    def _today(self) -> date:
        return self._clock().astimezone().date()


def _taken(
    shelved: Sequence[shelf.Shelved], before: _Shelf | None
) -> tuple[dict[str, Entry], dict[str, int], dict[str, str]]:
    """Entries, revisions and initials, which are kept where the question is as it was."""
    entries = {one.id: msgspec.convert(one.body, Entry) for one in shelved}
    known = {} if before is None else {
        before.entries[key].question: initials for key, initials in before.initials.items()
    }  # fmt: skip
    initials = {
        one.id: known.get(one.question) or chinese.initials(one.question)
        for one in entries.values()
    }
    return entries, {one.id: one.revision for one in shelved}, initials


def body_of(entry: Entry) -> dict[str, Any]:
    return dict(orjson.loads(msgspec.json.encode(entry)))
