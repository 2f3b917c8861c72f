"""What agents do: answer, take, hand over, close. Another group's conversation does not exist for
them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import orjson

from console.clock import Clock
from console.desk.presence import Presence
from console.desk.routing import Routing
from console.events import (
    AgentChanged,
    Event,
    Events,
    MessageAdded,
    ReadByAgent,
    Recalled,
    Typing,
)
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
    new_id,
    to_ms,
)
from console.store import Store, Tx, floor, log, people, talk

RECALL_WITHIN = timedelta(minutes=2)

Rule = Callable[[Conversation, datetime], Conversation]


@dataclass(frozen=True, slots=True)
class Said:
    message: Message
    duplicate: bool


class Floor:
    """Verbs of the agents' side. Each names the agent who does it."""

    def __init__(
        self, store: Store, events: Events, routing: Routing, presence: Presence, clock: Clock
    ) -> None:
        self._store = store
        self._events = events
        self._routing = routing
        self._presence = presence
        self._clock = clock

    async def say(
        self,
        agent: Agent,
        conversation_id: str,
        *,
        client_id: str,
        text: str,
        private: bool = False,
        suggestion: Mapping[str, Any] | None = None,
    ) -> Said:
        """Answer, or note; durable when this returns. Answering a waiting shopper takes them.

        Refused: `conflict` when a colleague has the conversation, when it is closed, or when the
        client id was used for another text.
        """
        sender = f"a:{agent.id}"
        body_hash = _hash(conversation_id, text, private)

        async def work(tx: Tx) -> tuple[Said, list[Event]]:
            before = await self._visible(tx, agent, conversation_id)
            repeat = await _repeat(tx, sender, client_id, body_hash)
            if repeat is not None:
                return repeat, []
            now = self._clock()
            held = before
            if not private:
                held = await self._hold(tx, agent, before)
            message = _message(held, agent, client_id, text, now, private=private)
            if not await talk.add(tx, message, sender=sender, body_hash=body_hash):
                raise _used(client_id)  # raced with itself in another conversation
            after = rules.with_message(held, message)
            await talk.save(tx, after)
            await self._note_answer(tx, held, message, suggestion)
            happened: list[Event] = []
            if held is not before or before.waiting_since != after.waiting_since:
                happened += await self._routing.changed(tx, before, after)
            return Said(message, duplicate=False), [*happened, MessageAdded(after, message)]

        said, happened = await self._store.write(work)
        self._events.publish(*happened)
        return said

    async def take(self, agent: Agent, conversation_id: str | None) -> Overview:
        """Take a waiting conversation, or the next in the queue. A lead may take a colleague's.

        Refused: `conflict` with the owner's name, `not_found` when nobody waits.
        """

        async def work(tx: Tx) -> tuple[Overview, list[Event]]:
            await people.lock_agent(tx, agent.id)
            if conversation_id is None:
                before = await floor.next_for(tx, agent)
                if before is None:
                    raise Refused("not_found", "nobody is waiting")
            else:
                before = await self._visible(tx, agent, conversation_id)
            if before.stage is Stage.OPEN and before.agent_id == agent.id:
                return await self._routing.overview(tx, before.id), []
            if before.stage is Stage.CLOSED:
                raise Refused("conflict", "the conversation is closed; reopen it")
            if before.stage is Stage.OPEN and not agent.leads:
                owner = await people.agent(tx, before.agent_id or "")
                raise Refused("conflict", f"{owner.name if owner else '?'} has this conversation")
            after = await self._routing.assign(tx, before, agent.id, "taken")
            await talk.save(tx, after)
            happened = await self._routing.changed(tx, before, after)
            return await self._routing.overview(tx, after.id), happened

        overview, happened = await self._store.write(work)
        self._events.publish(*happened)
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
            before = await self._visible(tx, agent, conversation_id)
            self._must_hold(agent, before)
            after = before
            happened: list[Event] = []
            if note:
                message = _message(before, agent, new_id(), note, self._clock(), private=True)
                await talk.add(tx, message, sender=f"a:{agent.id}", body_hash="note")
                after = rules.with_message(before, message)
                happened.append(MessageAdded(after, message))
            if to_agent is not None:
                after = await self._to_agent(tx, agent, after, to_agent)
            else:
                after = await self._to_group(tx, agent, after, to_group or "")
            await talk.save(tx, after)
            await log.append(
                tx, "handed_over", to_ms(self._clock()), after.shop_id,
                conversation=after, agent_id=agent.id,
                data={"to_agent": after.agent_id, "to_group": after.group_id},
            )  # fmt: skip
            return [*happened, *await self._routing.changed(tx, before, after)]

        self._events.publish(*await self._store.write(work))

    async def close(self, agent: Agent, conversation_id: str, summary: str | None) -> None:
        """End a conversation; the next in the queue moves up."""

        def ended(before: Conversation, now: datetime) -> Conversation:
            return rules.closed(before, at=now, summary=summary)

        await self._change(agent, conversation_id, "closed", ended, refuse_stage=Stage.CLOSED)
        await self._routing.drain(agent.shop_id)

    async def reopen(self, agent: Agent, conversation_id: str) -> None:
        """Go on with a closed conversation; it is this agent's from now on."""

        def again(before: Conversation, now: datetime) -> Conversation:
            if before.stage is not Stage.CLOSED:
                raise Refused("conflict", "the conversation is not closed")
            return rules.assigned(before, agent_id=agent.id, reason="reopened")

        await self._change(agent, conversation_id, "reopened", again)

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

    async def read(self, agent: Agent, conversation_id: str, seq: int) -> None:
        """The agent who has the conversation has seen everything up to `seq`."""

        async def work(tx: Tx) -> list[Event]:
            before = await self._visible(tx, agent, conversation_id)
            after = rules.read_by_agent(before, seq)
            if before.agent_id != agent.id or after == before:
                return []
            await talk.save(tx, after)
            shopper_seq = await talk.shopper_seq_of(tx, after.id, after.agent_read)
            changed = (await self._routing.changed(tx, before, after))[:1]
            return [*changed, ReadByAgent(after, shopper_seq)]

        self._events.publish(*await self._store.write(work))

    async def typing(self, agent: Agent, conversation_id: str) -> None:
        """Passed on, never stored."""

        async def work(tx: Tx) -> Conversation:
            return await self._visible(tx, agent, conversation_id, lock=False)

        conversation = await self._store.read(work)
        self._events.publish(Typing(conversation, Author.AGENT, agent.id, agent.name))

    async def recall(self, agent: Agent, conversation_id: str, seq: int) -> None:
        """Take back one's own message within two minutes; the text stays in the database."""

        async def work(tx: Tx) -> list[Event]:
            conversation = await self._visible(tx, agent, conversation_id)
            message = await talk.at(tx, conversation.id, seq)
            if message is None or message.author_id != agent.id:
                raise Refused("not_found", f"no message {seq} of yours in this conversation")
            if message.recalled_at is not None:
                return []
            now = self._clock()
            if now - message.at > RECALL_WITHIN:
                raise Refused("conflict", "a message can be recalled within two minutes only")
            await talk.recall(tx, conversation.id, seq, to_ms(now))
            await log.append(
                tx, "recalled", to_ms(now), conversation.shop_id,
                conversation=conversation, agent_id=agent.id, seq=seq,
            )  # fmt: skip
            return [Recalled(conversation, replace(message, recalled_at=now))]

        self._events.publish(*await self._store.write(work))

    async def release(self, agent_id: AgentId) -> int:
        """Put the unanswered conversations of someone who went back at the queue's head (R28)."""

        async def work(tx: Tx) -> tuple[int, list[Event]]:
            happened: list[Event] = []
            count = 0
            for before in await floor.held_by(tx, agent_id):
                if before.waiting_since is None:
                    continue
                waiting = rules.queued(
                    replace(before, queued_at=before.waiting_since), at=before.waiting_since
                )
                await talk.save(tx, waiting)
                await log.append(
                    tx, "released", to_ms(self._clock()), before.shop_id,
                    conversation=before, agent_id=agent_id,
                )  # fmt: skip
                happened += await self._routing.changed(tx, before, waiting)
                count += 1
            return count, happened

        count, happened = await self._store.write(work)
        self._events.publish(*happened)
        return count

    async def _change(
        self,
        agent: Agent,
        conversation_id: str,
        kind: str,
        rule: Rule,
        *,
        refuse_stage: Stage | None = None,
    ) -> None:
        async def work(tx: Tx) -> list[Event]:
            before = await self._visible(tx, agent, conversation_id)
            if before.stage is refuse_stage:
                return []
            if before.stage is not Stage.CLOSED:
                self._must_hold(agent, before)
            after = rule(before, self._clock())
            await talk.save(tx, after)
            await log.append(
                tx, kind, to_ms(self._clock()), after.shop_id,
                conversation=after, agent_id=agent.id,
            )  # fmt: skip
            return await self._routing.changed(tx, before, after)

        self._events.publish(*await self._store.write(work))

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
            owner = await people.agent(tx, before.agent_id or "")
            raise Refused("conflict", f"{owner.name if owner else '?'} has this conversation")
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

    async def _note_answer(
        self,
        tx: Tx,
        before: Conversation,
        message: Message,
        suggestion: Mapping[str, Any] | None,
    ) -> None:
        data: dict[str, Any] = {"private": True} if message.private else {}
        if before.waiting_since is not None and not message.private:
            data["round_s"] = round((message.at - before.waiting_since).total_seconds(), 3)
        if suggestion is not None:
            data["suggestion"] = dict(suggestion)
        await log.append(
            tx, "answer", to_ms(message.at), before.shop_id,
            conversation=before, agent_id=message.author_id, seq=message.seq, data=data or None,
        )  # fmt: skip


async def _repeat(tx: Tx, sender: str, client_id: str, body_hash: str) -> Said | None:
    if not await talk.was_said(tx, sender, client_id):
        return None
    message, first_hash = await talk.first_said(tx, sender, client_id)
    if first_hash != body_hash:
        raise _used(client_id)
    return Said(message, duplicate=True)


def _used(client_id: str) -> Refused:
    return Refused("conflict", f"`client_id` {client_id} was used for another message")


def _message(
    conversation: Conversation,
    agent: Agent,
    client_id: str,
    text: str,
    at: datetime,
    *,
    private: bool,
) -> Message:
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


def _hash(conversation_id: str, text: str, private: bool) -> str:
    body = orjson.dumps([conversation_id, text, private])
    return blake2b(body, digest_size=16).hexdigest()
