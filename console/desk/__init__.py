"""The desk: every verb that changes a conversation, an agent or the knowledge.

One transaction, commit, then publish. A deed that fails raises `Refused`; a consequence that fails
(a notification, a suggestion) is logged and the walk goes on. Nothing calls back up.

    intake     shoppers write, read, ask for a person, rate
    floor      agents answer, note, recall
    dispatch   what leaves for providers, under a lease; undelivered: what did not arrive
    feeds      what is fetched from providers that only ring; tokens: their passes, sealed
    custody    agents take, hand over, close, reopen; half of the floor
    routing    who gets what, inside the transaction that counts the load
    entrance   agents sign in; shoppers are known by token or the shop's signed word
    inboxes    channel accounts and their sealed settings; forms: what is filled in for them;
               checking: whether they work, and what is missing
    library    the knowledge entries, in memory as holdings, matched by matchers; prompter:
               suggestions as shoppers write
    editing    entries made, changed, deleted, restored, through shelving: what one change writes;
               history: what became of an entry
    importing  files of entries, in and back, by turns: looking before, choosing of rows, planning
               what is written, placing it in parts, undoing it; exporting: files out
    learning   what agents do with suggestions, and what the next ones learn from it
    teaching   shoppers' words become similar questions, proposed by agents, added by leads
    drafting   entries that agents propose, published by leads
    usage      how often entries are said
    asked      what shoppers asked, kept; unmatched: what of it no entry answered (gaps: as one sees
               it); gating: from where on suggestions are shown
    upkeep     which entries need a hand, by what they say and how they fare (uses)
    trying     texts and answers tried out, without a trace
    views      snapshots for screens
    uploads    files that people send: taken in, said, shown, removed
"""

import logging
import time
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from channels.base import Channel
from console.clock import Clock
from console.desk.arrivals import Arrivals
from console.desk.asked import Asked
from console.desk.checking import Checking
from console.desk.dispatch import Dispatch
from console.desk.drafting import Drafting
from console.desk.editing import Editing
from console.desk.entrance import Entrance
from console.desk.exporting import Exporting
from console.desk.feeds import Feeds
from console.desk.floor import Floor
from console.desk.gating import Gating
from console.desk.history import History
from console.desk.importing import Importing
from console.desk.inboxes import Inboxes
from console.desk.intake import Intake
from console.desk.joining import Joining
from console.desk.learning import Learning
from console.desk.leases import Leases
from console.desk.library import Library
from console.desk.matchers import Matchers
from console.desk.presence import Presence
from console.desk.prompter import Prompter
from console.desk.routing import Routing
from console.desk.teaching import Teaching
from console.desk.tokens import PassBook
from console.desk.trying import Trying
from console.desk.undelivered import Undelivered
from console.desk.unmatched import Unmatched
from console.desk.upkeep import Upkeep
from console.desk.uploads import Uploads
from console.desk.usage import Usage
from console.desk.views import Views
from console.events import AgentChanged, Events
from console.failpoints import Failpoints
from console.files.keeping import Files
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import ShopId, new_id
from console.seal import Seal
from console.store import Store, counts, places
from console.store.counts import Counts

__all__ = ["Counts", "Desk"]

log = logging.getLogger(__name__)


