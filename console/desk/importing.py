"""Files into the shop's knowledge, and back out again as a whole.

The database is the truth and a file is merged into it, entry by entry, against what was last
imported. Files are read in a thread of their own, one after the other: two that compute would hold
the loop up for longer than one, and suggestions go on meanwhile. How it is written says `placing`;
the shelf in memory changes once all of it is in place.

An import that has begun is finished, whether or not who asked for it is still there; what a stop
cuts off before all of it is written down never began, and the rest is done by the next start. One
at a time: who brings a file by HTTP while another is being taken is refused, a command and the
shop's own file wait. Every import has a record by which it is undone.
"""

import asyncio
import gc
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from console.clock import Clock
from console.desk.choosing import Rows, choice
from console.desk.library import Library
from console.desk.looking import Look, look, wanted
from console.desk.placing import Part, Placing, words_of
from console.desk.planning import Plan, Stock, plan
from console.desk.turns import Turns
from console.desk.undoing import Undoing, befores, undoing
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import ShopId, new_id, to_ms
from console.store import Store, Tx, imports, places, shelf
from console.store.imports import Record
from knowledge import Entry, formats
from knowledge.findings import Finding
from knowledge.formats import Sheet
from knowledge.incoming import ALL, Choice
from knowledge.outcomes import Sifted, sift

__all__ = ["Imported", "Importing", "Progress", "Record", "Run", "Undone"]

_SEED = "seed_sha256"
LISTED = 50
MOST_NAMED, MOST_TOLD = 5, 200
# Shares of the work: reading and planning, writing, and then matching.
PLANNED, WRITTEN = 0.25, 0.75

By = tuple[str, str] | None


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


@dataclass(frozen=True, slots=True)
class Undone:
    """An import that was taken back, and the ids of entries that stayed as somebody made them."""

    record: Record
    deleted: int
    restored: int
    kept: list[str]


@dataclass(slots=True)
class Progress:
    """How far an import is: `done` of `total` rows' worth of work, 0 of 0 while it is read."""

    done: int = 0
    total: int = 0

    def tell(self, share: float) -> None:
        self.done = int(self.total * share)

    def written(self, share: float) -> None:
        self.tell(PLANNED + share * (WRITTEN - PLANNED))


@dataclass(slots=True)
class Run:
    """An import under way, which goes on whoever waits for it; `task` ends with its record or with
    why it was refused, and `sound` is set before, once nothing is wrong with the file."""

    progress: Progress
    task: asyncio.Task[Record | Refused] = field(repr=False)
    sound: asyncio.Event


