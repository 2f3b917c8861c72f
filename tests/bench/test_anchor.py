"""The bare anchor relays, and what it acknowledged is in its database."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import aiohttp
import pytest

from bench.contenders import Anchor
from bench.generator import Idle, Talk, load
from bench.programs import Running, free_port, serving


@pytest.mark.parametrize("store", ["task:FULL", "thread:FULL"])
def test_every_acknowledged_message_is_stored_and_delivered_once(
    tmp_path: Path, store: str
) -> None:
    with Anchor(tmp_path, store=store).serving() as server:
        run = load(
            Talk,
            server,
            wire={"wire": "anchor"},
            mode="closed",
            seconds=0.5,
            warmup=0.2,
            shoppers=8,
            agents=2,
        )
        with sqlite3.connect(tmp_path / "anchor-1" / "relay.db") as database:
            stored = database.execute("SELECT count(*), count(DISTINCT id) FROM message").fetchone()
        database.close()
    assert run.sound
    assert run.sent > 50
    assert run.server_us > 0
    assert stored == (run.sent, run.sent)
    assert not (tmp_path / "anchor-1").exists()


def test_an_idle_connection_costs_memory(tmp_path: Path) -> None:
    with Anchor(tmp_path).serving() as server:
        run = load(
            Idle,
            server,
            wire={"wire": "anchor"},
            mode="idle",
            connections=200,
            agents=1,
            seconds=0.2,
        )
    assert (run.closed, run.errors) == (0, 0)
    assert 5 < run.kib_per_connection < 200


def test_permessage_deflate_is_refused(tmp_path: Path) -> None:
    port = free_port()
    words = ["--port", str(port), "--database", str(tmp_path / "relay.db")]
    command = [sys.executable, "-m", "bench.anchor", *words]
    with serving(command, port=port, log=tmp_path / "log", environment={}, pinned=False) as running:
        assert asyncio.run(agreed_compression(running)) == 0


async def agreed_compression(running: Running) -> int:
    url = f"http://127.0.0.1:{running.port}/socket.io/?EIO=4&transport=websocket"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, compress=15) as socket,
    ):
        opened = await socket.receive_str()
        assert opened.startswith("0{")
        return socket.compress
