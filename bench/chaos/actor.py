"""What shoppers and agents have in common: they connect, come back with back-off, keep an outbox
with one unacknowledged message per conversation, and never show a message out of turn."""

import asyncio
import random
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from bench.chaos.bodies import Body, bodies
from bench.chaos.ledger import Ack, Intent, Ledger, Reader, Shown
from bench.chaos.wire import Gone, Json, Line, TurnedAway

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.5
ACK_S = 5.0
POLL_S = 8.0
AGAIN = frozenset({"unavailable", "rate_limited", "unauthorized"})


@dataclass(slots=True)
class World:
    """What the actors of one run share. `port` is where they think the server is; `moved` is set
    whenever any of them heard or did something."""

    http: aiohttp.ClientSession
    ledger: Ledger
    seed: int
    port: Callable[[], int]
    calm: bool = False
    fresh_since: float = 0.0
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    considered: set[Body] = field(default_factory=set)
    counted: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        self.counted[what] = self.counted.get(what, 0) + 1

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait while everybody goes on; looked at whenever somebody moved."""
        while not holds():
            self.moved.clear()
            await self.moved.wait()


class Feed:
    """One conversation as one reader gets it: what comes early waits for what is missing (R11)."""

    def __init__(self, show: Callable[[Shown], None]) -> None:
        self.last = 0
        self._show = show
        self._early: dict[int, Shown] = {}

    @property
    def gap(self) -> bool:
        return bool(self._early)

    def take(self, message: Shown) -> list[Shown]:
        """What could be shown because of this message, in order."""
        if message.seq > self.last:
            self._early.setdefault(message.seq, message)
        shown = []
        while (following := self._early.pop(self.last + 1, None)) is not None:
            self.last += 1
            self._show(following)
            shown.append(following)
        return shown

    def forget(self) -> None:
        self.last = 0
        self._early.clear()


class Actor:
    """Runs until `stopped`. A subclass says how to connect, and what to do next."""

    namespace = ""

    def __init__(self, world: World, reader: Reader) -> None:
        self.world = world
        self.reader = reader
        self.name = reader.name
        self.rng = random.Random(f"{world.seed}:{reader.name}")
        self.line: Line | None = None
        self.stopped = False
        self.numbers = 0
        self.epoch: str | None = None
        self.wake = asyncio.Event()
        self.poll_at = 0.0
        self.fresh_at = 0.0
        world.ledger.readers[reader.name] = reader

    async def run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self.stopped:
            began = time.monotonic()
            try:
                self.line = await self.connect()
                await self._work(self.line)
            except TurnedAway as no:
                self.world.count(no.code)
            except (Gone, aiohttp.ClientError, OSError):
                self.world.count(f"{type(self).__name__.lower()} cut off")
            finally:
                if self.line is not None:
                    await self.line.close()
                    self.line = None
            lived = time.monotonic() - began
            pause = FIRST_PAUSE_S if lived > LONGEST_PAUSE_S else min(LONGEST_PAUSE_S, pause * 2)
            if not self.stopped:
                await asyncio.sleep(pause * (0.5 + self.rng.random()))

    @property
    def settled(self) -> bool:
        """Nothing is left to say or to see, as far as this one knows."""
        raise NotImplementedError

    @property
    def fresh(self) -> bool:
        """Has asked for news since the world wanted everybody to."""
        return self.fresh_at > self.world.fresh_since

    def ask_anew(self) -> None:
        """Ask for news at once."""
        self.poll_at = 0.0
        self.wake.set()

    def stop(self) -> None:
        self.stopped = True
        self.wake.set()

    async def connect(self) -> Line:
        raise NotImplementedError

    async def catch_up(self, line: Line) -> None:
        """Ask for everything that is missing."""
        raise NotImplementedError

    async def turn(self, line: Line) -> bool:
        """Do one thing; False when there is nothing to do."""
        raise NotImplementedError

    def hear(self, event: str, payload: Json) -> None:
        raise NotImplementedError

    def raw(self, frame: str) -> None:
        """Every body in every frame is noted, shown or not: that is where a leak is seen."""
        self.world.moved.set()
        for body in bodies(frame):
            self.world.ledger.heard.add((self.name, body))

    def intend(self, secret: str, *, private: bool = False) -> Intent:
        self.numbers += 1
        body = Body(secret, self.name, self.numbers, private)
        return self.world.ledger.intend(body, str(uuid.uuid4()), time.monotonic())

    async def deliver(self, line: Line, outbox: deque[Intent], frame: Json) -> None:
        """Send the first of an outbox. It stays the first until the server has answered."""
        intent = outbox[0]
        intent.tries += 1
        intent.first_sent = intent.first_sent or time.monotonic()
        frame = {**frame, "client_id": intent.client_id, "text": intent.body.text()}
        answer = await line.call("say", frame, within=ACK_S)
        if answer["ok"]:
            now = time.monotonic()
            ack = Ack(answer["id"], answer["seq"], answer["duplicate"], now)
            intent.acks.append(ack)
            self.world.count("duplicates answered" if ack.duplicate else "acknowledged")
            outbox.popleft()
            return
        code = answer["error"]["code"]
        if code in AGAIN:
            self.world.count(code)
            raise Gone(f"say: {code}")
        intent.failed = code
        outbox.popleft()

    async def _work(self, line: Line) -> None:
        await self.catch_up(line)
        while not self.stopped:
            if line.closed.is_set():
                raise Gone("the connection ended")
            if time.monotonic() >= self.poll_at:
                await self.catch_up(line)
            elif not await self.turn(line):
                await self._wait(line)

    async def _wait(self, line: Line) -> None:
        self.world.moved.set()
        self.wake.clear()
        ended = asyncio.create_task(line.closed.wait())
        woken = asyncio.create_task(self.wake.wait())
        rest = max(0.0, self.poll_at - time.monotonic())
        _, pending = await asyncio.wait(
            (ended, woken), timeout=rest, return_when=asyncio.FIRST_COMPLETED
        )
        for one in pending:
            one.cancel()

    def polled(self) -> None:
        self.fresh_at = time.monotonic()
        self.poll_at = time.monotonic() + POLL_S * (0.5 + self.rng.random())


def shown_of(message: Json) -> Shown:
    """A message of the wire as the ledger notes it."""
    found = bodies(message["text"])
    return Shown(message["id"], message["seq"], found[0] if found else None, time.monotonic())
