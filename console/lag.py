"""Watches the event loop (R33): how late it runs what is due, and what kept it.

A job asks to be woken again and again and measures how late that happens. A thread beside it looks
while the loop stands still, because afterwards nobody can tell what it was doing.
"""

import asyncio
import logging
import sys
import threading
import traceback
from time import thread_time

from console.telemetry import LagFigures, clock

log = logging.getLogger(__name__)

BEAT_S = 0.1
WARN_S = 0.05
ALARM_S = 0.25
QUIET_S = 10.0
FRAMES = 6


class LagWatch:
    """`run` is a job; its figures are shown by /metrics and asked by /readyz."""

    def __init__(self) -> None:
        self.figures = LagFigures()
        self._due = 0.0
        self._said_at = -QUIET_S
        self._unsaid = 0

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        self._due = clock() + BEAT_S
        done = threading.Event()
        thread = threading.Thread(
            target=self._look, args=(threading.get_ident(), done), name="lag-watch", daemon=True
        )
        thread.start()
        try:
            while True:
                busy = thread_time()
                self._due = clock() + BEAT_S
                await asyncio.sleep(BEAT_S)
                self._woken(clock() - self._due, thread_time() - busy)
        finally:
            done.set()

    def _woken(self, lag: float, busy: float) -> None:
        self.figures.lag.add(max(0.0, lag))
        if lag < WARN_S:
            return
        self.figures.late.append((clock(), lag))
        if lag >= ALARM_S:
            self.figures.alarms += 1
            log.error("the event loop was late by %.2f s, computing for %.2f s of it", lag, busy)
            return
        self.figures.warnings += 1
        self._unsaid += 1
        if clock() - self._said_at > QUIET_S:
            log.warning(
                "the event loop was late by %.0f ms, computing for %.0f ms (%d times since last)",
                lag * 1e3, busy * 1e3, self._unsaid,
            )  # fmt: skip
            self._said_at, self._unsaid = clock(), 0

    def _look(self, loop_thread: int, done: threading.Event) -> None:
        """In a thread of its own: says once per stop what the loop is at."""
        said = 0.0
        while not done.wait(BEAT_S):
            due = self._due
            if due == said or clock() - due < ALARM_S:
                continue
            said = due
            frame = sys._current_frames().get(loop_thread)
            if frame is not None:
                log.error("the event loop stands still in %s", _where(frame))


def _where(frame: object) -> str:
    """The innermost calls, by place only: neither values nor source lines."""
    stack = traceback.extract_stack(frame)[-FRAMES:]  # type: ignore[arg-type]
    return " < ".join(
        f"{'/'.join(one.filename.split('/')[-2:])}:{one.lineno} {one.name}"
        for one in reversed(stack)
    )
