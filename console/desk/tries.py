"""Slows guessing of passwords down, without ever locking anybody out for good (T7)."""

import time
from collections.abc import Callable

from console.model.refusal import Refused

# many people may sit behind one address
FREE_TRIES = {"name": 5, "address": 50}
LONGEST_PAUSE_S = 900.0
MOST_REMEMBERED = 10_000


class Tries:
    """After a few failures of a name or from an address each further one doubles the pause."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._failures: dict[tuple[str, str], tuple[int, float]] = {}

    def check(self, **who: str) -> None:
        """Raises Refused("rate_limited") while a pause lasts."""
        now = self._monotonic()
        left = max(self._failures.get(one, (0, 0.0))[1] - now for one in who.items())
        if left > 0:
            raise Refused("rate_limited", f"too many wrong tries; wait {int(left) + 1} s")

    def failed(self, **who: str) -> None:
        if len(self._failures) > MOST_REMEMBERED:
            self._forget()
        for kind, one in who.items():
            count = self._failures.get((kind, one), (0, 0.0))[0] + 1
            over = count - FREE_TRIES[kind]
            pause = min(LONGEST_PAUSE_S, 2.0 ** min(over, 20)) if over >= 0 else 0.0
            self._failures[kind, one] = (count, self._monotonic() + pause)

    def passed(self, name: str) -> None:
        self._failures.pop(("name", name), None)

    def _forget(self) -> None:
        """Those who tried least, so that many made-up names do not free the one under attack."""
        counts = sorted(self._failures.items(), key=lambda one: one[1])
        self._failures = dict(counts[len(counts) // 2 :])
