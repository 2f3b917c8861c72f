"""The shop's knowledge at work: the entries in the database, and the matcher built from them.

The database is the truth; a matcher is a snapshot that goes on answering while the next one is
built. Matching, and reading and writing of faq.yaml, run beside the event loop.
Entries are written by `import_file`, and one at a time by `change`: no other verb writes them.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
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
from knowledge.entries import Reading, decode, read
from knowledge.findings import Finding
from knowledge.merge import Conflict, Merge, merge, write_back

HOT = 8
_SEED = "seed_sha256"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    new: int
    changed: int
    unchanged: int
    conflicts: list[str]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        return any(one.severity == "error" for one in self.findings)


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
    """Reading, matching, importing and exporting entries."""

    def __init__(
        self, store: Store, events: Events, clock: Clock, matchers: Matchers | None = None
    ) -> None:
        self._store = store
        self._events = events
        self._clock = clock
        self._shelves: dict[str, _Shelf] = {}
        self._matchers = matchers or Matchers()
        self._settling = Latest()
        self._changing = asyncio.Lock()

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

        async with self._changing:
            done = await self._store.write(work)
            if done.changed:
                await self._take(shop_id, done)
        if done.changed:
            self._events.publish(ShelfChanged(shop_id))
        return done

    async def import_file(
        self, shop_id: ShopId, data: bytes, *, file: str, by: str | None, dry_run: bool = False
    ) -> Imported:
        """Merge a faq.yaml entry by entry against what was last imported; with an error, nothing.

        An entry that is not in the file stays; one changed on both sides is a conflict and stays,
        and so is one whose shortcut an entry outside the file has.
        """
        reading, findings = await self._matchers.beside(lambda: _read(data, file))
        if reading is None or reading.errors:
            return Imported(0, 0, 0, [], findings)

        async def work(tx: Tx) -> Merge:
            shelved = await shelf.entries(tx, shop_id)
            outcome = _compare(reading.entries, shelved)
            if not dry_run:
                await self._store_merge(tx, shop_id, reading, outcome, by=by)
            return outcome

        if dry_run:
            outcome = await self._store.read(work)
        else:
            async with self._changing:
                outcome = await self._store.write(work)
                await self._load_shop(shop_id)
                if self._matchers.ready:
                    await self._rebuild(shop_id)
            self._events.publish(ShelfChanged(shop_id))
        return Imported(
            len(outcome.new),
            len(outcome.changed),
            len(outcome.unchanged),
            [one.id for one in outcome.conflicts],
            findings,
        )

    async def seed(self, shop_id: ShopId, data: bytes, *, file: str) -> Imported | None:
        """Take the shipped faq.yaml: fill an empty shelf, or merge the file where it changed.

        None when there was nothing to do, or when this shop's knowledge came from elsewhere.
        """

        async def work(tx: Tx) -> tuple[str | None, bool]:
            return await places.note(tx, _SEED), bool(await shelf.entries(tx, shop_id))

        seed, filled = await self._store.read(work)
        if seed == _digest(data) or (seed is None and filled):
            return None
        imported = await self.import_file(shop_id, data, file=file, by=None)
        if not imported.failed:
            await self._store.write(lambda tx: places.keep_note(tx, _SEED, _digest(data)))
        return imported

    async def export(self, shop_id: ShopId, original: str | None) -> str:
        """The shelf as faq.yaml: the file that is there, edited in place, or a new one.

        Raises Refused("invalid") when the file that is there cannot be edited.
        """
        kept = self._shelves[shop_id]
        head = f"version: 1\nshop: {kept.name}\nentries:\n"
        entries = list(kept.entries.values())
        try:
            return await self._matchers.beside(
                lambda: write_back(head if original is None else original, entries)
            )
        except ValueError as wrong:
            raise Refused("invalid", f"the file cannot be edited: {wrong}") from wrong

    async def _put(
        self, tx: Tx, shop_id: ShopId, shelved: shelf.Shelved, entry: Entry, *, by: str | None
    ) -> int:
        revision = await shelf.last_revision(tx, shop_id, entry.id) + 1
        now = to_ms(self._clock())
        new = replace(shelved, body=_body(entry), revision=revision, updated_at=now, updated_by=by)
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
        if await self._matchers.renew(shop_id, entry):
            self._settling.tell("matcher", shop_id, lambda: self._rebuild(shop_id))

    async def _store_merge(
        self, tx: Tx, shop_id: ShopId, reading: Reading, outcome: Merge, *, by: str | None
    ) -> None:
        now = to_ms(self._clock())
        order = {one.id: place for place, one in enumerate(reading.entries)}
        for one in (*outcome.new, *outcome.changed):
            body = _body(one)
            revision = await shelf.last_revision(tx, shop_id, one.id) + 1
            shelved = shelf.Shelved(one.id, body, body, order[one.id], revision, now, by)
            await shelf.put(tx, shop_id, shelved)
        for one in reading.entries:
            if one.id in outcome.unchanged:
                await shelf.rebase(tx, shop_id, one.id, _body(one))
        values = await places.settings(tx, shop_id, lock=True)
        values["dictionary"] = list(reading.dictionary)
        values["synonyms"] = [list(group) for group in reading.synonyms]
        name = reading.shop.get("name") or await places.shop_name(tx, shop_id)
        await places.save_settings(tx, shop_id, name, values)

    async def _load_shop(self, shop_id: ShopId) -> None:
        async def work(tx: Tx) -> tuple[str, list[shelf.Shelved], Gates]:
            kept = await places.settings(tx, shop_id)
            gates = Gates(**kept.get("gates", {}))
            return await places.shop_name(tx, shop_id), await shelf.entries(tx, shop_id), gates

        name, shelved, gates = await self._store.read(work)
        entries = {one.id: msgspec.convert(one.body, Entry) for one in shelved}
        initials = await self._matchers.beside(lambda: _initials(entries.values()))
        self._shelves[shop_id] = _Shelf(
            name,
            entries,
            {one.id: one.revision for one in shelved},
            initials,
            gates,
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


def _read(data: bytes, file: str) -> tuple[Reading | None, tuple[Finding, ...]]:
    text, findings = decode(data, file=file)
    if findings:
        return None, findings
    reading = read(text, file=file)
    return reading, reading.findings


def _compare(file: Sequence[Entry], shelved: Sequence[shelf.Shelved]) -> Merge:
    named = {one.id for one in file}
    there = [one for one in shelved if one.id in named]
    base = [msgspec.convert(one.base, Entry) for one in there if one.base is not None]
    shop = [msgspec.convert(one.body, Entry) for one in there]
    taken = {one.body.get("shortcut") for one in shelved if one.id not in named} - {None}
    return _without_taken(merge(base, file, shop), taken)


def _without_taken(outcome: Merge, taken: set[str | None]) -> Merge:
    """Move what claims another entry's shortcut to the conflicts."""
    clashes = [
        Conflict(one.id, None, one, None)
        for one in (*outcome.new, *outcome.changed)
        if one.shortcut in taken
    ]
    return replace(
        outcome,
        new=tuple(one for one in outcome.new if one.shortcut not in taken),
        changed=tuple(one for one in outcome.changed if one.shortcut not in taken),
        conflicts=(*outcome.conflicts, *clashes),
    )


def _initials(entries: Iterable[Entry]) -> dict[str, str]:
    return {one.id: chinese.initials(one.question) for one in entries}


def _body(entry: Entry) -> dict[str, Any]:
    return dict(orjson.loads(msgspec.json.encode(entry)))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
