"""The shop's knowledge at work: the entries in the database, and the matcher built from them.

The database is the truth; a matcher is a snapshot that goes on answering while the next one is
built. Matching runs beside the event loop.
Entries are written by `importing`, and by hand through `write`: no other verb writes them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec
import orjson

from console.clock import Clock
from console.desk.holdings import Category, Held, Holdings
from console.desk.matchers import Matchers, settings_stock
from console.desk.shelving import Shelving
from console.events import Events, Hint, ShelfChanged
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import ShopId, to_ms
from console.store import Store, Tx, places, shelf
from console.tasks import Latest
from knowledge import Context, Entry, Gates, Suggestion, chinese, markup, variables

log = logging.getLogger(__name__)

T = TypeVar("T")

# So many changed entries are put into a matcher one by one; more, and it is built anew.
FEW = 16
# So many are told by name; of more, whoever lists them reads the list again.
NAMED = 50


class Library:
    """Reading, matching and writing entries; `changing` is held by whoever writes them."""

    def __init__(
        self, store: Store, events: Events, clock: Clock, matchers: Matchers | None = None
    ) -> None:
        self._store = store
        self._events = events
        self._clock = clock
        self._shelves: dict[str, Holdings] = {}
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
        return self._shelves[shop_id].hot(self._today())

    def entries(self, shop_id: ShopId) -> list[Entry]:
        """The team's, in the owner's order."""
        return [one for one in self._shelves[shop_id].entries if one.is_for(None)]

    def entry(self, shop_id: ShopId, entry_id: str) -> Entry | None:
        return self._shelves[shop_id].entry(entry_id)

    def search(
        self,
        shop_id: ShopId,
        *,
        q: str = "",
        category: str = "",
        state: str = "",
        viewer: str | None = None,
    ) -> list[dict[str, Any]]:
        """Entries whose text, shortcut or pinyin initials hold `q`, in the owner's order: the
        team's, and the personal ones of the agent of the name `viewer`.

        `state` is `valid` today, `expired` (or not begun) or `disabled`, or empty for all.
        """
        found = self._shelves[shop_id].search(q, category, state, self._today(), viewer)
        return [self.listed(shop_id, one, viewer) for one in found]

    def listed(self, shop_id: ShopId, entry_id: str, viewer: str | None = None) -> dict[str, Any]:
        """An entry as lists show it to an agent of that name. Refused("not_found")."""
        found = self._shelves[shop_id].listed(entry_id, viewer)
        if found is None:
            raise Refused("not_found", f"no entry {entry_id}")
        return found

    def personal(self, agent: Agent) -> list[dict[str, Any]]:
        """An agent's own entries as lists show them, in their order."""
        own = [one for one in self._shelves[agent.shop_id].entries if one.personal]
        return [
            self.listed(agent.shop_id, one.id, agent.name) for one in own if one.is_for(agent.name)
        ]

    def own(self, agent: Agent, entry_id: str) -> Entry:
        """One of an agent's own entries. Refused("not_found")."""
        found = self.entry(agent.shop_id, entry_id)
        if found is None or not found.personal or not found.is_for(agent.name):
            raise Refused("not_found", f"no phrase {entry_id} of yours")
        return found

    def categories(self, shop_id: ShopId) -> list[Category]:
        """The tree with its counts, in the owner's order."""
        return self._shelves[shop_id].categories()

    def within(self, shop_id: ShopId, category: str) -> list[str]:
        """The ids of the entries of a category and of all below it."""
        return self._shelves[shop_id].within(category)

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
        found = await self._matchers.suggest(shop_id, text, context, limit=limit, gates=gates)
        # one may have been deleted while it was being matched
        return [one for one in found if self.entry(shop_id, one.entry) is not None]

    async def match(
        self, shop_id: ShopId, asked: Sequence[tuple[str, Context]], *, limit: int = 5
    ) -> list[list[Suggestion]]:
        """The ranking for each text in its context, all by the same state of the shelf."""
        return await self._matchers.match(shop_id, asked, limit=limit, gates=self.gates(shop_id))

    def hint(
        self,
        shop_id: ShopId,
        suggestion: Suggestion,
        values: Mapping[str, str | None],
        *,
        channel: str | None = None,
        level: str | None = None,
    ) -> Hint:
        """A suggestion that was just made, with its answer for a kind of inbox and a level of
        customers, filled in."""
        entry = self.entry(shop_id, suggestion.entry)
        assert entry is not None
        text = variables.fill(markup.plain(entry.wording(channel, level)), values)
        return Hint(
            entry.id, suggestion.score, text, entry.question, suggestion.why,
            suggestion.phrase, suggestion.matched, suggestion.sure, suggestion.lift, entry.pictures,
        )  # fmt: skip

    async def write(
        self, shop_id: ShopId, by: Agent | None, work: Callable[[Shelving], Awaitable[T]]
    ) -> T:
        """The one way in which entries are written by hand: one transaction; what it wrote is
        matched when this returns, and then told."""
        shelving: Shelving | None = None

        async def unit(tx: Tx) -> T:
            nonlocal shelving
            await shelf.hold(tx, shop_id)
            shelving = Shelving(tx, shop_id, by=by, at=to_ms(self._clock()))
            return await work(shelving)

        async with self.changing:
            done = await self._store.write(unit)
            written = list(shelving.written.values()) if shelving else []
            if written:
                await self._take(shop_id, written)
        if written:
            named = tuple(one.id for one in written) if len(written) <= NAMED else ()
            self._events.publish(ShelfChanged(shop_id, named))
        return done

    async def reload(
        self,
        shop_id: ShopId,
        written: Sequence[Entry] = (),
        *,
        gone: Sequence[str] = (),
        anew: bool = True,
    ) -> None:
        """Take what somebody wrote into the database, who holds `changing`; and tell it.

        The matcher is built `anew`, or gets what was `written` and loses what is `gone` where that
        is quicker.
        """
        await self._load_shop(shop_id)
        if self._matchers.ready and (anew or len(written) + len(gone) > FEW):
            await self._rebuild(shop_id)
        elif self._matchers.ready:
            await self._renew(shop_id, written, gone)
        self._events.publish(ShelfChanged(shop_id))

    async def _take(self, shop_id: ShopId, written: Sequence[shelf.Shelved]) -> None:
        """Put what was written on the shelf in memory and into the matcher."""
        there = [one for one in written if one.deleted_at is None]
        gone = [one.id for one in written if one.deleted_at is not None]
        held = await self._matchers.beside(lambda: _held(there))
        self._shelves[shop_id].take(held, gone)
        await self._renew(shop_id, [one.entry for one in held], gone)

    async def _renew(self, shop_id: ShopId, changed: Sequence[Entry], gone: Sequence[str]) -> None:
        try:
            unsettled = await self._matchers.renew(shop_id, *changed, without=gone)
        except Exception:  # it is written: that stays true, and the matcher follows
            log.exception("shop %s: the matcher did not take %d entries", shop_id, len(changed))
            unsettled = True
        if unsettled:
            self._settling.tell("matcher", shop_id, lambda: self._rebuild(shop_id))

    async def _load_shop(self, shop_id: ShopId) -> None:
        async def work(tx: Tx) -> tuple[str, Sequence[Sequence[Any]], Gates]:
            kept = await places.settings(tx, shop_id)
            gates = Gates(**kept.get("gates", {}))
            return await places.shop_name(tx, shop_id), await shelf.rows(tx, shop_id), gates

        name, rows, gates = await self._store.read(work)
        held = await self._matchers.beside(lambda: _held(shelf.shelved(rows)))
        self._shelves[shop_id] = Holdings(name, held, gates)

    async def _rebuild(self, shop_id: ShopId) -> None:
        async def work(tx: Tx) -> dict[str, Any]:
            return await places.settings(tx, shop_id)

        values = await self._store.read(work)
        await self._matchers.build(
            shop_id, lambda: settings_stock(self._shelves[shop_id].entries, values)
        )

    def _today(self) -> date:
        return self._clock().astimezone().date()


def _held(shelved: Iterable[shelf.Shelved]) -> list[Held]:
    read = [(one, msgspec.convert(one.body, Entry)) for one in shelved]
    return [
        Held(entry, one.revision, one.position, chinese.initials(entry.question))
        for one, entry in read
    ]


def body_of(entry: Entry) -> dict[str, Any]:
    return dict(orjson.loads(msgspec.json.encode(entry)))
