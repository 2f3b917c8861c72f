"""Who has a conversation: taken, handed over, closed, reopened, released; and who may have one.

Another group's conversation does not exist for an agent.
"""

from datetime import datetime

from msgspec.structs import replace

from console.clock import Clock
from console.desk.routing import Routing
from console.events import AgentChanged, ConversationChanged, Event, Events, MessageAdded
from console.model import conversation as rules
from console.model.conversation import Conversation, Message, Overview
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import (
    AgentId,
    Author,
    Availability,
    Delivery,
    Kind,
    Role,
    Stage,
    from_ms,
    new_id,
    to_ms,
)
from console.store import Store, Tx, floor, log, people, talk


class Custody:
    """Verbs that move a conversation between agents. Each names the agent who does it."""

    def __init__(self, store: Store, events: Events, routing: Routing, clock: Clock) -> None:
        self._store = store
        self._events = events
        self._routing = routing
        self._clock = clock

    async def take(self, agent: Agent, conversation_id: str | None) -> Overview:
        """Take a waiting conversation, or the next in the queue. A lead may take a colleague's.

        Refused: `conflict` with the owner's name, `not_found` when nobody waits.
        """

        async def work(tx: Tx) -> tuple[Overview, list[Event], bool]:
            await people.lock_agents(tx, agent.shop_id, agent.id)
            if conversation_id is None:
                before = await floor.next_for(tx, agent)
                if before is None:
                    raise Refused("not_found", "nobody is waiting")
            else:
                before = await self._visible(tx, agent, conversation_id)
            if before.stage is Stage.OPEN and before.agent_id == agent.id:
                return await self._routing.overview(tx, before.id), [], False
            if before.stage is Stage.CLOSED:
                raise Refused("conflict", "the conversation is closed; reopen it")
            if before.stage is Stage.OPEN and not agent.leads:
                raise await _late(tx, before)
            after = await self._routing.assign(tx, before, agent.id, "taken")
            await talk.save(tx, before, after)
            happened = await self._routing.changed(tx, before, after)
            overview = await self._routing.overview(tx, after.id)
            return overview, happened, before.stage is Stage.OPEN

        overview, happened, freed = await self._store.write(work)
        self._events.publish(*happened)
        if freed:
            await self._routing.drain(agent.shop_id)
        return overview

    async def hand_over(
        self,
        agent: Agent,
        conversation_id: str,
        *,
        to_agent: str | None,
        to_group: str | None,
        note: str | None,
    ) -> None:
        """Give a conversation to a colleague, or queue it for a group; the note stays inside."""
        if (to_agent is None) == (to_group is None):
            raise Refused("invalid", "give either `to_agent` or `to_group`")

        async def work(tx: Tx) -> list[Event]:
            await people.lock_agents(tx, agent.shop_id, to_agent or "")
            before = await self._visible(tx, agent, conversation_id)
            if before.stage is Stage.CLOSED:
                raise Refused("conflict", "the conversation is closed; reopen it")
            self._must_hold(agent, before)
            after = before
            happened: list[Event] = []
            if note:
                message = words_of(before, agent, new_id(), note, self._clock(), private=True)
                await talk.add(tx, message, sender=f"a:{agent.id}", body_hash="note")
                after = rules.with_message(before, message)
                happened.append(MessageAdded(after, message))
            if to_agent is not None:
                after = await self._to_agent(tx, agent, after, to_agent)
            else:
                after = await self._to_group(tx, agent, after, to_group or "")
            await talk.save(tx, before, after)
            await log.append(
                tx, "handed_over", to_ms(self._clock()), after.shop_id,
                conversation=after, agent_id=agent.id,
                data={"to_agent": after.agent_id, "to_group": after.group_id},
            )  # fmt: skip
            return [*happened, *await self._routing.changed(tx, before, after)]

        self._events.publish(*await self._store.write(work))
        await self._routing.drain(agent.shop_id)

    async def close(self, agent: Agent, conversation_id: str, summary: str | None) -> None:
        """End a conversation; the next in the queue moves up. Harmless when it is closed."""

        async def work(tx: Tx) -> list[Event]:
            before = await self._visible(tx, agent, conversation_id)
            if before.stage is Stage.CLOSED:
                return []
            self._must_hold(agent, before)
            now = self._clock()
            after = rules.closed(before, at=now, summary=summary)
            await talk.save(tx, before, after)
            await log.append(
                tx, "closed", to_ms(now), after.shop_id, conversation=after, agent_id=agent.id
            )
            return await self._routing.changed(tx, before, after)

        self._events.publish(*await self._store.write(work))
        await self._routing.drain(agent.shop_id)

    async def reopen(self, agent: Agent, conversation_id: str) -> None:
        """Go on with a closed conversation; it is this agent's from now on.

        Refused("conflict") when it is not closed, or when the shopper has begun another since:
        they would never see what is said in the old one.
        """

        async def work(tx: Tx) -> list[Event]:
            await people.lock_agents(tx, agent.shop_id, agent.id)
            before = await self._visible(tx, agent, conversation_id)
            if before.stage is not Stage.CLOSED:
                self._must_hold(agent, before)
                raise Refused("conflict", "the conversation is not closed")
            newest = await talk.latest(tx, before.identity_id)
            if newest is not None and newest.id != before.id:
                raise Refused("conflict", f"the shopper has a newer conversation {newest.id}")
            after = await self._routing.assign(tx, before, agent.id, "reopened")
            await talk.save(tx, before, after)
            await log.append(
                tx, "reopened", to_ms(self._clock()), after.shop_id,
                conversation=after, agent_id=agent.id,
            )  # fmt: skip
            return await self._routing.changed(tx, before, after)

        self._events.publish(*await self._store.write(work))

    async def available(self, agent: Agent, state: Availability, reason: str | None) -> None:
        """Choose to get conversations (`available`), or not (`busy`, `away`)."""

        async def work(tx: Tx) -> None:
            await people.set_state(tx, agent.id, state, reason)
            await log.append(
                tx, "availability", to_ms(self._clock()), agent.shop_id,
                agent_id=agent.id, data={"state": state, "reason": reason},
            )  # fmt: skip

        await self._store.write(work)
        self._events.publish(AgentChanged(agent.shop_id, agent.id))
        if state is Availability.AVAILABLE:
            await self._routing.drain(agent.shop_id)

    async def release(self, agent_id: AgentId) -> int:
        """Put the unanswered conversations of someone who is gone at the queue's head (R28)."""

        async def work(tx: Tx) -> list[Event]:
            happened: list[Event] = []
            agent = await people.agent(tx, agent_id)
            held = [one for one in await floor.held_by(tx, agent_id) if one.waiting_since]
            if self._routing.absent(agent_id):
                for before in sorted(held, key=_waiting, reverse=True):
                    happened += await self._release(tx, before, agent)
            return happened

        happened = await self._store.write(work)
        self._events.publish(*happened)
        released = [one for one in happened if isinstance(one, ConversationChanged)]
        if released:
            await self._routing.drain(released[0].overview.conversation.shop_id)
        return len(released)

    async def _release(self, tx: Tx, before: Conversation, agent: Agent | None) -> list[Event]:
        now, first = self._clock(), await floor.head(tx, before.shop_id)
        begun = _waiting(before)
        if first is not None:
            begun = min(begun, from_ms(first - 1))
        note = gone_note(before, agent.name if agent else "?", now)
        await talk.add(tx, note, sender="system", body_hash="released")
        moved = replace(rules.with_message(before, note), queued_at=begun)
        after = rules.queued(moved, at=begun)
        await talk.save(tx, before, after)
        await log.append(
            tx, "released", to_ms(now), before.shop_id,
            conversation=before, agent_id=before.agent_id,
        )  # fmt: skip
        return [*await self._routing.changed(tx, before, after), MessageAdded(after, note)]

    async def _visible(
        self, tx: Tx, agent: Agent, conversation_id: str, *, lock: bool = True
    ) -> Conversation:
        found = await talk.find(tx, conversation_id, lock=lock)
        if found is None or not agent.may_see(found.shop_id, found.group_id, found.agent_id):
            raise Refused("not_found", f"no conversation {conversation_id}")
        return found

    async def _hold(self, tx: Tx, agent: Agent, before: Conversation) -> Conversation:
        if before.stage is Stage.CLOSED:
            raise Refused("conflict", "the conversation is closed; reopen it")
        if before.agent_id == agent.id:
            return before
        if before.stage is Stage.OPEN:
            raise await _late(tx, before)
        return await self._routing.assign(tx, before, agent.id, "taken")

    @staticmethod
    def _must_hold(agent: Agent, conversation: Conversation) -> None:
        mine = conversation.agent_id == agent.id or conversation.stage is not Stage.OPEN
        if not mine and agent.role is Role.AGENT:
            raise Refused("forbidden", "a colleague has this conversation")

    async def _to_agent(
        self, tx: Tx, agent: Agent, conversation: Conversation, to_agent: str
    ) -> Conversation:
        target = await people.agent(tx, to_agent)
        if target is None or target.shop_id != agent.shop_id:
            raise Refused("not_found", f"no agent {to_agent}")
        return await self._routing.assign(tx, conversation, target.id, "handed_over")

    async def _to_group(
        self, tx: Tx, agent: Agent, conversation: Conversation, to_group: str
    ) -> Conversation:
        groups = await people.groups(tx, agent.shop_id)
        named = [one for one in groups if to_group in (one.id, one.name)]
        if not named:
            raise Refused("not_found", f"no group {to_group}")
        begun = replace(conversation, queued_at=conversation.waiting_since)
        return await self._routing.place(tx, begun, group_id=named[0].id)


