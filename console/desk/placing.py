"""What is written to a shelf by the thousand: all of it is there or nothing is, for who reads and
after a crash.

What fits one short transaction is one. More is staged in parts, each a transaction of some
milliseconds, because the statements run on the event loop (one transaction of 10,000 entries held
it for a second); the parts are put in place once all are there.

A part holds `rows` of entries with their `change` and `batch`, `bases` of entries that stay, and
what those were `before`; the last one also what concerns the whole: `words`, `record`, `undone`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from console.model.words import ShopId, new_id
from console.store import Store, Tx, imports, log, places, shelf, staged
from console.store.imports import Record
from console.store.tx import Work

Part = dict[str, Any]
WORDS = ("name", "dictionary", "synonyms")


class Placing:
    """Writes parts; nobody else writes a shop's entries meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def finish(self) -> None:
        """Do what is left of parts that a crash cut off; before the shelf is read."""
        for name, shop_id, parts in await self._store.write(staged.pending):
            await self._put_in_place(name, ShopId(shop_id), parts, _silent)

    async def write(
        self, shop_id: ShopId, parts: Sequence[Part], tell: Callable[[float], None]
    ) -> None:
        """Write all parts; `tell` hears which share of the work is done."""
        if len(parts) == 1:
            await self._store.write(lambda tx: _put(tx, shop_id, parts[0]))
            return
        name, count = new_id(), len(parts)
        for number, part in enumerate(parts):
            await self._store.write(_kept(name, number, part))
            tell((number + 1) / count / 2)
        await self._store.write(lambda tx: staged.ready(tx, name, shop_id, count))
        await self._put_in_place(name, shop_id, count, lambda share: tell(0.5 + share / 2))

    async def _put_in_place(
        self, name: str, shop_id: ShopId, parts: int, tell: Callable[[float], None]
    ) -> None:
        for number in range(parts):
            await self._store.write(_taken(name, number, shop_id))
            tell((number + 1) / parts)
        await self._store.write(lambda tx: staged.done(tx, name))


async def words_of(tx: Tx, shop_id: str) -> dict[str, Any]:
    """The shop's words as a faq.yaml may set them."""
    values = await places.settings(tx, shop_id)
    name = await places.shop_name(tx, shop_id)
    return {"name": name, **{key: values.get(key, []) for key in WORDS[1:]}}


def _silent(_: float) -> None:
    """At a start nobody looks."""


def _kept(name: str, number: int, part: Part) -> Work[None]:
    return lambda tx: staged.keep(tx, name, number, part)


def _taken(name: str, number: int, shop_id: ShopId) -> Work[None]:
    async def work(tx: Tx) -> None:
        part = await staged.take(tx, name, number)
        if part is not None:
            await _put(tx, shop_id, part)

    return work


async def _put(tx: Tx, shop_id: str, part: Part) -> None:
    batch = part.get("batch")
    change = part.get("change", "imported")
    await shelf.put_rows(tx, shop_id, part["rows"], change=change, batch=batch)
    await shelf.rebase(tx, shop_id, part["bases"])
    if batch is not None:
        await imports.keep(tx, batch, part.get("before", ()))
    if "words" in part:
        await _set_words(tx, shop_id, *part["words"])
    if "record" in part:
        await _record(tx, shop_id, msgspec.convert(part["record"], Record))
    if "undone" in part:
        import_id, at, by, kept = part["undone"]
        await imports.undo(tx, import_id, at)
        data = {"import": import_id, "kept": kept}
        await log.append(tx, "import_undone", at, shop_id, agent_id=by, data=data)


async def _set_words(
    tx: Tx, shop_id: str, expected: Mapping[str, Any] | None, wanted: Mapping[str, Any]
) -> None:
    """Set the shop's words; where some are `expected`, only those that still are so."""
    values = await places.settings(tx, shop_id, lock=True)
    now = await words_of(tx, shop_id)
    new = {
        key: wanted[key] if expected is None or now[key] == expected[key] else now[key]
        for key in WORDS
    }
    values = {key: one for key, one in values.items() if key not in WORDS}
    values |= {key: new[key] for key in WORDS[1:] if new[key]}
    await places.save_settings(tx, shop_id, new["name"], values)


async def _record(tx: Tx, shop_id: str, record: Record) -> None:
    await imports.add(tx, shop_id, record)
    by = None if record.by is None else record.by[0]
    data = {
        "import": record.id, "file": record.file, "format": record.format, "counts": record.counts,
    }  # fmt: skip
    await log.append(tx, "entries_imported", record.at, shop_id, agent_id=by, data=data)
