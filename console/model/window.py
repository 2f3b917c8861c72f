"""How much a provider lets us say to somebody, and until when: pure rules over what it granted.

Each deed of a shopper grants so many messages for so long; another of the same trigger grants
afresh. What was said since a grant counts against it. Of several that hold, the one that leaves the
most counts, and of those that leave the same the one that ends last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Allowance:
    """What was granted, and how much was said since."""

    until: datetime
    total: int
    used: int

    @property
    def remaining(self) -> int:
        return max(0, self.total - self.used)


@dataclass(frozen=True, slots=True)
class Window:
    """`remaining` of `total` messages may be said, before `until`; it is 0 where that is over."""

    until: datetime
    remaining: int
    total: int

    def closed(self, now: datetime) -> bool:
        """Whether the time is over. How many are left only the provider knows for sure, who has
        changed the count before: the last word on that is its own."""
        return self.until <= now


def window_of(allowances: Sequence[Allowance], now: datetime) -> Window | None:
    """The window that counts now; None where nothing was ever granted."""
    if not allowances:
        return None
    alive = [one for one in allowances if one.until > now]
    if not alive:
        last = max(allowances, key=lambda one: one.until)
        return Window(last.until, 0, last.total)
    best = max(alive, key=lambda one: (one.remaining, one.until))
    return Window(best.until, best.remaining, best.total)
