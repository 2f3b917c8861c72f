"""Files into the shop's knowledge and out of it.

The database is the truth and a file is merged into it, entry by entry, against what was last
imported. Files are read and written in a thread of their own: suggestions go on meanwhile.

All of an import is there or nothing is, for who reads and after a crash. What fits one short
transaction is one. More is staged in parts, each a transaction of some milliseconds, because the
statements run on the event loop (one transaction of 10,000 entries held it for a second); the
parts are put in place once all are there, and the shelf in memory changes once all are in place.
"""

import asyncio
import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from console.clock import Clock
from console.desk.library import Library
from console.desk.planning import Plan, Stock, plan
from console.model.refusal import Refused
from console.model.words import ShopId, new_id, to_ms
from console.store import Store, Tx, places, shelf, staged
from console.store.tx import Work
from knowledge import formats
from knowledge.entry import Entry
from knowledge.findings import Finding
from knowledge.formats import Sheet, Words, qianniu
from knowledge.merge import write_back

_SEED = "seed_sha256"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    new: int
    changed: int
    unchanged: int
    conflicts: list[str]
    findings: tuple[Finding, ...]
    format: str

    @property
    def failed(self) -> bool:
        return any(one.severity == "error" for one in self.findings)


class Importing:
    """Importing and exporting entries."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._clock = clock

    async def finish(self) -> None:
        """Do what is left of imports that a crash cut off; before the shelf is read."""
        for name, shop_id, parts in await self._store.write(staged.pending):
            await self._put_in_place(name, ShopId(shop_id), parts)

    async def import_file(
        self, shop_id: ShopId, data: bytes, *, file: str, by: str | None, dry_run: bool = False
    ) -> Imported:
        """Merge a file entry by entry against what was last imported; with an error, nothing.

        An entry that is not in the file stays; one changed on both sides is a conflict and stays,
        and so is one whose shortcut an entry outside the file has.
        """
        with _uncollected():
            sheet = await asyncio.to_thread(formats.read, data, file=file)
            if sheet.failed:
                return Imported(0, 0, 0, [], sheet.findings, sheet.format)
            if dry_run:
                planned = await self._plan(shop_id, sheet, by=by)
            else:
                planned = await self._merge(shop_id, sheet, by=by)
        outcome = planned.incoming.merge
        return Imported(
            len(outcome.new),
            len(outcome.changed),
            len(outcome.unchanged),
            [one.id for one in outcome.conflicts],
            sheet.findings,
            sheet.format,
        )

    async def seed(
        self, shop_id: ShopId, data: bytes, *, file: str, own: bool = False
    ) -> Imported | None:
        """Take the shop's faq.yaml: fill an empty shelf, or merge the file where it changed.

        None when there was nothing to do: it is as it was; or it is not the shop's `own` but the
        shipped one, and this shop's knowledge came from elsewhere.
        """

        async def work(tx: Tx) -> tuple[str | None, bool]:
            return await places.note(tx, _SEED), bool(await shelf.entries(tx, shop_id))

        seed, filled = await self._store.read(work)
        if seed == _digest(data) or (seed is None and filled and not own):
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

    async def export_as(self, shop_id: ShopId, form: str, encoding: str | None = None) -> bytes:
        """The shelf as a new file of a format; `encoding`, `gbk` or `utf8`, is 千牛's alone.

        Raises Refused("invalid") when the format or the encoding cannot hold it.
        """
        entries = self._library.entries(shop_id)
        try:
            return await asyncio.to_thread(_file, entries, form, encoding)
        except ValueError as wrong:
            raise Refused("invalid", str(wrong)) from wrong

    async def _merge(self, shop_id: ShopId, sheet: Sheet, *, by: str | None) -> Plan:
        async with self._library.changing:
            planned = await self._plan(shop_id, sheet, by=by)
            anew = await self._brings_words(shop_id, sheet.words)
            await self._write(shop_id, planned, sheet.words)
            await self._library.reload(shop_id, planned.written, anew=anew)
        return planned

    async def _plan(self, shop_id: ShopId, sheet: Sheet, *, by: str | None) -> Plan:
        async def work(tx: Tx) -> tuple[Sequence[Any], Sequence[Any], dict[str, int]]:
            return (
                await shelf.rows(tx, shop_id),
                await shelf.rows(tx, shop_id, deleted=True),
                await shelf.last_revisions(tx, shop_id),
            )

        there, gone, revisions = await self._store.read(work)
        at_ms = to_ms(self._clock())

        def planned() -> Plan:
            stock = Stock(shelf.shelved(there), shelf.shelved(gone), revisions)
            return plan(sheet, stock, at_ms=at_ms, by=by)

        return await asyncio.to_thread(planned)

    async def _brings_words(self, shop_id: ShopId, words: Words | None) -> bool:
        """Whether every entry will be matched otherwise, by a new dictionary or synonyms."""
        kept = await self._store.read(lambda tx: places.settings(tx, shop_id))
        return words is not None and _plain(words) != (
            kept.get("dictionary", []), kept.get("synonyms", [])
        )  # fmt: skip

    async def _write(self, shop_id: ShopId, planned: Plan, words: Words | None) -> None:
        parts = list(planned.parts)
        if words is not None:
            parts = parts or [{"rows": [], "bases": []}]
            parts[-1]["words"] = [dict(words.shop), *_plain(words)]
        if len(parts) == 1:
            await self._store.write(lambda tx: _put(tx, shop_id, parts[0]))
        elif parts:
            await self._stage(shop_id, parts)

    async def _stage(self, shop_id: ShopId, parts: Sequence[dict[str, Any]]) -> None:
        name = new_id()
        for number, part in enumerate(parts):
            await self._store.write(_kept(name, number, part))
        await self._store.write(lambda tx: staged.ready(tx, name, shop_id, len(parts)))
        await self._put_in_place(name, shop_id, len(parts))

    async def _put_in_place(self, name: str, shop_id: ShopId, parts: int) -> None:
        for number in range(parts):
            await self._store.write(_taken(name, number, shop_id))
        await self._store.write(lambda tx: staged.done(tx, name))


@contextmanager
def _uncollected() -> Iterator[None]:
    """The garbage collector walks everything with the interpreter in its hand: amid ten thousand
    fresh rows a tenth of a second, several times, in which no thread does anything else. What is
    there afterwards is set aside, as at the start: the entries stay."""
    mine = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if mine:
            gc.freeze()
            gc.enable()


def _kept(name: str, number: int, part: dict[str, Any]) -> Work[None]:
    return lambda tx: staged.keep(tx, name, number, part)


def _taken(name: str, number: int, shop_id: ShopId) -> Work[None]:
    async def work(tx: Tx) -> None:
        part = await staged.take(tx, name, number)
        if part is not None:
            await _put(tx, shop_id, part)

    return work


async def _put(tx: Tx, shop_id: ShopId, part: dict[str, Any]) -> None:
    await shelf.put_rows(tx, shop_id, part["rows"])
    await shelf.rebase(tx, shop_id, part["bases"])
    if "words" not in part:
        return
    shop, dictionary, synonyms = part["words"]
    values = await places.settings(tx, shop_id, lock=True)
    values |= {"dictionary": dictionary, "synonyms": synonyms}
    name = shop.get("name") or await places.shop_name(tx, shop_id)
    await places.save_settings(tx, shop_id, name, values)


def _plain(words: Words) -> tuple[list[str], list[list[str]]]:
    return list(words.dictionary), [list(group) for group in words.synonyms]


def _file(entries: Sequence[Entry], form: str, encoding: str | None) -> bytes:
    if form == qianniu.NAME:
        return formats.encoded(qianniu.text(entries), encoding)
    if encoding is not None:
        raise ValueError(f"{form} has one encoding only")
    return next(one for one in formats.FORMATS if one.NAME == form).write(entries)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
