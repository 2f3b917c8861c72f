"""What an adapter gets of the world in a test: a real line, passes kept in memory."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from channels.base import Token, Wire


@dataclass
class Passes:
    """Keeps what is fetched until it is called stale; `fetched` counts."""

    kept: dict[str, str] = field(default_factory=dict)
    fetched: int = 0

    async def get(
        self, name: str, fetch: Callable[[], Awaitable[Token]], *, stale: str = ""
    ) -> str:
        if name not in self.kept or self.kept[name] == stale:
            self.kept[name] = (await fetch()).value
            self.fetched += 1
        return self.kept[name]


@asynccontextmanager
async def wire(passes: Passes | None = None) -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession() as http:
        yield Wire(http, passes or Passes())
