"""An agent: signs in, takes what comes, answers, notes, hands over, closes and reopens."""

from collections import defaultdict, deque
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.chaos.actor import ACK_S, Actor, Feed, World, shown_of
from bench.chaos.bodies import Body
from bench.chaos.ledger import Intent, Reader, Shown
from bench.chaos.signing_in import Pass, open_desk, sign_in
from bench.chaos.wire import Gone, Json, Line, TurnedAway

NAMED_AT_ONCE = 500
GROUPS = ("售前", "售后")


@dataclass(frozen=True, slots=True)
class Habits:
    """Chances of each deed at a message of a shopper's."""

    answer: float = 0.6
    note: float = 0.05
    hand_over: float = 0.03
    close: float = 0.02
    reopen: float = 0.5


class Agent(Actor):
    namespace = "/desk"

    def __init__(
        self, world: World, name: str, *, groups: frozenset[str], password: str, habits: Habits
    ) -> None:
        super().__init__(world, Reader(name, groups=groups))
        self.id: str | None = None
        self.mine: dict[str, Json] = {}
        self.colleagues: dict[str, str] = {}
        self.online: dict[str, bool] = {}
        self._password = password
        self._habits = habits
        self._pass: Pass | None = None
        self._feeds: dict[str, Feed] = {}
        self._secrets: dict[str, str] = {}
        self._outboxes: defaultdict[str, deque[Intent]] = defaultdict(deque)
        self._deeds: deque[tuple[str, Json]] = deque()
        self._behind: set[str] = set()
        self._waiting = 0

    @property
    def settled(self) -> bool:
        working = any(self._outboxes.values()) or self._deeds or self._behind
        return not working and all(map(self._complete, self.mine))

    async def connect(self) -> Line:
        http, port = self.world.http, self.world.port()
        if self._pass is None:
            self._pass = await sign_in(http, port, self.name, self._password)
            self.id = self._pass.id
        try:
            return await open_desk(http, port, self._pass, hear=self.hear, raw=self.raw)
        except TurnedAway as no:
            if no.code == "unauthorized":
                self._pass = None
            raise

    async def catch_up(self, line: Line) -> None:
        """The list, and whatever is new in the conversations that were ever on this screen."""
        await self._sync(line, {})
        wanted = list(dict.fromkeys([*self.mine, *self._feeds]))
        for begin in range(0, len(wanted), NAMED_AT_ONCE):
            await self._fetch(line, wanted[begin : begin + NAMED_AT_ONCE])
        self._behind.clear()
        self.polled()

    async def turn(self, line: Line) -> bool:
        if self._behind:
            before = {id: self._feed(id).last for id in self._behind}
            await self._fetch(line, list(before))
            for id, last in before.items():
                # nothing came: whatever is missing is not for these eyes any more
                if self._complete(id) or self._feed(id).last == last:
                    self._behind.discard(id)
            return True
        for conversation, outbox in self._outboxes.items():
            if outbox:
                await self.deliver(line, outbox, self._frame(conversation, outbox[0]))
                return True
        if self._deeds:
            deed, frame = self._deeds.popleft()
            answer = await line.call(deed, frame, within=ACK_S)
            self.world.count(f"{deed} {'done' if answer['ok'] else answer['error']['code']}")
            return True
        if self._waiting and not self.world.calm:
            self._waiting = 0
            await line.call("take", {}, within=ACK_S)
            return True
        return False

    def hear(self, event: str, payload: Json) -> None:
        if event == "message":
            self._take(payload)
        elif event == "conversation":
            self._place(payload)
        elif event == "gone":
            self.mine.pop(payload["id"], None)
        elif event == "queue":
            self._waiting = payload["waiting"]
        elif event == "presence":
            self.online[payload["name"]] = payload["online"]
        elif event == "resync":
            self.world.count("resync")
            self._forget()
        self.wake.set()

    async def _sync(self, line: Line, cursors: dict[str, int]) -> Json:
        frame: Json = {"cursors": cursors}
        if self.epoch is not None:
            frame["epoch"] = self.epoch
        state = await line.call("sync", frame, within=ACK_S)
        if not state["ok"]:
            raise Gone(f"sync: {state['error']['code']}")
        self.epoch = state.get("epoch")
        self.colleagues = {one["name"]: one["id"] for one in state["agents"]}
        self.online = {one["name"]: one["online"] for one in state["agents"]}
        self._waiting = state["queue"]["waiting"]
        listed = {one["id"] for one in state["conversations"]}
        for id in self.mine.keys() - listed:
            del self.mine[id]
        for one in state["conversations"]:
            self._place(one)
        return state

    async def _fetch(self, line: Line, named: list[str]) -> None:
        more = True
        while more:
            cursors = {id: self._feed(id).last for id in named}
            state = await self._sync(line, cursors)
            for message in state["messages"]:
                self._take(message)
            more = state["more"]

    def _complete(self, id: str) -> bool:
        feed = self._feed(id)
        return not feed.gap and feed.last >= self.mine.get(id, {"last_seq": 0})["last_seq"]

    def _place(self, conversation: Json) -> None:
        """Note how a conversation stands; what is mine and not all here is to be fetched."""
        id = conversation["id"]
        if conversation.get("agent", {}).get("id") != self.id:
            self.mine.pop(id, None)
            return
        self.mine[id] = conversation
        if self._feed(id).last < conversation["last_seq"]:
            self._behind.add(id)

    def _take(self, message: Json) -> None:
        id = message["conversation"]
        feed = self._feed(id)
        for shown in feed.take(shown_of(message)):
            if shown.body is not None:
                self._secrets[id] = shown.body.secret
                if message["author"]["kind"] == "shopper":
                    self._consider(id, shown.body)
        if feed.gap:
            self._behind.add(id)

    def _consider(self, id: str, asked: Body) -> None:
        """At a shopper's message that nobody has considered yet: answer it, note something, or move
        the conversation."""
        if id not in self.mine or self.world.calm or asked in self.world.considered:
            return
        self.world.considered.add(asked)
        secret = asked.secret
        habits, rng = self._habits, self.rng
        if rng.random() < habits.answer:
            self._outboxes[id].append(self.intend(secret))
        if rng.random() < habits.note:
            self._outboxes[id].append(self.intend(secret, private=True))
        if rng.random() < habits.hand_over:
            self._hand_over(id, secret)
        elif rng.random() < habits.close:
            self._deeds.append(("close", {"conversation": id}))
            if rng.random() < habits.reopen:
                self._deeds.append(("reopen", {"conversation": id}))

    def _hand_over(self, id: str, secret: str) -> None:
        """Who may read from now on is noted before the deed is sent."""
        ledger = self.world.ledger
        frame: Json = {"conversation": id}
        colleagues = sorted(self.colleagues.keys() & ledger.readers.keys() - {self.name})
        if colleagues and self.rng.random() < 0.7:
            name = self.rng.choice(colleagues)
            ledger.readers[name].given.add(secret)
            frame["to_agent"] = self.colleagues[name]
        else:
            group = self.rng.choice(GROUPS)
            ledger.groups_of[secret].add(group)
            frame["to_group"] = group
        self._deeds.append(("hand_over", frame))

    def _frame(self, conversation: str, intent: Intent) -> Json:
        private: dict[str, Any] = {"private": True} if intent.body.private else {}
        return {"conversation": conversation, **private}

    def _feed(self, id: str) -> Feed:
        if id not in self._feeds:
            self._feeds[id] = Feed(partial(self._show, id))
        return self._feeds[id]

    def _forget(self) -> None:
        for id, feed in self._feeds.items():
            feed.forget()
            screen = self.world.ledger.screen(self.name, id)
            if screen.segments[-1]:
                screen.segments.append([])
            self._behind.add(id)

    def _show(self, id: str, message: Shown) -> None:
        self.world.ledger.screen(self.name, id).segments[-1].append(message)
