"""A shopper: one conversation, an outbox, a screen."""

from collections import deque

from bench.chaos.actor import ACK_S, Actor, Feed, World, shown_of
from bench.chaos.ledger import Intent, Reader, Shown
from bench.chaos.wire import Gone, Json, Line, open_line


class Shopper(Actor):
    """`inbox` is the key of the inbox they write to."""

    namespace = "/widget"

    def __init__(self, world: World, name: str, *, secret: str, inbox: str) -> None:
        super().__init__(world, Reader(name, secret=secret))
        self.secret = secret
        self.outbox: deque[Intent] = deque()
        self.conversation: str | None = None
        self.heads = 0
        self.inbox = inbox
        self.visitor: str | None = None
        self._feed = Feed(self._show)
        self._stale = False

    def write(self) -> Intent:
        """Put one more message into the outbox."""
        intent = self.intend(self.secret)
        self.outbox.append(intent)
        self.wake.set()
        return intent

    @property
    def settled(self) -> bool:
        """Everything said is answered, and everything there is was shown."""
        return not self.outbox and not self._feed.gap and self._feed.last >= self.heads

    async def connect(self) -> Line:
        auth: Json = {"inbox": self.inbox}
        if self.visitor:
            auth["visitor"] = self.visitor
        return await open_line(
            self.world.http,
            self.world.port(),
            self.namespace,
            auth,
            hear=self.hear,
            raw=self.raw,
        )

    async def catch_up(self, line: Line) -> None:
        more = True
        while more:
            frame: Json = {"after": self._feed.last}
            if self.epoch is not None:
                frame["epoch"] = self.epoch
            state = await line.call("sync", frame, within=ACK_S)
            if not state["ok"]:
                raise Gone(f"sync: {state['error']['code']}")
            self._take_state(state)
            more = state["more"]
        self._stale = False
        self.polled()

    async def turn(self, line: Line) -> bool:
        if self._feed.gap or self._stale:
            await self.catch_up(line)
        elif self.outbox:
            await self.deliver(line, self.outbox, {})
        else:
            return False
        return True

    def hear(self, event: str, payload: Json) -> None:
        if event == "message":
            self._feed.take(shown_of(payload))
        elif event == "resync":
            self.world.count("resync")
            self._forget()
        if self._feed.gap or self._stale:
            self.wake.set()

    def _take_state(self, state: Json) -> None:
        self.visitor = state["visitor"]
        self.epoch = state.get("epoch")
        conversation = state["conversation"]
        if self.conversation is not None and conversation["id"] != self.conversation:
            self._forget()
        self.conversation = conversation["id"]
        self.heads = conversation["last_seq"]
        for message in state["messages"]:
            self._feed.take(shown_of(message))

    def _forget(self) -> None:
        screen = self.world.ledger.screen(self.name, self.secret)
        if screen.segments[-1]:
            screen.segments.append([])
        self._feed.forget()
        self._stale = True

    def _show(self, message: Shown) -> None:
        screen = self.world.ledger.screen(self.name, self.secret)
        screen.segments[-1].append(message)
