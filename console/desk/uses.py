"""How a shop's entries fare: how often each was shown and used, and what agents sent instead.

Counted from the logs of the last 30 days. What is older than yesterday is counted once a day, the
rest again when the figures are a minute old: a shop's whole month is not read for each look.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial

from console.clock import Clock
from console.model.offer import SENT
from console.model.words import ShopId, to_ms
from console.store import Store, answers, offers
from console.store.answers import Answer
from console.store.offers import Past
from knowledge.masking import masked

WINDOW_DAYS = 30
FRESH = timedelta(minutes=1)
# The newest edits of an entry tell what agents make of it now.
MOST_EDITS = 50


@dataclass(slots=True)
class Tally:
    """By entry: offers it was in and those it was used from; answers made from it, those that were
    edited, and the newest of these without what is one shopper's alone."""

    shown: Counter[str] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    edited: Counter[str] = field(default_factory=Counter)
    edits: dict[str, deque[str]] = field(default_factory=dict)

    def offered(self, page: Iterable[Past]) -> None:
        for *_, items in page:
            for entry, _, outcome in items:
                self.shown[entry] += 1
                self.used[entry] += outcome in SENT

    def answered(self, page: Iterable[Answer]) -> None:
        for one in page:
            self.sent[one.entry] += 1
            if one.edited:
                self.edited[one.entry] += 1
                self._edit(one.entry, masked(one.text, one.name).strip())

    def and_then(self, later: "Tally") -> "Tally":
        """Both, the edits of the later one last."""
        both = Tally(
            self.shown + later.shown,
            self.used + later.used,
            self.sent + later.sent,
            self.edited + later.edited,
        )
        for one in (self, later):
            for entry, texts in one.edits.items():
                for text in texts:
                    both._edit(entry, text)
        return both

    def _edit(self, entry: str, text: str) -> None:
        self.edits.setdefault(entry, deque(maxlen=MOST_EDITS)).append(text)


@dataclass(slots=True)
class _Counted:
    """`closed` is what was on the days before yesterday, as counted on `day`."""

    day: date
    closed: Tally
    tally: Tally
    at: datetime


class Uses:
    """The figures of each shop, a minute old at the most. Asked for by one at a time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._counted: dict[ShopId, _Counted] = {}

    def since(self) -> datetime:
        """From when on is counted: the beginning of a day."""
        return _midnight(self._clock()) - timedelta(WINDOW_DAYS)

    def are_fresh(self, shop_id: ShopId) -> bool:
        known, now = self._counted.get(shop_id), self._clock()
        return known is not None and known.day == _midnight(now).date() and now - known.at < FRESH

    async def tally(self, shop_id: ShopId) -> Tally:
        known = self._counted.get(shop_id)
        if known is not None and self.are_fresh(shop_id):
            return known.tally
        now = self._clock()
        day, yesterday = _midnight(now).date(), _midnight(now) - timedelta(1)
        if known is not None and known.day == day:
            closed = known.closed
        else:
            closed = await self._count(shop_id, to_ms(self.since()), to_ms(yesterday) - 1)
        lately = await self._count(shop_id, to_ms(yesterday), to_ms(now))
        tally = closed.and_then(lately)
        self._counted[shop_id] = _Counted(day, closed, tally, now)
        return tally

    async def _count(self, shop_id: ShopId, begin_ms: int, end_ms: int) -> Tally:
        """In pages, so that neither the event loop nor other readers wait long for one."""
        tally = Tally()
        place: offers.Key | None = (begin_ms, "", 0)
        while place is not None:
            shown = partial(offers.past, shop_id=shop_id, after=place, until_ms=end_ms)
            offered, place = await self._store.read(shown)
            tally.offered(offered)
        line: answers.Key | None = (begin_ms, 0)
        while line is not None:
            said = partial(answers.page, shop_id=shop_id, after=line, until_ms=end_ms)
            answered, line = await self._store.read(said)
            tally.answered(answered)
        return tally


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
