"""The matchers of all shops, and the one thread beside the event loop in which they work.

A matcher is a snapshot: it goes on answering until the next one is in its place. They change in
the thread only, one after the other, so that of two changes none undoes the other. A built one is
kept as a file, for the next start to load; a large one is built by a process of its own, since a
thread would hold the interpreter for as long (R33).
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from console.model.words import ShopId
from knowledge import Context, Encoder, Entry, Gates, KnowledgeBase, Suggestion, saved

log = logging.getLogger(__name__)

T = TypeVar("T")

# More entries than this take over a second.
APART = 2000
MOST_UNSETTLED = 256
SAY_EVERY_S = 5.0
# So many texts of one who tries them out are matched in one go.
FEW = 4


@dataclass(frozen=True, slots=True)
class Stock:
    """What a matcher is made of."""

    entries: Sequence[Entry]
    dictionary: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()


class Matchers:
    """Answering starts with `open`; who asks before waits. Without a folder nothing is kept."""

    def __init__(self, folder: Path | None = None, encoder: Encoder | None = None) -> None:
        self._folder = folder
        self._encoder = encoder
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
        self, shop_id: ShopId, text: str, context: Context, *, limit: int, gates: Gates
    ) -> list[Suggestion]:
        await self._ready.wait()
        base = self._bases[shop_id]
        return await self.beside(lambda: base.suggest(text, context, limit=limit, gates=gates))

    async def shows(
        self, shop_id: ShopId, texts: Sequence[str], context: Context, gates: Gates
    ) -> list[bool]:
        """Whether anything would be shown for each text."""
        await self._ready.wait()
        base = self._bases[shop_id]

        def shown(text: str) -> bool:
            return any(one.show for one in base.suggest(text, context, limit=1, gates=gates))

        return await self.beside(lambda: [shown(text) for text in texts])

    async def match(
        self, shop_id: ShopId, asked: Sequence[tuple[str, Context]], *, limit: int, gates: Gates
    ) -> list[list[Suggestion]]:
        """Many texts by one matcher, a few at a time: a shopper's message has its turn between."""
        await self._ready.wait()
        base = self._bases[shop_id]

        def suggest(few: Sequence[tuple[str, Context]]) -> list[list[Suggestion]]:
            return [base.suggest(*one, limit=limit, gates=gates) for one in few]

        found: list[list[Suggestion]] = []
        for start in range(0, len(asked), FEW):
            found += await self.beside(partial(suggest, asked[start : start + FEW]))
        return found

    async def build(self, shop_id: ShopId, stock: Callable[[], Stock]) -> None:
        """Make a shop's matcher of what it holds by now, from its file as far as that goes.

        `stock` is asked whenever the thread is, for what has changed since: a change that comes
        later is done by the thread later.
        """
        file = self._file(shop_id)
        if file is not None and await self._loaded(shop_id, file, stock()):
            return
        if file is not None and len(stock().entries) >= APART and self._encoder is None:
            await _build_apart(stock(), file)
            if await self._loaded(shop_id, file, stock()):
                return
        now = stock()
        await self.beside(lambda: self._build(shop_id, file, now))

    async def renew(self, shop_id: ShopId, *entries: Entry, without: Sequence[str] = ()) -> bool:
        """Put entries into a shop's matcher, and take those out that are gone, one by one; a
        matcher that is not built yet finds the shelf as it is.

        True when so many have changed that it should be built anew some time.
        """

        def renew() -> bool:
            base = self._bases.get(shop_id)
            if base is None:
                return False
            for entry in entries:
                base = base.with_entry(entry)
            for entry_id in without:
                base = base.without(entry_id)
            self._bases[shop_id] = base
            return base.unsettled > MOST_UNSETTLED

        return await self.beside(renew)

    def _file(self, shop_id: ShopId) -> Path | None:
        return None if self._folder is None else self._folder / f"{shop_id}.index"

    async def _loaded(self, shop_id: ShopId, file: Path, now: Stock) -> bool:
        return await self.beside(lambda: self._load(shop_id, file, now))

    def _load(self, shop_id: ShopId, file: Path, stock: Stock) -> bool:
        begun = time.monotonic()
        try:
            with file.open("rb") as kept:
                base = saved.load(
                    kept,
                    stock.entries,
                    dictionary=stock.dictionary,
                    synonyms=stock.synonyms,
                    encoder=self._encoder,
                )
        except FileNotFoundError:
            return False
        except OSError as failure:
            log.warning("the index %s cannot be read: %s", file.name, failure.strerror)
            return False
        if base is None:
            log.info("shop %s: the index is of another knowledge, it is built anew", shop_id)
            return False
        self._bases[shop_id] = base
        took = time.monotonic() - begun
        log.info("shop %s: %d entries loaded in %.1f s", shop_id, len(base), took)
        return True

    def _build(self, shop_id: ShopId, file: Path | None, stock: Stock) -> None:
        base = built(stock, self._encoder)
        self._bases[shop_id] = base
        if file is not None:
            keep(base, file)


def built(
    stock: Stock, encoder: Encoder | None, progress: Callable[[int], None] | None = None
) -> KnowledgeBase:
    return KnowledgeBase(
        stock.entries,
        dictionary=stock.dictionary,
        synonyms=stock.synonyms,
        encoder=encoder,
        progress=progress,
    )


def keep(base: KnowledgeBase, file: Path) -> None:
    """Write the file beside the old one, and then over it. A disk that is full costs the next start
    some seconds and nothing else."""
    fresh = file.with_suffix(".new")
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        with fresh.open("wb") as into:
            saved.save(base, into)
        os.replace(fresh, file)
    except OSError as failure:
        log.warning("the index %s is not kept: %s", file.name, failure.strerror)
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


async def _build_apart(stock: Stock, file: Path) -> None:
    """Have `console.indexing` write the file."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "console.indexing", str(file)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(await asyncio.to_thread(msgspec.msgpack.encode, stock))
        process.stdin.close()
        said = time.monotonic()
        async for line in process.stdout:
            if time.monotonic() - said >= SAY_EVERY_S:
                said = time.monotonic()
                log.info("index: %s of %d entries", line.decode().strip(), len(stock.entries))
        if await process.wait():
            log.error("the index was not built by a process of its own: %s", process.returncode)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def settings_stock(entries: Sequence[Entry], words: dict[str, Any]) -> Stock:
    """The stock of a shop with these settings."""
    return Stock(
        entries,
        tuple(words.get("dictionary", ())),
        tuple(map(tuple, words.get("synonyms", ()))),
    )
