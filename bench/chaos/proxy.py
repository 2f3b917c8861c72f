"""A TCP proxy between the clients and the server that does to their links what networks do.

Each link draws its fate when it opens, and a moment: what passes first after it is cut at a random
byte (a reset), or the server's bytes are swallowed until an acknowledgement was among them and then
it is cut, or the link goes dead without a word (black hole). Bytes may come late and in slices.
"""

import asyncio
import random
import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

Fate = Literal["none", "cut", "swallow", "hole"]

CHUNK = 64 * 1024
SLICE = 700
SWALLOW_AT_MOST_S = 8.0
_ACK = re.compile(rb"43/\w+,\d+(\[[^\x81]*)")


@dataclass(frozen=True, slots=True)
class Weather:
    """How links fare. `fates` are weights; `life_s` is the mean time until one strikes."""

    life_s: float = 8.0
    fates: tuple[tuple[Fate, float], ...] = (("cut", 6), ("swallow", 3), ("hole", 0.3))
    sliced: float = 0.3
    latency_s: float = 0.01


CALM = Weather(fates=(("none", 1),), sliced=0, latency_s=0)


@dataclass(slots=True)
class Tally:
    links: int = 0
    cuts: int = 0
    swallowed: int = 0
    holes: int = 0
    sliced: int = 0


@dataclass(slots=True, eq=False)
class Link:
    """One connection and its fate, which strikes at a moment of the monotonic clock. `over` is set
    when both sides have ended it."""

    fate: Fate
    moment: float
    sliced: bool
    latency_s: float
    ends: list[asyncio.StreamWriter] = field(default_factory=list)
    struck: bool = False
    swallowed: bytearray = field(default_factory=bytearray)
    server_ended: float | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def acks(self) -> list[bytes]:
        """What of each swallowed acknowledgement came in one piece."""
        return _ACK.findall(bytes(self.swallowed))

    def reset(self) -> None:
        for end in self.ends:
            abort(end)


class Proxy:
    """Listens on `port`; use it as an asynchronous context."""

    def __init__(self, target: Callable[[], int], *, rng: random.Random, weather: Weather) -> None:
        self.port = 0
        self.tally = Tally()
        self.weather = weather
        self.links: dict[int, Link] = {}
        self._target = target
        self._rng = rng
        self._server: asyncio.Server | None = None
        self._pumps: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for link in self.links.values():
            link.reset()
        if self._pumps:
            await asyncio.wait(self._pumps)

    def calm(self) -> None:
        """No more faults: new links are clean, and those with a fate are cut a last time."""
        self.weather = CALM
        for link in self.links.values():
            if link.fate != "none":
                link.reset()

    def doom(self, port: int, fate: Fate) -> Link:
        """Let a fate strike the link of the client on `port` now."""
        link = self.links[port]
        link.fate, link.moment, link.struck = fate, time.monotonic(), False
        return link

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._pumps.add(task)
        task.add_done_callback(self._pumps.discard)
        port = writer.get_extra_info("peername")[1]
        link = self._draw()
        link.ends.append(writer)
        self.links[port] = link
        self.tally.links += 1
        try:
            up = await asyncio.open_connection("127.0.0.1", self._target())
            link.ends.append(up[1])
            sides = ((reader, up[1], False), (up[0], writer, True))
            pumps = [asyncio.create_task(self._pump(link, *side)) for side in sides]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            if link.fate == "hole" and link.struck:
                await asyncio.wait(pumps)
            for pump in pumps:
                pump.cancel()
            await asyncio.wait(pumps)
        except OSError:
            pass  # nobody listens: the client hears a reset
        finally:
            link.reset()
            link.over.set()
            self.links.pop(port, None)

    def _draw(self) -> Link:
        weather = self.weather
        fates, weights = zip(*weather.fates, strict=True)
        fate: Fate = self._rng.choices(fates, weights)[0]
        sliced = self._rng.random() < weather.sliced
        self.tally.sliced += sliced
        moment = time.monotonic() + self._rng.expovariate(1 / weather.life_s)
        return Link(fate, moment, sliced, self._rng.random() * weather.latency_s)

    async def _pump(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, down: bool
    ) -> None:
        """Pass bytes on until the link ends. `down` is from the server to the client."""
        try:
            while data := await reader.read(CHUNK):
                for piece in self._slices(link, data):
                    if link.latency_s:
                        await asyncio.sleep(link.latency_s)
                    if not self._passes(link, piece, writer, down=down):
                        return
                    await writer.drain()
        except OSError:
            pass
        finally:
            if down and link.struck:
                link.server_ended = time.monotonic()

    def _slices(self, link: Link, data: bytes) -> list[bytes]:
        if not link.sliced:
            return [data]
        pieces = []
        while data:
            size = self._rng.randint(1, SLICE)
            pieces.append(data[:size])
            data = data[size:]
        return pieces

    def _passes(
        self, link: Link, piece: bytes, writer: asyncio.StreamWriter, *, down: bool
    ) -> bool:
        """Write what may pass; False when the link is to end now."""
        now = time.monotonic()
        if link.fate == "none" or now < link.moment:
            writer.write(piece)
            return True
        if link.fate == "cut":
            writer.write(piece[: self._rng.randrange(len(piece))])
            self.tally.cuts += 1
            return False
        if not link.struck:
            link.struck = True
            self.tally.holes += link.fate == "hole"
        if link.fate == "hole":
            return True
        if not down:
            writer.write(piece)
            return now < link.moment + SWALLOW_AT_MOST_S
        link.swallowed += piece
        if not link.acks:
            return True
        self.tally.swallowed += len(link.acks)
        self.tally.cuts += 1
        return False


def abort(writer: asyncio.StreamWriter) -> None:
    """End a connection by a reset: what is on its way is lost, as by a pulled plug."""
    end = writer.get_extra_info("socket")
    if end is not None and end.fileno() >= 0:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
