"""Files into the shop's knowledge and out of it.

The database is the truth and a file is merged into it, entry by entry, against what was last
imported. Files are read and written in a thread of their own: suggestions go on meanwhile.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from console.clock import Clock
from console.desk.library import Library, body_of
from console.model.refusal import Refused
from console.model.words import ShopId, to_ms
from console.store import Store, Tx, places, shelf
from knowledge import Entry
from knowledge.entries import Reading, decode, read
from knowledge.findings import Finding
from knowledge.merge import Conflict, Merge, merge, write_back

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


class Importing:
    """Importing and exporting entries."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._clock = clock

    async def import_file(
        self, shop_id: ShopId, data: bytes, *, file: str, by: str | None, dry_run: bool = False
    ) -> Imported:
        """Merge a faq.yaml entry by entry against what was last imported; with an error, nothing.

        An entry that is not in the file stays; one changed on both sides is a conflict and stays,
        and so is one whose shortcut an entry outside the file has.
        """
        reading, findings = await asyncio.to_thread(_read, data, file)
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
            async with self._library.changing:
                outcome = await self._store.write(work)
                await self._library.reload(shop_id)
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
        name = self._library.shop_name(shop_id)
        head = f"version: 1\nshop: {name}\nentries:\n"
        entries = self._library.entries(shop_id)
        try:
            return await asyncio.to_thread(
                write_back, head if original is None else original, entries
            )
        except ValueError as wrong:
            raise Refused("invalid", f"the file cannot be edited: {wrong}") from wrong

    async def _store_merge(
        self, tx: Tx, shop_id: ShopId, reading: Reading, outcome: Merge, *, by: str | None
    ) -> None:
        now = to_ms(self._clock())
        order = {one.id: place for place, one in enumerate(reading.entries)}
        for one in (*outcome.new, *outcome.changed):
            body = body_of(one)
            revision = await shelf.last_revision(tx, shop_id, one.id) + 1
            shelved = shelf.Shelved(one.id, body, body, order[one.id], revision, now, by)
            await shelf.put(tx, shop_id, shelved)
        for one in reading.entries:
            if one.id in outcome.unchanged:
                await shelf.rebase(tx, shop_id, one.id, body_of(one))
        values = await places.settings(tx, shop_id, lock=True)
        values["dictionary"] = list(reading.dictionary)
        values["synonyms"] = [list(group) for group in reading.synonyms]
        name = reading.shop.get("name") or await places.shop_name(tx, shop_id)
        await places.save_settings(tx, shop_id, name, values)


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


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
