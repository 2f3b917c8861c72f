"""The matchers of all shops, and the one thread beside the event loop in which they work.

A matcher is a snapshot: it goes on answering until the next one is in its place. They change in
the thread only, one after the other, so that of two changes none undoes the other.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from console.model.words import ShopId
from knowledge import Context, Entry, KnowledgeBase, Suggestion

T = TypeVar("T")


class Matchers:
    """Answering starts with `open`; who asks before waits."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="matcher")
        self._bases: dict[ShopId, KnowledgeBase] = {}
        self._ready = asyncio.Event()

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    def open(self) -> None:
        self._ready.set()

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)

    async def beside(self, deed: Callable[[], T]) -> T:
        """Do something long in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, deed)

    async def suggest(
        self, shop_id: ShopId, text: str, context: Context, *, limit: int
    ) -> list[Suggestion]:
        await self._ready.wait()
        base = self._bases[shop_id]
        return await self.beside(lambda: base.suggest(text, context, limit=limit))

    async def build(self, shop_id: ShopId, entries: Sequence[Entry], words: dict[str, Any]) -> None:
        """Make a shop's matcher anew, with its own dictionary and synonyms."""

        def build() -> None:
            self._bases[shop_id] = KnowledgeBase(
                entries,
                dictionary=words.get("dictionary", ()),
                synonyms=words.get("synonyms", ()),
            )

        await self.beside(build)

    async def renew(self, shop_id: ShopId, entry: Entry) -> None:
        """Put one entry into a shop's matcher; one that is not built yet finds it on the shelf."""

        def renew() -> None:
            base = self._bases.get(shop_id)
            if base is not None:
                self._bases[shop_id] = base.with_entry(entry)

        await self.beside(renew)
