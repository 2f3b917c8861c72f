"""What is fetched from providers that only ring: each page stored whole, with the place after it.

One transaction holds the messages of a page and the provider's cursor, so that after any crash the
next page is the right one; the cursor moves on only from where the page began, under the lease.
"""

from collections.abc import Mapping
from dataclasses import replace

from channels.base import Bounced, Inbound, Page, Ring, TakenBack
from console.desk.dispatch import Dispatch
from console.desk.entrance import Entrance
from console.desk.inboxes import Inbox, Inboxes
from console.desk.intake import Intake
from console.desk.leases import PULL, LeaseLost, Leases
from console.events import Event, Events, Rung
from console.model.words import IdentityId, InboxId
from console.store import Store, Tx, feeds, people
from console.store.feeds import Feed

__all__ = ["Feed", "Feeds"]

GREET_AS = "客户"


class Feeds:
    """Verbs of fetching."""

    def __init__(
        self,
        store: Store,
        events: Events,
        inboxes: Inboxes,
        leases: Leases,
        entrance: Entrance,
        intake: Intake,
        dispatch: Dispatch,
    ) -> None:
        self._store = store
        self._events = events
        self._inboxes = inboxes
        self._leases = leases
        self._entrance = entrance
        self._intake = intake
        self._dispatch = dispatch

    async def ring(self, inbox: Inbox, ring: Ring) -> None:
        """The provider says at an inbox that there is more for one of its account; durable when
        this returns. Of an account that no inbox is, nobody hears."""
        meant = [
            one
            for one in self._inboxes.pulling()
            if (one.kind, one.shop_id) == (inbox.kind, inbox.shop_id)
            and self._account(one) == ring.account
        ]

        async def work(tx: Tx) -> None:
            for one in meant:
                await feeds.ring(tx, one.id, ring.word)

        if meant:
            await self._store.write(work)
        self._events.publish(*[Rung(one.id) for one in meant])

    async def rung(self) -> dict[InboxId, int]:
        """By inbox, how often its provider rang."""
        return await self._store.read(feeds.rung)

    async def of(self, inbox: Inbox) -> Feed:
        return await self._store.read(lambda tx: feeds.of(tx, inbox.id))

    async def take(self, inbox: Inbox, page: Page, before: str, epoch: int) -> None:
        """Store a page and the place after it. Raises LeaseLost where somebody else did."""
        persons = await self._persons(inbox, page)

        async def work(tx: Tx) -> list[Event]:
            await self._leases.fence(tx, PULL, epoch)
            if not await feeds.move(tx, inbox.id, before, page.cursor):
                raise LeaseLost(f"inbox {inbox.id}: somebody else has fetched this page")
            # before any conversation's row, as everybody who may give one to an agent does (R25)
            await people.lock_agents(tx, inbox.shop_id)
            happened: list[Event] = []
            for one in page.happened:
                happened += await self._one(tx, inbox, one, persons)
            return happened

        self._events.publish(*await self._store.write(work))

    def _account(self, inbox: Inbox) -> str | None:
        puller = self._inboxes.puller(inbox)
        return None if puller is None else puller.account(inbox.config)

    async def _persons(self, inbox: Inbox, page: Page) -> dict[str, IdentityId]:
        """Who is named in a page, made where they are new: harmless, should the page not be
        stored after all."""
        found: dict[str, IdentityId] = {}
        for one in page.happened:
            if isinstance(one, Inbound) and one.person not in found:
                found[one.person] = await self._entrance.person(
                    inbox, one.person, one.name, greet_as=GREET_AS, portrait=one.portrait
                )
        return found

    async def _one(
        self,
        tx: Tx,
        inbox: Inbox,
        one: Inbound | Bounced | TakenBack,
        persons: Mapping[str, IdentityId],
    ) -> list[Event]:
        match one:
            case Inbound():
                _, happened = await self._intake.take(
                    tx, inbox, replace(one, person=persons[one.person]), first_wins=True
                )
                return happened
            case Bounced():
                return await self._dispatch.bounced(tx, inbox, one)
            case TakenBack():
                return await self._intake.taken_back(tx, inbox, one)
