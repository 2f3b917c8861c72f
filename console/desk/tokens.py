"""Providers' passes: kept sealed in the database, fetched anew by one caller of one process.

A pass is renewed some minutes before it ends, while the old one still works. Who may fetch holds a
note in the database for as long as a fetch can take; the others wait for what it brings.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from channels.base import Token
from console.clock import Clock
from console.model.refusal import Refused
from console.model.words import new_id, to_ms
from console.seal import Seal
from console.store import Store, Tx, passes
from console.store.passes import Pass

EARLY = timedelta(minutes=5)
HELD = timedelta(seconds=30)
LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Kept:
    """A pass in the clear, as it is in memory."""

    value: str = field(repr=False)
    ends_ms: int


class PassBook:
    """Tokens as the contract of channels names them; one a process."""

    def __init__(self, store: Store, seal: Seal, clock: Clock) -> None:
        self._store = store
        self._seal = seal
        self._clock = clock
        self._mine = new_id()
        self._kept: dict[str, Kept] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(
        self, name: str, fetch: Callable[[], Awaitable[Token]], *, stale: str = ""
    ) -> str:
        """The pass of that name, fetched when there is none, or it is `stale` or about to end."""
        kept = self._kept.get(name)
        if kept is not None and self._good(kept, stale):
            return kept.value
        async with self._locks.setdefault(name, asyncio.Lock()):
            while True:
                kept = await self._read(name)
                if kept is not None and self._good(kept, stale):
                    return kept.value
                if await self._hold(name):
                    return await self._fetch(name, fetch, stale)
                await asyncio.sleep(LOOK_S)  # another process fetches, and tells nobody

    def _good(self, kept: Kept, stale: str) -> bool:
        return kept.value != stale and to_ms(self._clock() + EARLY) < kept.ends_ms

    async def _read(self, name: str) -> Kept | None:
        found = await self._store.read(lambda tx: passes.of(tx, name))
        if found is None:
            return None
        try:
            self._kept[name] = Kept(self._seal.open(found.sealed), found.ends_ms)
        except Refused:
            return None  # sealed with a secret that is not ours any more: as good as none
        return self._kept[name]

    async def _hold(self, name: str) -> bool:
        now = self._clock()

        async def work(tx: Tx) -> bool:
            until = to_ms(now + HELD)
            return await passes.hold(tx, name, self._mine, until_ms=until, now_ms=to_ms(now))

        return await self._store.write(work)

    async def _fetch(self, name: str, fetch: Callable[[], Awaitable[Token]], stale: str) -> str:
        kept = await self._read(name)  # who held it before may have brought one since we looked
        if kept is not None and self._good(kept, stale):
            await self._let_go(name)
            return kept.value
        try:
            token = await fetch()
        except BaseException:
            await self._let_go(name)
            raise
        return await self._keep(name, token)

    async def _let_go(self, name: str) -> None:
        await self._store.write(lambda tx: passes.let_go(tx, name, self._mine))

    async def _keep(self, name: str, token: Token) -> str:
        # of one that is shorter than the margin, half its time is the margin
        lasts = timedelta(seconds=token.lasts_s)
        ends = to_ms(self._clock() + lasts + max(EARLY - lasts / 2, timedelta()))
        one = Pass(self._seal.close(token.value), ends)
        await self._store.write(lambda tx: passes.keep(tx, name, self._mine, one))
        self._kept[name] = Kept(token.value, ends)
        return token.value