async def _late(tx: Tx, conversation: Conversation) -> Refused:
    owner = await people.agent(tx, conversation.agent_id or "")
    return Refused("conflict", talk.had_by(owner.name if owner else None))


def _waiting(conversation: Conversation) -> datetime:
    assert conversation.waiting_since is not None
    return conversation.waiting_since


def gone_note(conversation: Conversation, name: str, at: datetime) -> Message:
    """Why a conversation is back in the queue, for the desk. Consoles say it in their own language
    from `released`; `text` is for whoever does not."""
    return Message(
        id=new_id(),
        conversation_id=conversation.id,
        seq=conversation.last_seq + 1,
        shopper_seq=None,
        author=Author.SYSTEM,
        author_id=None,
        author_name=None,
        kind=Kind.EVENT,
        text=f"客服 {name} 已离线，会话回到排队",
        at=at,
        client_id=new_id(),
        data={"released": {"agent": name}},
        private=True,
    )


def words_of(
    conversation: Conversation,
    agent: Agent,
    client_id: str,
    text: str,
    at: datetime,
    *,
    private: bool,
) -> Message:
    """What an agent says or notes, with the next numbers of the conversation."""
    return Message(
        id=new_id(),
        conversation_id=conversation.id,
        seq=conversation.last_seq + 1,
        shopper_seq=None if private else conversation.shopper_seq + 1,
        author=Author.AGENT,
        author_id=agent.id,
        author_name=agent.name,
        kind=Kind.TEXT,
        text=text,
        at=at,
        client_id=client_id,
        private=private,
        delivery=None if private else Delivery.SENT,
    )