class Importing:
    """Importing entries, and undoing imports."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._placing = Placing(store)
        self._turns = Turns("importing")
        self.beside, self.close = self._turns.beside, self._turns.close

    async def finish(self) -> None:
        """Do what is left of imports that a crash cut off; before the shelf is read."""
        await self._placing.finish()

    async def import_file(
        self, shop_id: ShopId, data: bytes, *, file: str, by: By, dry_run: bool = False
    ) -> Imported:
        """Merge a file entry by entry against what was last imported; with an error, nothing.

        An entry that is not in the file stays; one changed on both sides is a conflict and stays,
        and so is one whose shortcut an entry outside the file has.
        """

        async def work() -> Imported:
            with _uncollected():
                sheet = await self.beside(lambda: formats.read(data, file=file))
                if sheet.failed:
                    return Imported(0, 0, 0, [], sheet.findings, sheet.format)
                if dry_run:
                    planned = await self._plan(shop_id, sheet, ALL, batch="", by=None, at_ms=0)
                else:
                    planned, _ = await self._merge(
                        shop_id, sheet, ALL, file=file, by=by, progress=Progress()
                    )
            outcome = planned.incoming.merge
            return Imported(
                len(outcome.new), len(outcome.changed), len(outcome.unchanged),
                [one.id for one in outcome.conflicts], sheet.findings, sheet.format,
            )  # fmt: skip

        if dry_run:
            return await work()
        return await self._turns.done(work)

    async def look(self, shop_id: ShopId, data: bytes, *, file: str) -> Look:
        """What a file would do, row by row; nothing is written."""
        with _uncollected(stays=False):
            there, words = await self._store.read(lambda tx: _shelf_and_words(tx, shop_id))
            return await self.beside(lambda: look(data, file, _stock(*there), words))

    def begin(
        self,
        agent: Agent,
        data: bytes,
        *,
        file: str,
        take: Rows | None = None,
        conflicts: Rows | None = None,
    ) -> Run:
        """Import the rows that were ticked, without `take` all that are new or changed; of rows
        changed on both sides, the file's where `conflicts` says so.

        Raises Refused("conflict") while another import is under way. The run ends with a refusal,
        `invalid`, where the file cannot be read or a faulty row was not left out.
        """
        self._alone()
        progress, sound = Progress(), asyncio.Event()

        async def work() -> Record:
            with _uncollected():
                sifted, chosen = await self.beside(lambda: _ticked(data, file, take, conflicts))
                progress.total = len(sifted.sheet.rows)
                sound.set()
                _, record = await self._merge(
                    agent.shop_id, sifted.sheet, chosen,
                    file=file, by=(agent.id, agent.name), progress=progress,
                )  # fmt: skip
            return record

        task = self._turns.begin(work)
        task.add_done_callback(lambda _: sound.set())
        return Run(progress, task, sound)

    async def recorded(self, shop_id: ShopId) -> list[Record]:
        """The latest imports, the newest first."""
        return await self._store.read(lambda tx: imports.latest(tx, shop_id, LISTED))

    async def undo(self, agent: Agent, import_id: str, *, keep_changed: bool = False) -> Undone:
        """Take a whole import back.

        Refused: `not_found`; `conflict` when it was undone before, while another is under way, or
        with the entries that have changed since: with `keep_changed` those stay, and the rest goes
        back.
        """
        self._alone()

        async def work() -> Undone:
            with _uncollected():
                async with self._library.changing:
                    return await self._undo(agent, import_id, keep_changed=keep_changed)

        return await self._turns.done(work)

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

    def _alone(self) -> None:
        if not self._turns.alone:
            raise Refused("conflict", "another import is under way; try again when it is done")

    async def _merge(
        self,
        shop_id: ShopId,
        sheet: Sheet,
        chosen: Choice,
        *,
        file: str,
        by: By,
        progress: Progress,
    ) -> tuple[Plan, Record]:
        async with self._library.changing:
            batch, at_ms = new_id(), to_ms(self._clock())
            planned = await self._plan(
                shop_id, sheet, chosen, batch=batch, by=by and by[0], at_ms=at_ms
            )
            progress.tell(PLANNED)
            now = await self._store.read(lambda tx: words_of(tx, shop_id))
            words = None if sheet.words is None else wanted(sheet.words, now)
            said = None if words in (None, now) else (now, words)
            counts = _counts(planned, len(sheet.rows))
            record = Record(batch, at_ms, by, file, sheet.format, counts, said)
            parts: list[Part] = [*planned.parts] or [{"rows": [], "bases": []}]
            parts[-1]["record"] = msgspec.to_builtins(record)
            if said is not None:
                parts[-1]["words"] = [None, words]
            await self._placing.write(shop_id, parts, progress.written)
            anew = said is not None and _matched_otherwise(*said)
            await self._library.reload(shop_id, planned.written, anew=anew)
            progress.tell(1.0)
        return planned, record

    async def _plan(
        self,
        shop_id: ShopId,
        sheet: Sheet,
        chosen: Choice,
        *,
        batch: str,
        by: str | None,
        at_ms: int,
    ) -> Plan:
        there, _ = await self._store.read(lambda tx: _shelf_and_words(tx, shop_id))
        return await self.beside(
            lambda: plan(sheet, _stock(*there), at_ms=at_ms, by=by, batch=batch, choice=chosen)
        )

    async def _undo(self, agent: Agent, import_id: str, *, keep_changed: bool) -> Undone:
        async def work(tx: Tx) -> tuple[Record | None, Sequence[Any], Sequence[Any]]:
            return (
                await imports.find(tx, agent.shop_id, import_id),
                await imports.before(tx, agent.shop_id, import_id),
                [
                    *await shelf.rows(tx, agent.shop_id),
                    *await shelf.rows(tx, agent.shop_id, deleted=True),
                ],
            )

        record, before, rows = await self._store.read(work)
        if record is None:
            raise Refused("not_found", f"no import {import_id[:80]}")
        if record.undone_at is not None:
            raise Refused("conflict", "this import was undone before")
        since, at_ms = record.at, to_ms(self._clock())
        planned = await self.beside(
            lambda: undoing(
                befores(before), shelf.shelved(rows), since=since, at_ms=at_ms, by=agent.id
            )
        )
        if planned.kept and not keep_changed:
            raise _changed_since(planned.kept)
        return await self._take_back(agent, record, planned, at_ms)

    async def _take_back(
        self, agent: Agent, record: Record, planned: Undoing, at_ms: int
    ) -> Undone:
        kept = [one.id for one in planned.kept]
        parts: list[Part] = [*planned.parts] or [{"rows": [], "bases": []}]
        parts[-1]["undone"] = [record.id, at_ms, agent.id, kept]
        if record.words is not None:
            was, became = record.words
            parts[-1]["words"] = [became, was]
        await self._placing.write(agent.shop_id, parts, lambda share: None)
        anew = record.words is not None and _matched_otherwise(*record.words)
        await self._library.reload(agent.shop_id, planned.written, gone=planned.gone, anew=anew)
        undone = replace(record, undone_at=at_ms)
        return Undone(undone, len(planned.gone), len(planned.written), kept)


@contextmanager
def _uncollected(*, stays: bool = True) -> Iterator[None]:
    """The garbage collector walks everything with the interpreter in its hand: amid ten thousand
    fresh rows a tenth of a second, several times, in which no thread does anything else. What
    `stays` afterwards, the entries, is set aside, as at the start."""
    mine = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if mine:
            if stays:
                gc.freeze()
            gc.enable()


async def _shelf_and_words(tx: Tx, shop_id: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    there = (
        await shelf.rows(tx, shop_id),
        await shelf.rows(tx, shop_id, deleted=True),
        await shelf.last_revisions(tx, shop_id),
    )
    return there, await words_of(tx, shop_id)


def _stock(
    there: Sequence[Sequence[Any]], gone: Sequence[Sequence[Any]], revisions: dict[str, int]
) -> Stock:
    return Stock(shelf.shelved(there), shelf.shelved(gone), revisions)


def _ticked(
    data: bytes, file: str, take: Rows | None, conflicts: Rows | None
) -> tuple[Sifted, Choice]:
    sifted = sift(formats.read(data, file=file))
    return sifted, choice(sifted, take, conflicts)


def _counts(planned: Plan, rows: int) -> dict[str, int]:
    """What an import did; the rows that were left alone by choice are in none."""
    merged = planned.incoming.merge
    unwritten = len(merged.new) + len(merged.changed) + len(merged.conflicts)
    left = planned.incoming.unchosen
    return {
        "new": len(merged.new),
        "changed": len(merged.changed),
        "unchanged": rows - unwritten - left,
        "conflicting": len(merged.conflicts),
    }


def _matched_otherwise(words: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Whether every entry will be, by another dictionary or other synonyms."""
    return any(words[key] != others[key] for key in ("dictionary", "synonyms"))


def _changed_since(kept: Sequence[Entry]) -> Refused:
    named = ", ".join(one.id for one in kept[:MOST_NAMED])
    more = f" and {len(kept) - MOST_NAMED} more" if len(kept) > MOST_NAMED else ""
    told = [{"id": one.id, "question": one.question} for one in kept[:MOST_TOLD]]
    return Refused("conflict", f"changed since the import: {named}{more}", entries=told)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
