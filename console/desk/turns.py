"""Long deeds one at a time, each a task of its own that outlives who asked for it, with one thread
beside the event loop for what they compute: two threads that compute hold the loop up for longer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from console.model.refusal import Refused
from console.tasks import spawn

T = TypeVar("T")

CLOSE_S = 3.0


class Turns:
    """Begins deeds; who begins one while another is under way waits for it, or asks `alone`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    @property
    def alone(self) -> bool:
        """Whether no deed is under way."""
        return not self._running

    async def beside(self, deed: Callable[[], T]) -> T:
        """Do something long in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, deed)

    def begin(self, work: Callable[[], Awaitable[T]]) -> asyncio.Task[T | Refused]:
        """A refusal is what the task ends with: nobody may be left to hear it raised."""

        async def in_turn() -> T | Refused:
            async with self._turn:
                try:
                    return await work()
                except Refused as no:
                    return no

        task = spawn(self._name, in_turn())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def done(self, work: Callable[[], Awaitable[T]]) -> T:
        """Begin it and wait. Who is told to stop waiting leaves it running."""
        found = await asyncio.shield(self.begin(work))
        if isinstance(found, Refused):
            raise found
        return found

    async def close(self) -> None:
        """Give what runs a moment to end, and cut the rest off."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=CLOSE_S)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        self._thread.shutdown(cancel_futures=True)
