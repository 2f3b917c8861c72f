"""The watch over the event loop: it measures, it names what held the loop, and it tells once."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator

import pytest

from console import lag
from console.lag import LagWatch
from console.telemetry import clock

BLOCK_S = 0.6


@pytest.fixture
async def watch() -> AsyncIterator[LagWatch]:
    """At work, and past its first beat."""
    one = LagWatch()
    running = asyncio.create_task(one.run())
    await beats(one)
    yield one
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


def hold_the_loop() -> None:
    time.sleep(BLOCK_S)


async def beats(one: LagWatch, number: int = 1) -> None:
    until = one.figures.lag.count + number
    while True:
        await asyncio.sleep(0.01)
        if one.figures.lag.count >= until:
            return


async def test_a_held_loop_is_an_alarm_that_names_the_place(
    watch: LagWatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = watch.figures.alarms
    with caplog.at_level(logging.WARNING, "console.lag"):
        hold_the_loop()
        await beats(watch, 2)
    assert watch.figures.alarms == before + 1
    assert watch.figures.lag.total >= BLOCK_S - 2 * lag.BEAT_S
    said = [one.getMessage() for one in caplog.records]
    standing = [one for one in said if one.startswith("the event loop stands still in")]
    assert len(standing) == 1
    assert "console/test_lag.py" in standing[0]
    assert "hold_the_loop" in standing[0]
    assert any("the event loop was late by 0." in one for one in said)


async def test_the_share_of_late_time_fades(watch: LagWatch) -> None:
    hold_the_loop()
    await beats(watch)
    share = watch.figures.share(1.0)
    assert BLOCK_S - 2 * lag.BEAT_S <= share <= 1.0
    assert watch.figures.share(10.0) < share
    watch.figures.late.clear()
    watch.figures.late.append((clock() - 11, 9.0))
    assert watch.figures.share(10.0) == 0


def test_small_delays_are_told_once_in_a_while(caplog: pytest.LogCaptureFixture) -> None:
    one = LagWatch()
    with caplog.at_level(logging.WARNING, "console.lag"):
        for _ in range(5):
            one._woken(0.1, 0.02)
    assert (one.figures.warnings, one.figures.alarms) == (5, 0)
    assert len(caplog.records) == 1
    assert "late by 100 ms, computing for 20 ms" in caplog.text
