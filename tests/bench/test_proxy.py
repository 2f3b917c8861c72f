"""The proxy does to a link what it says, and only when it says so."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bench.chaos.proxy import CALM, Proxy, Weather

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
ACK = b'43/widget,7[{"ok":true,"id":"m1"}]'


@asynccontextmanager
async def through(weather: Weather) -> AsyncIterator[tuple[Proxy, Streams, list[bytes]]]:
    """A proxy before a server that answers each line with an acknowledgement of it."""
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                heard.append(line)
                writer.write(ACK + b"\n")
        except ConnectionError:
            heard.append(b"reset")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Proxy(lambda: port, rng=random.Random(1), weather=weather) as proxy:
        streams = await asyncio.open_connection("127.0.0.1", proxy.port)
        yield proxy, streams, heard
        streams[1].close()
    server.close()


def port(streams: Streams) -> int:
    return int(streams[1].get_extra_info("sockname")[1])


async def test_calm_passes_everything() -> None:
    async with through(CALM) as (proxy, (reader, writer), heard):
        for _ in range(3):
            writer.write(b"word\n")
            assert await reader.readline() == ACK + b"\n"
        assert heard == [b"word\n"] * 3
        assert (proxy.tally.links, proxy.tally.cuts) == (1, 0)


async def test_slices_arrive_whole() -> None:
    async with through(Weather(fates=(("none", 1),), sliced=1)) as (proxy, streams, heard):
        streams[1].write(b"x" * 5000 + b"\n")
        assert await streams[0].readline() == ACK + b"\n"
        assert heard == [b"x" * 5000 + b"\n"]
        assert proxy.tally.sliced == 1


async def test_a_cut_is_a_reset_in_the_middle() -> None:
    async with through(CALM) as (proxy, streams, heard):
        streams[1].write(b"first\n")
        await streams[0].readline()
        proxy.doom(port(streams), "cut")
        streams[1].write(b"second, of which a part may pass\n")
        with pytest.raises(ConnectionResetError):
            await streams[0].readexactly(1)
        assert proxy.tally.cuts == 1
        assert b"second, of which a part may pass\n" not in heard


async def test_a_swallowed_ack_was_sent_and_not_received() -> None:
    async with through(CALM) as (proxy, streams, heard):
        streams[1].write(b"first\n")
        await streams[0].readline()
        link = proxy.doom(port(streams), "swallow")
        streams[1].write(b"second\n")
        with pytest.raises(ConnectionResetError):
            await streams[0].readexactly(1)
        assert b"second\n" in heard
        assert link.acks == [b'[{"ok":true,"id":"m1"}]\n']
        assert proxy.tally.swallowed == 1


async def test_a_black_hole_ends_nothing() -> None:
    async with through(CALM) as (proxy, streams, heard):
        streams[1].write(b"first\n")
        await streams[0].readline()
        link = proxy.doom(port(streams), "hole")
        streams[1].write(b"second\n")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await streams[0].readexactly(1)
        streams[1].close()
        await streams[1].wait_closed()
        assert not link.over.is_set(), "the server must not hear of it"
        assert heard == [b"first\n"]


async def test_nobody_behind_it_is_a_reset() -> None:
    async with Proxy(lambda: 9, rng=random.Random(1), weather=CALM) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
        writer.close()
