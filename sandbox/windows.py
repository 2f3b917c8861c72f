"""How many answers a shopper's deed allows, and until when."""

from dataclasses import dataclass
from typing import Any

from sandbox.accounts import Kind

HOURS_48 = 48 * 3600
MINUTE = 60
# how many within how long, by what the shopper did
ALLOWED: dict[Kind, dict[str, tuple[int, int]]] = {
    Kind.OFFICIAL: {
        "message": (5, HOURS_48),
        "click": (3, MINUTE),
        "subscribe": (3, MINUTE),
        "scan": (3, MINUTE),
    },
    Kind.MINI: {"message": (5, HOURS_48), "enter": (1, MINUTE)},
    Kind.KF: {"message": (5, HOURS_48)},
}


class Closed(Exception):
    """Nothing allows an answer now."""


class UsedUp(Exception):
    """The time is not over, but the count is."""


@dataclass(slots=True)
class Grant:
    left: int
    total: int
    until: float


class Window:
    """The allowances of one chat. Each deed grants its kind afresh."""

    def __init__(self, kind: Kind) -> None:
        self._allowed = ALLOWED[kind]
        self._grants: dict[str, Grant] = {}

    def open(self, trigger: str, now: float) -> None:
        if trigger in self._allowed:
            count, seconds = self._allowed[trigger]
            self._grants[trigger] = Grant(count, count, now + seconds)

    def close(self) -> None:
        self._grants.clear()

    def check(self, now: float) -> None:
        """Raises Closed or UsedUp."""
        open_now = self._open(now)
        if not open_now:
            raise Closed
        if not any(one.left for one in open_now):
            raise UsedUp

    def spend(self, now: float) -> None:
        """One answer, from what ends first. After `check`."""
        usable = [one for one in self._open(now) if one.left]
        min(usable, key=lambda one: one.until).left -= 1

    def shown(self, now: float) -> dict[str, Any] | None:
        open_now = self._open(now)
        if not open_now:
            return None
        return {
            "until_s": round(max(one.until for one in open_now) - now),
            "remaining": sum(one.left for one in open_now),
            "total": sum(one.total for one in open_now),
        }

    def _open(self, now: float) -> list[Grant]:
        return [one for one in self._grants.values() if one.until > now]