class Desk:
    """All verbs of one installation over one store."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        seal: Seal,
        registry: Mapping[str, type[Channel]],
        *,
        grace_s: float,
        monotonic: Callable[[], float] = time.monotonic,
        failpoints: Failpoints | None = None,
        node: str = "",
        matchers: Matchers | None = None,
        files: Files | None = None,
        public_url: str = "",
    ) -> None:
        self.store = store
        self.clock = clock
        self.epoch = ""
        self.failpoints = failpoints or Failpoints()
        self.events = Events(self.failpoints)
        self.presence = Presence(grace_s, monotonic)
        self.routing = Routing(store, self.events, self.presence, clock)
        self.inboxes = Inboxes(store, clock, seal, registry)
        self.entrance = Entrance(store, self.events, clock)
        self.intake = Intake(store, self.events, self.routing, clock)
        self.leases = Leases(store, clock, node or new_id())
        self.uploads = Uploads(store, clock, files)
        self.dispatch = Dispatch(
            store, self.events, self.inboxes, self.leases, clock,
            uploads=self.uploads, routing=self.routing, public_url=public_url,
        )  # fmt: skip
        self.feeds = Feeds(
            store, self.events, self.inboxes, self.leases, self.entrance, self.intake, self.dispatch
        )
        self.arrivals = Arrivals(store, self.events, self.inboxes, self.leases, self.uploads, clock)
        self.tokens = PassBook(store, seal, clock)
        self.checking = Checking(store, self.inboxes)
        self.undelivered = Undelivered(store, self.events, self.inboxes, self.dispatch, clock)
        self.views = Views(store, self.routing, self.presence)
        self.joining = Joining(store, self.events, self.inboxes, self.routing, clock)
        self._open_library(matchers)

    def _open_library(self, matchers: Matchers | None) -> None:
        """The verbs of knowledge, and those that need it."""
        store, clock = self.store, self.clock
        self.library = Library(store, self.events, clock, matchers)
        self.importing = Importing(store, self.library, clock)
        self.exporting = Exporting(store, self.library)
        self.learning = Learning(store, self.events, self.library, self.inboxes, clock)
        self.editing = Editing(self.library)
        self.history = History(store)
        self.teaching = Teaching(store, self.events, self.library, self.editing, clock)
        self.drafting = Drafting(store, self.events, self.library, self.editing, clock)
        self.usage = Usage(store, self.library, clock)
        self.floor = Floor(
            store, self.events, self.routing, clock,
            dispatch=self.dispatch, learning=self.learning, usage=self.usage,
        )  # fmt: skip
        self.asked = Asked(store, clock)
        self.prompter = Prompter(
            store, self.events, self.library, self.views, clock,
            learning=self.learning, record=self.asked,
        )  # fmt: skip
        self.unmatched = Unmatched(store, self.events, self.library, self.asked, clock)
        self.gating = Gating(store, self.library, self.asked, clock)
        self.upkeep = Upkeep(store, self.events, self.library, self.inboxes, clock)
        self.trying = Trying(store, self.library, self.learning, self.inboxes, clock)

    async def load(self) -> None:
        """Read what is kept in memory: the epoch, inboxes and entries."""
        self.epoch = await self.store.write(places.epoch)
        await self.inboxes.load()
        await self.importing.finish()
        await self.library.load()

    async def warm(self) -> None:
        """Make suggestions ready, and then what use has taught about them."""
        await self.library.warm()
        await self.learning.load()

    async def open_for_business(self) -> bool:
        """Whether the database answers and holds a shop."""
        return await self.store.read(places.first_shop) is not None

    async def try_to_write(self) -> None:
        """Write one row. Raises Refused("unavailable") when that cannot be done."""
        at = self.clock().isoformat()
        await self.store.write(lambda tx: places.keep_note(tx, "written_at", at))

    async def count(self) -> Counts:
        """How many conversations and messages stand where."""
        return await self.store.read(counts.now)

    async def arrived(self, agent: Agent, connection: Hashable) -> None:
        """An agent's window is open; if it is the first, they may get conversations now."""
        if not self.presence.arrive(agent.id, connection):
            return
        self.events.publish(AgentChanged(agent.shop_id, agent.id))
        try:
            await self.routing.drain(agent.shop_id)
        except Refused as no:  # the disk is full, say: who came can read, and the sweeper drains
            log.warning("agent %s is here, the queue waits: %s", agent.id, no.message)

    def left(self, agent: Agent, connection: Hashable) -> None:
        """An agent's window is gone; the grace period begins with the last one."""
        if self.presence.leave(agent.id, connection):
            self.events.publish(AgentChanged(agent.shop_id, agent.id))

    async def watch(self, heard: Callable[[Any], float | None], *, release: bool = True) -> None:
        """Notice who fell silent or speaks again, `heard` telling when a connection was heard last;
        with `release`, take back what those who are gone for too long left unanswered."""
        for agent_id in self.presence.sweep(heard):
            found = await self.views.colleague(agent_id)
            if found is not None:
                self.events.publish(AgentChanged(found.agent.shop_id, agent_id))
        for agent_id in self.presence.overdue() if release else ():
            self.presence.settle(agent_id)
            try:
                count = await self.floor.release(agent_id)
            except Refused:
                self.presence.miss(agent_id)  # the database is away: again at the next look
                raise
            if count:
                log.info("agent %s is gone: %d conversations back in the queue", agent_id, count)

    async def expect_agents(self, shop_id: ShopId) -> None:
        """After a restart: those who hold conversations have the grace period to come back."""
        for agent in await self.entrance.agents(shop_id):
            self.presence.expect(agent.id)
