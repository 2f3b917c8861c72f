"""F28: the server may open 512 files. Whoever comes when they are used up is told so politely, who
is inside goes on, and when some leave others may come in.
"""

import asyncio
import contextlib
import json
from collections import Counter

import aiohttp

from bench.chaos.bystanders import Bystanders, bystanders
from bench.chaos.fault import Result, Terms
from bench.chaos.server import Shop, open_shop
from bench.programs import allow_many_files

FILES = 512
COME, LEAVE = 700, 150
# plain connections that say nothing, on top: these use up the last file
SILENT = 400
INSIDE = 5
FREE_WITHIN_S = 60.0
WITHIN_MS = 1000.0
CLOSING = aiohttp.ClientWSTimeout(ws_close=0.05)
Socket = aiohttp.ClientWebSocketResponse
SOCKET = "/socket.io/?EIO=4&transport=websocket"


def run(terms: Terms) -> Result:
    allow_many_files()
    few = ("sh", "-c", f'ulimit -n {FILES} && exec "$@"', "sh")
    with open_shop(Shop(terms.folder, wrap=few)) as shop:
        key = shop.inbox("default").key
        return asyncio.run(_crowd(shop.port, key))


async def _crowd(port: int, key: str) -> Result:
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        bystanders(http, port, key, count=INSIDE) as inside,
    ):
        let_in: list[Socket] = []
        said = Counter([await _come(http, port, key, let_in) for _ in range(COME)])
        silent = [await _dial(port) for _ in range(SILENT)]
        await asyncio.sleep(3)
        for socket in let_in[:LEAVE]:
            await socket.close()
        for connection in silent:
            if connection is not None:
                connection.close()
        again = await _let_in_again(http, port, key, let_in)
        verdict = _verdict(said, inside, again=again)
        for socket in let_in:
            await socket.close()
    return verdict


async def _come(http: aiohttp.ClientSession, port: int, key: str, let_in: list[Socket]) -> str:
    """How one more was received."""
    try:
        socket = await http.ws_connect(f"http://127.0.0.1:{port}{SOCKET}", timeout=CLOSING)
        await socket.send_str(f"40/widget,{json.dumps({'inbox': key})}")
        let_in.append(socket)
    except aiohttp.WSServerHandshakeError as refused:
        return str(refused.status)
    except (aiohttp.ClientError, OSError):
        return "broken"
    return "in"


async def _dial(port: int) -> asyncio.StreamWriter | None:
    with contextlib.suppress(OSError):
        return (await asyncio.open_connection("127.0.0.1", port))[1]
    return None


async def _let_in_again(
    http: aiohttp.ClientSession, port: int, key: str, let_in: list[Socket]
) -> bool:
    until = asyncio.get_running_loop().time() + FREE_WITHIN_S
    while asyncio.get_running_loop().time() < until:
        if await _come(http, port, key, let_in) == "in":
            return True
        await asyncio.sleep(0.5)
    return False


def _verdict(said: Counter[str], inside: Bystanders, *, again: bool) -> Result:
    polite, broken = said["503"], said["broken"]
    p99 = inside.p99_ms()
    return Result(
        "F28",
        f"{FILES} files for everything",
        f"{COME} connections and {SILENT} silent ones",
        f"503 for who does not fit; words of those inside <= {WITHIN_MS:g} ms p99; recovers",
        f"{said['in']} in, {polite} told 503, {broken} broken; {len(inside.took)} words inside, "
        f"p99 {p99:.0f} ms, {len(inside.failed)} failed; "
        f"{'let in again' if again else 'nobody let in again'}",
        passed=bool(polite and not broken and not inside.failed and p99 <= WITHIN_MS and again),
    )
