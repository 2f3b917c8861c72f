"""Which entries need a hand, and why: seven lists, by what entries say and by how they fare.

Made when somebody looks, off the loop and once for all who look at that moment; what only the shelf
says is kept until it or the day changes. Nothing here changes an entry.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from console.clock import Clock
from console.desk.inboxes import Inboxes
from console.desk.library import Library
from console.desk.uses import Tally, Uses
from console.events import Event, Events, ShelfChanged
from console.model.words import ShopId, from_ms
from console.store import Store, people, shelf
from console.tasks import spawn
from knowledge import Entry, chinese
from knowledge.condition import Around, Expiring, broken, expiring, few_phrases
from knowledge.duplicates import Pair, duplicates
from knowledge.findings import Finding
from knowledge.grouping import Question, grouped

# So many of each list are told; their counts are whole.
MOST = 200
# An entry younger than this may just not have been asked for.
YOUNG = timedelta(14)
# So often an entry was shown before it says something that nobody took it, and so often sent
# before it says something that so many edited it.
SHOWN, SENT, EDITED = 10, 5, 0.40
EDITS = 3


class Edited(NamedTuple):
    """`edits` are the commonest of what agents sent instead, each with how often."""

    entry: Entry
    sent: int
    edited: int
    edits: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Report:
    """The lists, whole, but only as many of `often_edited` with their edits as are told."""

    at: datetime
    few_phrases: Sequence[Entry]
    never_shown: Sequence[tuple[Entry, datetime]]
    never_taken: Sequence[tuple[Entry, int]]
    often_edited: Sequence[Edited]
    duplicates: Sequence[Pair]
    broken: Sequence[tuple[Entry, Sequence[Finding]]]
    expiring: Sequence[Expiring]


class _Key(NamedTuple):
    """Whether what the shelf says is still true."""

    version: int
    today: date
    channels: frozenset[str]
    groups: frozenset[str]


class _Said(NamedTuple):
    """What the shelf says by itself."""

    few_phrases: list[Entry]
    duplicates: list[Pair]
    broken: list[tuple[Entry, list[Finding]]]
    expiring: list[Expiring]


@dataclass(slots=True)
class _Board:
    """What is kept of a shop. `edits` are the groups of an entry's edits, beside these."""

    version: int = 0
    key: _Key | None = None
    said: _Said | None = None
    report: Report | None = None
    making: asyncio.Task[None] | None = None
    edits: dict[str, tuple[Sequence[str], list[tuple[str, int]]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Edit(Question):
    typed: str


class Upkeep:
    """The verb of who looks after the knowledge."""

    def __init__(
        self, store: Store, events: Events, library: Library, inboxes: Inboxes, clock: Clock
    ) -> None:
        self._store = store
        self._library = library
        self._inboxes = inboxes
        self._clock = clock
        self._uses = Uses(store, clock)
        self._boards: dict[ShopId, _Board] = {}
        events.subscribe(self._hear, ShelfChanged)

    async def report(self, shop_id: ShopId) -> Report:
        """As the shelf is now; figures of use are a minute old at the most."""
        board = self._boards.setdefault(shop_id, _Board())
        for _ in range(2):  # one that is being made now may have read what was there before
            key = await self._key(shop_id, board)
            if board.report and board.key == key and self._uses.are_fresh(shop_id):
                break
            if board.making is None or board.making.done():
                board.making = spawn("upkeep", self._make(shop_id, board, key))
            making = board.making
            await asyncio.wait([making])
            making.result()
        assert board.report is not None
        return board.report

    def _hear(self, event: Event) -> None:
        if isinstance(event, ShelfChanged) and event.shop_id in self._boards:
            self._boards[event.shop_id].version += 1

    async def _key(self, shop_id: ShopId, board: _Board) -> _Key:
        groups = await self._store.read(lambda tx: people.groups(tx, shop_id))
        today = self._clock().astimezone().date()
        channels = frozenset(self._inboxes.kinds(shop_id))
        return _Key(board.version, today, channels, frozenset(one.name for one in groups))

    async def _make(self, shop_id: ShopId, board: _Board, key: _Key) -> None:
        now, since = self._clock(), self._uses.since()
        entries = self._library.entries(shop_id)
        if board.said is None or board.key != key:
            board.said = await asyncio.to_thread(_said, entries, key)
            board.key = key
        said, tally = board.said, await self._uses.tally(shop_id)
        begun = await self._store.read(lambda tx: shelf.begun(tx, shop_id))

        def made() -> Report:
            valid = [one for one in entries if one.enabled and one.is_valid(key.today)]
            return Report(
                now,
                said.few_phrases,
                _never_shown(valid, tally, begun, since, now),
                _never_taken(valid, tally),
                _often_edited(valid, tally, board),
                said.duplicates,
                said.broken,
                said.expiring,
            )

        board.report = await asyncio.to_thread(made)


def _said(entries: Sequence[Entry], key: _Key) -> _Said:
    around = Around(key.channels, key.groups, {one.id for one in entries})
    return _Said(
        few_phrases(entries, key.today),
        duplicates(entries, key.today),
        broken(entries, key.today, around),
        expiring(entries, key.today),
    )


def _never_shown(
    valid: Iterable[Entry], tally: Tally, begun: dict[str, int], since: datetime, now: datetime
) -> list[tuple[Entry, datetime]]:
    """With when the time began in which it was not; the longest first."""
    found = []
    for one in valid:
        if not tally.shown[one.id] and one.id in begun:
            first = from_ms(begun[one.id])
            if one.valid_from is not None and one.valid_from > since.date():
                first = max(first, datetime.combine(one.valid_from, time()).astimezone())
            if now - first >= YOUNG:
                found.append((one, max(first, since)))
    return sorted(found, key=lambda item: item[1])


def _never_taken(valid: Iterable[Entry], tally: Tally) -> list[tuple[Entry, int]]:
    found = [(one, tally.shown[one.id]) for one in valid if not tally.used[one.id]]
    often = [item for item in found if item[1] >= SHOWN]
    return sorted(often, key=lambda item: -item[1])


def _often_edited(valid: Iterable[Entry], tally: Tally, board: _Board) -> list[Edited]:
    found = [
        Edited(one, tally.sent[one.id], tally.edited[one.id], ())
        for one in valid
        if tally.sent[one.id] >= SENT and tally.edited[one.id] >= EDITED * tally.sent[one.id]
    ]
    found.sort(key=lambda one: (-one.edited, one.sent))
    kept = board.edits
    board.edits = {}
    for n, one in enumerate(found[:MOST]):
        texts = tuple(tally.edits.get(one.entry.id, ()))
        before = kept.get(one.entry.id)
        edits = before[1] if before and before[0] == texts else common(texts)
        board.edits[one.entry.id] = (texts, edits)
        found[n] = one._replace(edits=edits)
    return found


def common(texts: Sequence[str]) -> list[tuple[str, int]]:
    """The commonest of many answers, each with how many were like it: of those that are alike the
    commonest stands for all, of several the middle one."""
    edits = [_Edit(chinese.plain(text) or text, str(n), n, text) for n, text in enumerate(texts)]
    groups = sorted(grouped(edits), key=lambda one: -one.count)
    found = []
    for group in groups[:EDITS]:
        typed = Counter((one.text, one.typed) for one in group.questions)
        _, shown = max(typed, key=lambda one: (typed[one], one[0] == group.text))
        found.append((shown, group.count))
    return found
