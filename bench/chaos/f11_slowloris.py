"""F11: two thousand connections that send a byte every five seconds, half of them a header and half
a body. Real users hardly notice, and none of the slow ones stays.
"""

import asyncio
import time
from dataclasses import dataclass, field

import aiohttp

from bench.chaos.bystanders import bystanders
from bench.chaos.fault import Result, Terms
from bench.chaos.server import Shop, open_shop
from bench.programs import allow_many_files

BYTE_EVERY_S = 5.0
HEADERS_WITHIN_S, BODIES_WITHIN_S = 75.0, 30.0
WITHIN_MS = 1000.0
REAL = 10
LANES = 100

HEADER = b"GET /healthz HTTP/1.1\r\nHost: shop\r\nX-Slow: "
BODY = (
    b"POST /api/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n"
)


@dataclass(slots=True)
class Ends:
    """Seconds each kind was let live, and how many outlived their limit."""

    lived: list[float] = field(default_factory=list)
    stayed: int = 0

    def __str__(self) -> str:
        slowest = f"{max(self.lived):.0f} s" if self.lived else "never"
        return f"{len(self.lived)} closed after at most {slowest}, {self.stayed} stayed"


def run(terms: Terms) -> Result:
    allow_many_files()
    count = 100 if terms.short else 1000
    with open_shop(Shop(terms.folder)) as shop:
        key = shop.inbox("default").key
        return asyncio.run(_attack(shop.port, key, count))


async def _attack(port: int, key: str, count: int) -> Result:
    headers, bodies = Ends(), Ends()
    lanes = asyncio.Semaphore(LANES)
    async with (
        aiohttp.ClientSession() as http,
        bystanders(http, port, key, count=REAL) as real,
    ):
        slow = [
            drip(port, lanes, start, within_s, ends)
            for start, within_s, ends in (
                (HEADER, HEADERS_WITHIN_S, headers),
                (BODY, BODIES_WITHIN_S, bodies),
            )
            for _ in range(count)
        ]
        await asyncio.gather(*slow)
    p99 = real.p99_ms()
    return Result(
        "F11",
        "a byte every 5 s",
        f"{count} slow headers, {count} slow bodies",
        f"real users p99 <= {WITHIN_MS:g} ms; headers closed <= {HEADERS_WITHIN_S:g} s, "
        f"bodies <= {BODIES_WITHIN_S:g} s",
        f"{len(real.took)} words, p99 {p99:.0f} ms, {len(real.failed)} failed; "
        f"headers: {headers}; bodies: {bodies}",
        passed=not (real.failed or headers.stayed or bodies.stayed) and p99 <= WITHIN_MS,
    )


async def drip(
    port: int, lanes: asyncio.Semaphore, start: bytes, within_s: float, ends: Ends
) -> None:
    """One slow connection, until the server ends it or its limit is over."""
    async with lanes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begun = time.monotonic()
    writer.write(start)
    ending = asyncio.ensure_future(_closed(reader))
    try:
        while time.monotonic() - begun < within_s:
            left = begun + within_s - time.monotonic()
            done, _ = await asyncio.wait([ending], timeout=min(BYTE_EVERY_S, left))
            if done:
                ends.lived.append(time.monotonic() - begun)
                return
            writer.write(b"x")
        ends.stayed += 1
    finally:
        ending.cancel()
        writer.close()


async def _closed(reader: asyncio.StreamReader) -> None:
    try:
        while await reader.read(4096):
            pass
    except OSError:
        return
