"""How a server ends: in order and in time, whoever is connected and whatever hangs."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from console import ending
from tests.clients import shopper
from tests.program import Program
from tests.servers import stop
from tests.web.raw import PATH

SOCKETS = 500
IN_TIME_S = 20.0
HELD = "stands still in console/failpoints.py"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """An installation that has been served once, so that the next start is quick."""
    one = Program(tmp_path_factory.mktemp("ending") / "data")
    one.environ["CONSOLE_RATE_LIMITS"] = "off"
    one.cli("agent", "list")
    return one


@pytest.fixture
def served(seeded: Program) -> Iterator[Program]:
    seeded.start()
    yield seeded
    assert seeded.process is not None
    stop(seeded.process)


def told(program: Program, how: signal.Signals = signal.SIGTERM) -> None:
    assert program.process is not None
    program.process.send_signal(how)


async def gone(program: Program) -> int:
    assert program.process is not None
    return await asyncio.to_thread(program.process.wait, IN_TIME_S)


def children(pid: int) -> list[str]:
    """Processes of the server's own process group, itself included."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            group = place.joinpath("stat").read_text().rpartition(")")[2].split()[2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(group) == pid:
            found.append(place.name)
    return found


async def test_it_ends_with_500_sockets_a_stalled_reader_and_a_slow_request(
    served: Program,
) -> None:
    assert served.process is not None
    key = served.inbox_key()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        opened = [http.ws_connect(f"{served.address}{PATH}") for _ in range(SOCKETS)]
        sockets = await asyncio.gather(*opened)
        await asyncio.gather(*(join(one, key) for one in sockets))
        async with stalled(served, key), slow_request(served):
            hearing = [asyncio.create_task(goodbye(one)) for one in sockets]
            began = time.monotonic()
            told(served)
            waits = await asyncio.gather(*hearing)
            assert await gone(served) == 0
    assert time.monotonic() - began < IN_TIME_S
    assert children(served.process.pid) == []
    assert min(waits) == max(waits) > 3, "time to come back rises with the number of clients"
    assert "Traceback" not in served.said


async def test_what_was_asked_before_is_answered(served: Program) -> None:
    async with shopper(served, served.inbox_key()) as client:
        saying = [asyncio.create_task(client.say(f"第{number}句")) for number in range(30)]
        await asyncio.sleep(0)  # on their way
        await saying[0]
        told(served)
        acks = await asyncio.gather(*saying)
        assert await gone(served) == 0
    assert [one["ok"] for one in acks] == [True] * 30
    assert [one["seq"] for one in acks] == list(range(1, 31))


async def test_nobody_comes_in_while_it_stops(served: Program) -> None:
    """With a connection kept from before: 503, and what is wrong."""
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{served.address}/readyz") as answer:
            assert answer.status == 200
        told(served)
        assert await gone(served) == 0
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(f"{served.address}/readyz")


async def test_a_loop_that_hangs_does_not_keep_it(tmp_path: Path) -> None:
    """The first signal starts a timer that needs no loop; the second makes it a short one."""
    assert ending.GONE_WITHIN_S < IN_TIME_S
    one = Program(tmp_path / "data", demo=True)
    one.environ["CONSOLE_FAILPOINTS"] = "tick=block:60@0.02,seed=28"  # at the 25th tick
    try:
        one.start()
        assert one.process is not None
        await asyncio.to_thread(stands_still, one)
        assert HELD in one.said
        told(one)
        with pytest.raises(subprocess.TimeoutExpired):
            await asyncio.to_thread(one.process.wait, 0.5)
        began = time.monotonic()
        told(one)
        assert await gone(one) == 1
        assert time.monotonic() - began < ending.HURRY_S + 3
        assert "Timeout (" in one.said, "it shows where every thread was"
    finally:
        assert one.process is not None
        stop(one.process)


def stands_still(program: Program) -> None:
    """Returns when the log says so."""
    until = time.monotonic() + IN_TIME_S
    while HELD not in program.said and time.monotonic() < until:
        time.sleep(0.05)


class stalled:
    """A joined shopper that reads nothing and is sent more than any buffer holds."""

    def __init__(self, program: Program, key: str) -> None:
        self._program, self._key = program, key

    async def __aenter__(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._program.port))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.sendall(
            f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{self._program.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        join = f'40/widget,{{"inbox":"{self._key}"}}'
        for text in (join, *(f'42/widget,{n}["sync",{{"after":0}}]' for n in range(400))):
            await asyncio.get_running_loop().run_in_executor(
                None, self._socket.sendall, _frame(text)
            )

    async def __aexit__(self, *_: object) -> None:
        self._socket.close()


class slow_request:
    """A login whose body never comes to its end."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def __aenter__(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._program.port))
        self._socket.sendall(
            f"POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:{self._program.port}\r\n"
            "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
        )

    async def __aexit__(self, *_: object) -> None:
        self._socket.close()


async def join(one: aiohttp.ClientWebSocketResponse, key: str) -> None:
    await one.send_str("40/widget," + json.dumps({"inbox": key}))
    while not (await one.receive_str()).startswith("40/widget,"):
        pass


async def goodbye(one: aiohttp.ClientWebSocketResponse) -> float:
    """How long the server gives to come back; waits for the end of the connection too."""
    within = -1.0
    async for message in one:
        if message.type is aiohttp.WSMsgType.TEXT and message.data.startswith('42/widget,["goodb'):
            within = json.loads(message.data.partition(",")[2])[1]["within_s"]
    assert within > 0, "cut without a word"
    return within


def _frame(text: str) -> bytes:
    """A masked WebSocket frame."""
    body, mask = text.encode(), os.urandom(4)
    size = bytes([0x80 | len(body)]) if len(body) < 126 else b"\xfe" + len(body).to_bytes(2, "big")
    masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(body))
    return b"\x81" + size + mask + masked
