"""The one place where an asyncio task is made: named, referenced, its crash logged (trap L19)."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

_alive: set[asyncio.Task[Any]] = set()


def spawn(name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Start `work` now. The caller may await or cancel the task, or forget it."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _alive.add(task)
    task.add_done_callback(_ended)
    return task


class Latest:
    """Tells the newest state of things that change often: one task a thing, however often it is
    asked; asked while it tells, it tells once more (R32)."""

    def __init__(self) -> None:
        self._stale: dict[tuple[str, str], bool] = {}

    def tell(self, name: str, thing: str, telling: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start `telling()` unless it runs; `name` is the task's."""
        running = (name, thing) in self._stale
        self._stale[name, thing] = True
        if not running:
            spawn(name, self._run((name, thing), telling))

    async def _run(
        self, key: tuple[str, str], telling: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        try:
            while self._stale[key]:
                self._stale[key] = False
                await telling()
        finally:
            del self._stale[key]


def _ended(task: asyncio.Task[Any]) -> None:
    _alive.discard(task)
    if not task.cancelled() and (crash := task.exception()) is not None:
        log.error("task %s crashed", task.get_name(), exc_info=crash)
