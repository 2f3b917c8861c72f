"""A shop at work for tests: a real desk over a real store, its people, and what was told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import orjson

from channels import REGISTRY
from channels.base import Inbound
from console.desk import Desk
from console.desk.floor import Said
from console.desk.inboxes import Inbox
from console.desk.intake import Accepted
from console.events import Event
from console.files.keeping import Files
from console.model.conversation import Conversation, Message, Overview
from console.model.people import Agent, Group
from console.model.words import AgentId, Availability, Role, ShopId, new_id, to_ms
from console.seal import Seal
from console.store import Store, Tx, people, places, talk

GROUPS = ["售前", "售中", "售后"]
BEGIN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
ALL = 10_000

E = TypeVar("E", bound=Event)


@dataclass
class Clock:
    """Time that stands still until a test moves it."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Stopwatch:
    """A monotonic clock moved by hand."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class House:
    """One shop with an inbox `default`; `heard` is every event told so far."""

    store: Store
    desk: Desk
    clock: Clock
    stopwatch: Stopwatch
    shop_id: ShopId
    inbox: Inbox
    heard: list[Event] = field(default_factory=list)

    async def agent(
        self,
        name: str,
        *groups: str,
        role: Role = Role.AGENT,
        capacity: int = 5,
        state: Availability = Availability.AVAILABLE,
        here: bool = True,
    ) -> Agent:
        """A new agent, at the desk unless `here` is false. Nobody hashes a password."""

        async def work(tx: Tx) -> Agent:
            known: list[Group] = await people.groups(tx, self.shop_id)
            mine = tuple(one for one in known if one.name in groups)
            one = Agent(AgentId(new_id()), self.shop_id, name, role, capacity, state, mine)
            assert await people.add_agent(tx, one, "no password", to_ms(self.clock()))
            return one

        agent = await self.store.write(work)
        if here:
            await self.desk.arrived(agent, f"window of {name}")
        return agent

    async def shopper(self, inbox: Inbox | None = None) -> str:
        visitor = await self.desk.entrance.visitor(inbox or self.inbox, None, None, greet_as="访客")
        return visitor.identity_id

    async def ask(
        self, person: str, text: str = "在吗", *, key: str = "", inbox: Inbox | None = None
    ) -> Accepted:
        inbound = Inbound(person, key or new_id(), "text", text)
        return await self.desk.intake.accept(inbox or self.inbox, inbound)

    async def chat(self, text: str = "在吗", *, inbox: Inbox | None = None) -> str:
        """A new shopper's new conversation; returns its id."""
        accepted = await self.ask(await self.shopper(inbox), text, inbox=inbox)
        return accepted.message.conversation_id

    async def answer(
        self,
        agent: Agent,
        conversation_id: str,
        text: str = "在的",
        *,
        key: str = "",
        private: bool = False,
    ) -> Said:
        return await self.desk.floor.say(
            agent, conversation_id, client_id=key or new_id(), text=text, private=private
        )

    async def inbox_with(self, **settings: str) -> Inbox:
        return await self.desk.inboxes.add(self.shop_id, "widget", new_id(), settings)

    async def conversation(self, conversation_id: str) -> Conversation:
        found = await self.store.read(lambda tx: talk.find(tx, conversation_id))
        assert found is not None
        return found

    async def overview(self, conversation_id: str) -> Overview:
        return await self.store.read(lambda tx: self.desk.routing.overview(tx, conversation_id))

    async def conversations(self) -> list[str]:
        """All ids, the oldest first."""
        rows = await self.rows("SELECT id FROM conversation ORDER BY created_at, id")
        return [str(row[0]) for row in rows]

    async def messages(self, conversation_id: str) -> list[Message]:
        return await self.store.read(lambda tx: talk.after(tx, conversation_id, 0, ALL))

    async def seen_by_shopper(self, conversation_id: str) -> list[Message]:
        return await self.store.read(lambda tx: talk.shopper_after(tx, conversation_id, 0, ALL))

    async def logged(self, kind: str) -> list[dict[str, Any]]:
        """The log's rows of one kind: the columns, and what `data` holds."""
        rows = await self.rows(
            "SELECT conversation_id, agent_id, seq, data FROM event WHERE kind = $1 ORDER BY id",
            kind,
        )
        names = ("conversation", "agent", "seq")
        return [
            {**dict(zip(names, row[:3], strict=True)), **orjson.loads(row[3] or "{}")}
            for row in rows
        ]

    async def rows(self, sql: str, *params: Any) -> Sequence[Sequence[Any]]:
        return await self.store.read(lambda tx: tx.all(sql, *params))

    def told(self, kind: type[E]) -> list[E]:
        return [one for one in self.heard if isinstance(one, kind)]


async def open_house(store: Store, *, grace_s: float = 60.0, files: Files | None = None) -> House:
    """A shop in an empty, migrated database."""
    clock, stopwatch = Clock(), Stopwatch()
    seal = Seal("a secret of the tests")
    desk = Desk(
        store, clock, seal, REGISTRY, grace_s=grace_s, monotonic=stopwatch, files=files,
        public_url="https://desk.example/",
    )  # fmt: skip
    shop_id = ShopId(new_id())
    await store.write(lambda tx: places.add_shop(tx, shop_id, "青瓷小店", to_ms(clock())))
    await desk.entrance.add_groups(shop_id, GROUPS)
    inbox = await desk.inboxes.add(shop_id, "widget", "default", {})
    await desk.load()
    house = House(store, desk, clock, stopwatch, shop_id, inbox)
    desk.events.subscribe(house.heard.append)
    return house


def node(house: House, store: Store) -> House:
    """The same shop served by another process: a desk of its own, over `store`."""
    seal = Seal("a secret of the tests")
    desk = Desk(store, house.clock, seal, REGISTRY, grace_s=60.0, monotonic=house.stopwatch)
    return replace(house, store=store, desk=desk, heard=[])


async def close_house(house: House) -> None:
    await house.desk.importing.close()
    house.desk.library.close()
    await house.store.close()
