"""The one place where an asyncio task is made: named, referenced, its crash logged (trap L19)."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)

_alive: set[asyncio.Task[Any]] = set()


def spawn(name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Start `work` now. The caller may await or cancel the task, or forget it."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _alive.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: asyncio.Task[Any]) -> None:
    _alive.discard(task)
    if not task.cancelled() and (crash := task.exception()) is not None:
        log.error("task %s crashed", task.get_name(), exc_info=crash)
