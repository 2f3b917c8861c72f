"""The load generator sees what a server does wrong, to the message."""

import asyncio
import os

import pytest
from aiohttp.test_utils import TestServer

from bench.generator import Talk, load
from bench.programs import BenchFailed, Running
from tests.bench.faulty_relay import FaultyRelay


async def test_lost_doubled_and_foreign_are_counted() -> None:
    relay = FaultyRelay()
    async with TestServer(relay.app(), host="127.0.0.1") as server:
        assert server.port
        run = await asyncio.to_thread(
            load,
            Talk,
            Running(os.getpid(), server.port, 0.0),
            wire={"wire": "anchor"},
            mode="open",
            rate=200,
            seconds=0.5,
            warmup=0.2,
            drain=0.5,
            shoppers=4,
            agents=1,
        )
    assert run.sent == pytest.approx(140, abs=2)
    assert (run.lost_acks, run.double_acks) == (0, 0)
    assert (run.lost_deliveries, run.double_deliveries, run.foreign) == (
        relay.lost,
        relay.doubled,
        relay.invented,
    )
    assert not run.sound


def test_a_server_that_is_not_there_is_a_failure_with_a_reason() -> None:
    with pytest.raises(BenchFailed, match="ECONNREFUSED"):
        load(
            Talk,
            Running(os.getpid(), 9, 0.0),
            wire={"wire": "anchor"},
            mode="closed",
            shoppers=1,
            agents=1,
        )


def test_the_programs_own_options_are_checked() -> None:
    with pytest.raises(BenchFailed, match="--wire telegraph"):
        load(Talk, Running(os.getpid(), 9, 0.0), wire={"wire": "telegraph"}, mode="closed")
