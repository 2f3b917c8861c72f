"""What agents say: answers, notes, signs of reading and typing, recalls. Who has the conversation
is custody's part, and one desk does both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import Any

import orjson
from msgspec.structs import replace

from console.clock import Clock
from console.desk.custody import Custody, words_of
from console.desk.dispatch import Dispatch
from console.desk.learning import Learning
from console.desk.routing import Routing
from console.desk.uploads import enclosed, taken_back
from console.desk.usage import Usage
from console.events import Event, Events, MessageAdded, ReadByAgent, Recalled, Typing
from console.model import conversation as rules
from console.model.conversation import Conversation, Message
from console.model.files import Owner
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Author, Kind, to_ms
from console.store import Store, Tx, log, people, talk

RECALL_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Said:
    message: Message
    duplicate: bool


class Floor(Custody):
    """Verbs of the agents' side. Each names the agent who does it."""

    duplicates = 0

    def __init__(
        self,
        store: Store,
        events: Events,
        routing: Routing,
        clock: Clock,
        *,
        dispatch: Dispatch,
        learning: Learning,
        usage: Usage,
    ) -> None:
        super().__init__(store, events, routing, clock)
        self._dispatch = dispatch
        self._learning = learning
        self._usage = usage

    async def say(
        self,
        agent: Agent,
        conversation_id: str,
        *,
        client_id: str,
        text: str,
        private: bool = False,
        suggestion: Mapping[str, Any] | None = None,
        kind: Kind = Kind.TEXT,
        file: str | None = None,
    ) -> Said:
        """Answer, or note; durable when this returns. Answering a waiting shopper takes them.

        Refused: `conflict` when a colleague has the conversation, when it is closed, or when the
        client id was used for another text; `not_found` for a `file` no agent has uploaded.
        """
        sender = f"a:{agent.id}"
        body_hash = _hash(conversation_id, text, private, file)

        async def work(tx: Tx) -> tuple[Said, list[Event]]:
            await people.lock_agents(tx, agent.shop_id, agent.id)
            before = await self._visible(tx, agent, conversation_id)
            repeat = await _repeat(tx, sender, client_id, body_hash)
            if repeat is not None:
                return repeat, []
            now = self._clock()
            held = before if private else await self._hold(tx, agent, before)
            words = words_of(held, agent, client_id, text, now, private=private)
            if file is not None:
                words = await _enclosing(tx, agent, words, kind, file)
            message = self._dispatch.addressed(words, held.inbox_id)
            if not await talk.add(tx, message, sender=sender, body_hash=body_hash):
                raise _used(client_id)  # raced with itself in another conversation
            await self._dispatch.enqueue(tx, message, held.inbox_id)
            after = rules.with_message(held, message)
            await (talk.move_on(tx, after) if held is before else talk.save(tx, before, after))
            happened = await self._note_answer(tx, held, message, agent, suggestion)
            if held is not before or before.waiting_since != after.waiting_since:
                happened += await self._routing.changed(tx, before, after)
            return Said(message, duplicate=False), [*happened, MessageAdded(after, message)]

        said, happened = await self._store.write(work)
        self.duplicates += said.duplicate
        self._events.publish(*happened)
        return said

    async def read(self, agent: Agent, conversation_id: str, seq: int) -> None:
        """The agent who has the conversation has seen everything up to `seq`."""

        async def work(tx: Tx) -> list[Event]:
            before = await self._visible(tx, agent, conversation_id)
            after = rules.read_by_agent(before, seq)
            if before.agent_id != agent.id or after == before:
                return []
            await talk.save(tx, before, after)
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
            withdrawn = await self._dispatch.withdraw(tx, message)
            await talk.recall(tx, conversation.id, seq, to_ms(now))
            await taken_back(tx, message, to_ms(now))
            after = rules.without_words(conversation, message)
            await talk.save(tx, conversation, after)
            await log.append(
                tx, "recalled", to_ms(now), conversation.shop_id,
                conversation=conversation, agent_id=agent.id, seq=seq,
            )  # fmt: skip
            changed = await self._routing.changed(tx, conversation, after)
            return [*changed, *withdrawn, Recalled(after, replace(message, recalled_at=now))]

        self._events.publish(*await self._store.write(work))

    async def _note_answer(
        self,
        tx: Tx,
        before: Conversation,
        message: Message,
        agent: Agent,
        suggestion: Mapping[str, Any] | None,
    ) -> list[Event]:
        """Put it on record, and what it says of the entry it came from."""
        data: dict[str, Any] = {"private": True} if message.private else {}
        if before.waiting_since is not None and not message.private:
            data["round_s"] = round((message.at - before.waiting_since).total_seconds(), 3)
        if suggestion is not None:
            data["suggestion"] = dict(suggestion)
        await log.append(
            tx, "answer", to_ms(message.at), before.shop_id,
            conversation=before, agent_id=message.author_id, seq=message.seq, data=data or None,
        )  # fmt: skip
        if suggestion is None or message.private:
            return []
        await self._usage.count(tx, before, agent, suggestion)
        return await self._learning.used(tx, before, suggestion)


async def _repeat(tx: Tx, sender: str, client_id: str, body_hash: str) -> Said | None:
    if not await talk.was_said(tx, sender, client_id):
        return None
    message, first_hash = await talk.first_said(tx, sender, client_id)
    if first_hash != body_hash:
        raise _used(client_id)
    return Said(message, duplicate=True)


def _used(client_id: str) -> Refused:
    return Refused("conflict", f"`client_id` {client_id} was used for another message")


async def _enclosing(tx: Tx, agent: Agent, words: Message, kind: Kind, file: str) -> Message:
    owner = Owner(shop_id=agent.shop_id, agent_id=agent.id)
    data = await enclosed(tx, file, kind, words.conversation_id, words.seq, owner)
    return replace(words, kind=kind, data=data)


def _hash(conversation_id: str, text: str, private: bool, file: str | None) -> str:
    body = orjson.dumps([conversation_id, text, private, *([] if file is None else [file])])
    return blake2b(body, digest_size=16).hexdigest()
