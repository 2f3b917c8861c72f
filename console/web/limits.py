"""How much one shopper, one address and one agent may do; who does more is told to wait (T27).

Buckets refill by the monotonic clock and hold one number for each key, at most `MOST_REMEMBERED`
keys. A refusal loses nothing that was accepted and cuts nobody: it is answered a moment later, and
until then that connection is not read, so that whoever floods waits for us and not we for them.
Login tries have their own brakes (desk/tries.py), which nothing turns off.
"""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Hashable

from aiohttp import web

from console.model.refusal import Refused

Monotonic = Callable[[], float]

MOST_REMEMBERED = 50_000
SOCKETS_AT_ONCE = 20
# at most 50 refusals a second for a connection
PAUSE_S = 0.02


class Buckets:
    """For each key `burst` at once, then `per_s` a second."""

    def __init__(self, *, burst: int, per_s: float, monotonic: Monotonic = time.monotonic) -> None:
        self._gap = 1 / per_s
        self._depth = burst / per_s
        self._monotonic = monotonic
        self._full_at: dict[Hashable, float] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: Hashable) -> float:
        """0 when there was one left, else how many seconds until there is one."""
        now = self._monotonic()
        full_at = max(now, self._full_at.get(key, now)) + self._gap
        wait = full_at - now - self._depth
        if wait > 1e-6:
            return wait
        if len(self._full_at) >= MOST_REMEMBERED and key not in self._full_at:
            self._forget(now)
        self._full_at[key] = full_at
        return 0.0

    def _forget(self, now: float) -> None:
        """Full buckets say nothing; if that is not enough, the fuller half goes."""
        used = {key: at for key, at in self._full_at.items() if at > now}
        if len(used) > MOST_REMEMBERED // 2:
            emptiest = sorted(used, key=lambda key: used[key])[MOST_REMEMBERED // 2 :]
            used = {key: used[key] for key in emptiest}
        self._full_at = used


class Limits:
    """Every deed takes one from its bucket, or raises Refused("rate_limited") and takes none.

    A shopper is a visitor over all their tabs. An address may be a whole company's, so agents who
    are signed in are not counted on theirs.
    """

    def __init__(self, *, on: bool, monotonic: Monotonic = time.monotonic) -> None:
        self.on = on
        # what agents read: `say`, `leave`, `rate`
        self._words = Buckets(burst=10, per_s=1, monotonic=monotonic)
        # `typing`, `read`, `page`, `human`, and `sync`, which comes many times over a long absence
        self._signs = Buckets(burst=100, per_s=10, monotonic=monotonic)
        # one broken console, not one quick agent
        self._agents = Buckets(burst=500, per_s=100, monotonic=monotonic)
        self._joins = Buckets(burst=60, per_s=1, monotonic=monotonic)
        self._knocks = Buckets(burst=120, per_s=2, monotonic=monotonic)
        self._begun = Buckets(burst=30, per_s=0.5, monotonic=monotonic)
        # an agent's or a shopper's files; a shop's own address may be many people's
        self._files = Buckets(burst=20, per_s=0.5, monotonic=monotonic)
        self._files_from = Buckets(burst=60, per_s=1, monotonic=monotonic)
        self._inside: Counter[str] = Counter()

    def shopper(self, identity_id: str, *, says: bool) -> None:
        """One event of a shopper; `says` for what agents read."""
        self._take(self._words if says else self._signs, identity_id, "too much at once")

    def agent(self, agent_id: str) -> None:
        """One event of an agent, over all their windows."""
        self._take(self._agents, agent_id, "too much at once from this account")

    def knock(self, address: str) -> None:
        """One new transport. Twice what may join: who is over that limit hears it when joining."""
        self._take(self._knocks, address, "too many connections from this address")

    def join(self, address: str) -> None:
        """One try to join a namespace."""
        self._take(self._joins, address, "too many connections from this address")

    def enter(self, address: str) -> None:
        """A shopper's connection is open until `leave`."""
        if self.on and self._inside[address] >= SOCKETS_AT_ONCE:
            raise Refused(
                "rate_limited",
                f"{SOCKETS_AT_ONCE} connections are open from this address; close one or wait 60 s",
            )
        self._inside[address] += 1

    def leave(self, address: str) -> None:
        self._inside[address] -= 1
        if not self._inside[address]:
            del self._inside[address]

    def begin(self, inbox_id: str, address: str) -> None:
        """One new conversation."""
        said = "too many new conversations from this address"
        self._take(self._begun, (inbox_id, address), said)

    def upload(self, whose: str, address: str | None = None) -> None:
        """One file of an agent, or of a shopper at an address."""
        self._take(self._files, whose, "too many files at once")
        if address is not None:
            self._take(self._files_from, address, "too many files from this address")

    def _take(self, buckets: Buckets, key: Hashable, said: str) -> None:
        wait = buckets.take(key) if self.on else 0.0
        if wait:
            raise Refused("rate_limited", f"{said}; wait {math.ceil(wait)} s")


LIMITS = web.AppKey("limits", Limits)


async def hold(code: str) -> None:
    """Keep whoever was told to wait waiting, before the answer goes out."""
    if code == "rate_limited":
        await asyncio.sleep(PAUSE_S)
