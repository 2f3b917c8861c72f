"""Who is one customer over several inboxes: joined on a verified id only, and taken apart again.

An open platform gives a person one union id over all accounts that are bound to it. Two identities
of a shop with the same one, on inboxes that name the same platform, become one customer. Each keeps
in mind whose it was, so that an agent can undo it; what was undone is not joined again.
"""

from channels.base import Portrait
from console.clock import Clock
from console.desk.inboxes import Inbox, Inboxes
from console.desk.routing import Routing
from console.desk.views import seen
from console.events import Event, Events
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import IdentityId, Stage, to_ms
from console.store import Store, Tx, joined, log, people, talk

KIND = "wechat"


class Joining:
    """Verbs of joining."""

    def __init__(
        self, store: Store, events: Events, inboxes: Inboxes, routing: Routing, clock: Clock
    ) -> None:
        self._store = store
        self._events = events
        self._inboxes = inboxes
        self._routing = routing
        self._clock = clock

    async def unknown(self, inbox: Inbox, identity_id: IdentityId) -> str | None:
        """What the provider calls somebody of whom it was never asked who they are; None where it
        was, or where there is nothing to ask."""
        if not self._platform(inbox):
            return None

        async def work(tx: Tx) -> str | None:
            _, union = await people.portrait(tx, identity_id)
            found = await people.identity(tx, identity_id)
            return None if union is not None or found is None else str(found[3])

        return await self._store.read(work)

    async def told(self, inbox: Inbox, identity_id: IdentityId, portrait: Portrait) -> None:
        """The provider told who somebody is; they are joined with whom they turn out to be."""

        async def work(tx: Tx) -> list[Event]:
            await people.portray(tx, identity_id, portrait.avatar, portrait.union or "")
            if not portrait.union or not self._platform(inbox):
                return []
            return await self._join(tx, inbox, identity_id, portrait.union)

        self._events.publish(*await self._store.write(work))

    async def separate(self, agent: Agent, identity_id: str) -> None:
        """They are not one after all. Refused("not_found") for one that is not joined, or not in
        the agent's sight."""

        async def work(tx: Tx) -> list[Event]:
            before = await joined.of(tx, identity_id)
            newest = None if before is None else await talk.latest(tx, identity_id)
            if before is None or newest is None:
                raise Refused("not_found", f"no joined identity {identity_id[:40]}")
            await seen(tx, agent, newest.id)
            now = to_ms(self._clock())
            await joined.undo(tx, identity_id, now)
            data = {"identity": identity_id, "from": newest.contact_id, "to": before}
            await log.append(
                tx, "separated", now, agent.shop_id, agent_id=agent.id, data=data,
                conversation=newest,
            )  # fmt: skip
            return await self._moved(tx, identity_id, before)

        self._events.publish(*await self._store.write(work))

    def _platform(self, inbox: Inbox) -> str:
        return str(inbox.config.open_platform) if inbox.kind == KIND else ""

    async def _join(self, tx: Tx, inbox: Inbox, identity_id: IdentityId, union: str) -> list[Event]:
        platform = self._platform(inbox)
        others = [
            found
            for one in self._inboxes.all()
            if one.shop_id == inbox.shop_id and self._platform(one) == platform
            for found in await joined.same(tx, union, one.id)
            if found.identity_id != identity_id
        ]
        row = await people.identity(tx, identity_id, lock=True)
        assert row is not None
        contact_id, now = row[1], to_ms(self._clock())
        if not others or any(one.contact_id == contact_id for one in others):
            return []
        if not await joined.add(tx, identity_id, contact_id, now):
            return []
        data = {"identity": identity_id, "from": contact_id, "to": others[0].contact_id}
        await log.append(tx, "joined", now, inbox.shop_id, data=data)
        return await self._moved(tx, identity_id, others[0].contact_id)

    async def _moved(self, tx: Tx, identity_id: str, contact_id: str) -> list[Event]:
        happened: list[Event] = []
        for conversation_id in await joined.move(tx, identity_id, contact_id):
            found = await talk.find(tx, conversation_id)
            if found is not None and found.stage is not Stage.CLOSED:
                happened += await self._routing.changed(tx, found, found)
        return happened
