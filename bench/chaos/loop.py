"""A play on an event loop that SIGTERM ends in order: everybody is cancelled, nobody torn away."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

TERMINATED = 128 + signal.SIGTERM


def perform(work: Coroutine[Any, Any, T]) -> T:
    """Like asyncio.run. Raises SystemExit when SIGTERM came meanwhile."""
    told = False

    async def main() -> T:
        task = asyncio.current_task()
        assert task is not None

        def end() -> None:
            nonlocal told
            told = True
            task.cancel()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
        return await work

    before = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        if told:
            raise SystemExit(TERMINATED) from None
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
