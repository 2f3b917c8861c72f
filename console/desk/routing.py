"""Who gets a conversation, claimed inside the transaction that counts the load (R24-R26).

`place` works inside another verb's unit; `drain` is a verb of its own, called whenever somebody
becomes free and by a sweeper, so that nobody starves in the queue.
"""

from datetime import timedelta
from statistics import mean

import orjson
from msgspec.structs import replace

from console.clock import Clock
from console.desk.presence import Presence
from console.events import AgentChanged, ConversationChanged, Event, Events, QueueMoved
from console.model import conversation as rules
from console.model.conversation import Conversation, Overview
from console.model.people import Agent
from console.model.routing import Choice, choose
from console.model.window import window_of
from console.model.words import AgentId, GroupId, ShopId, Stage, to_ms
from console.store import Store, Tx, allowances, floor, log, people, talk

AT_ONCE = 100
ESTIMATE_DAYS = 3


class Routing:
    """Queue and assignment of all shops."""

    def __init__(self, store: Store, events: Events, presence: Presence, clock: Clock) -> None:
        self._store = store
        self._events = events
        self._presence = presence
        self._clock = clock

    async def place(
        self,
        tx: Tx,
        conversation: Conversation,
        *,
        group_id: GroupId | None = None,
        prefer: AgentId | None = None,
    ) -> Conversation:
        """Queue a conversation and give it to a free agent if there is one; does not save it."""
        waiting = rules.queued(conversation, at=self._clock(), group_id=group_id)
        ahead = await floor.waiting_before(tx, waiting)
        if ahead:
            return waiting
        return await self._try(tx, waiting, prefer=prefer)

    async def assign(
        self, tx: Tx, conversation: Conversation, agent_id: AgentId, reason: str
    ) -> Conversation:
        """Give a conversation to an agent and note why; does not save it."""
        now = self._clock()
        begun = conversation.queued_at or now
        waited = max(0.0, (now - begun).total_seconds())
        await floor.mark_assigned(tx, agent_id, to_ms(now))
        await log.append(
            tx, "assigned", to_ms(now), conversation.shop_id,
            conversation=conversation, agent_id=agent_id,
            data={"reason": reason, "waited_s": round(waited, 3)},
        )  # fmt: skip
        self._presence.expect(agent_id)
        return rules.assigned(conversation, agent_id=agent_id, reason=reason)

    def absent(self, agent_id: AgentId) -> bool:
        """Whether nothing is heard of an agent."""
        return not self._presence.here(agent_id)

    def miss(self, conversation: Conversation) -> None:
        """Somebody wrote to an agent who may be gone: then the conversation is not left with them
        for longer than the grace."""
        if conversation.stage is Stage.OPEN and conversation.agent_id is not None:
            self._presence.miss(conversation.agent_id)

    async def drain(self, shop_id: ShopId) -> int:
        """Give those who wait, first come first, to whoever is free. Returns how many went."""

        async def work(tx: Tx) -> list[Event]:
            happened: list[Event] = []
            await people.lock_agents(tx, shop_id)
            free = await self._free(tx, shop_id)
            groups = sorted({group.id for one in free for group in one.groups})
            for before in await floor.queue(tx, shop_id, groups, AT_ONCE) if free else ():
                after = await self._try(tx, before)
                if after.stage is Stage.OPEN:
                    await talk.save(tx, before, after)
                    happened += await self.changed(tx, before, after)
            return happened

        if not self._presence.present():
            return 0
        happened = await self._store.write(work)
        self._events.publish(*happened)
        return sum(isinstance(one, ConversationChanged) for one in happened)

    async def changed(
        self, tx: Tx, before: Conversation | None, after: Conversation
    ) -> list[Event]:
        """The events of a conversation that moved; `after` must be saved."""
        happened: list[Event] = [ConversationChanged(await self.overview(tx, after.id), before)]
        if before is None or (before.agent_id, before.stage) != (after.agent_id, after.stage):
            holders = {one.agent_id for one in (before, after) if one and one.agent_id}
            happened += [AgentChanged(after.shop_id, agent_id) for agent_id in sorted(holders)]
        was_waiting = before is not None and before.stage is Stage.WAITING
        if was_waiting != (after.stage is Stage.WAITING):
            happened.append(QueueMoved(after.shop_id))
        return happened

    async def overview(self, tx: Tx, conversation_id: str) -> Overview:
        """A conversation as lists show it, with its place and the estimate while it waits."""
        found = await floor.overview(tx, conversation_id)
        assert found is not None
        return (await self.filled_in(tx, found.conversation.shop_id, [found]))[0]

    async def filled_in(self, tx: Tx, shop_id: ShopId, overviews: list[Overview]) -> list[Overview]:
        """Fill in how long those who wait may expect to wait, and what may be said to whom."""
        overviews = [await self._with_window(tx, one) if one.granted else one for one in overviews]
        if not any(one.place for one in overviews):
            return overviews
        usual = await self.usual_wait(tx, shop_id)
        return [replace(one, estimate_s=usual) if one.place else one for one in overviews]

    async def usual_wait(self, tx: Tx, shop_id: ShopId) -> int | None:
        """Seconds: the mean of the last 50 waits within three days (the rule of Live Helper Chat's
        queue text); None where nobody waited yet, or nobody is there to end the wait."""
        if not self._presence.present():
            return None
        since = to_ms(self._clock() - timedelta(days=ESTIMATE_DAYS))
        waits = [
            orjson.loads(data)["waited_s"] for data in await floor.recent_waits(tx, shop_id, since)
        ]
        waits = [one for one in waits if one > 0]
        return round(mean(waits)) if waits else None

    async def _with_window(self, tx: Tx, one: Overview) -> Overview:
        granted = await allowances.of(tx, one.conversation.identity_id)
        return replace(one, window=window_of(granted, self._clock()))

    async def _free(self, tx: Tx, shop_id: ShopId) -> list[Agent]:
        """Who could take one more. The queue is read for them: those who wait for somebody else,
        however many, must not stand in front."""
        candidates = await floor.candidates(tx, shop_id, None, self._presence.present())
        ids = {one.agent_id for one in candidates if one.load < one.capacity}
        return [one for one in await people.agents(tx, shop_id) if one.id in ids]

    async def _try(
        self, tx: Tx, conversation: Conversation, *, prefer: AgentId | None = None
    ) -> Conversation:
        present = self._presence.present()
        if not present:
            return conversation
        candidates = await floor.candidates(
            tx, conversation.shop_id, conversation.group_id, present
        )
        known = [one for one in candidates if one.agent_id == prefer and one.load < one.capacity]
        choice = Choice(known[0].agent_id, "reopened") if known else choose(candidates)
        if choice is None:
            return conversation
        return await self.assign(tx, conversation, choice.agent_id, choice.reason)
