"""What shoppers do: one verb takes a message from any channel, the others are small signs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import orjson
from msgspec.structs import replace

from channels.base import Grant, Inbound, TakenBack
from console.clock import Clock
from console.desk.arrivals import expect
from console.desk.inboxes import Inbox
from console.desk.routing import Routing
from console.desk.uploads import enclosed
from console.events import Event, Events, MessageAdded, ReadByShopper, Recalled, Typing
from console.model import conversation as rules
from console.model.conversation import Conversation, Message
from console.model.files import Owner
from console.model.refusal import Refused
from console.model.words import (
    Author,
    ContactId,
    ConversationId,
    GroupId,
    IdentityId,
    Kind,
    Stage,
    new_id,
    to_ms,
)
from console.store import Store, Tx, allowances, log, people, talk


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message as stored. `duplicate`: it was there before; `begun`: in a new conversation."""

    message: Message
    duplicate: bool
    begun: bool = False


def anybody() -> None:
    """Who may begin a conversation where nobody counts."""


class Intake:
    """Verbs of the shopper's side."""

    def __init__(self, store: Store, events: Events, routing: Routing, clock: Clock) -> None:
        self._store = store
        self._events = events
        self._routing = routing
        self._clock = clock
        self.duplicates = 0

    async def accept(
        self,
        inbox: Inbox,
        inbound: Inbound,
        *,
        admit: Callable[[], None] = anybody,
        first_wins: bool = False,
    ) -> Accepted:
        """Take one thing a shopper said; durable when this returns.

        The same key again answers with the first message; with another body it is
        Refused("conflict"), unless the first of that key wins. `inbound.person` is the identity's
        id on this inbox. `admit` is asked before a conversation begins and may raise Refused.
        """

        async def work(tx: Tx) -> tuple[Accepted, list[Event]]:
            return await self.take(tx, inbox, inbound, admit=admit, first_wins=first_wins)

        accepted, happened = await self._store.write(work)
        self._events.publish(*happened)
        return accepted

    async def take(
        self,
        tx: Tx,
        inbox: Inbox,
        inbound: Inbound,
        *,
        admit: Callable[[], None] = anybody,
        first_wins: bool = False,
    ) -> tuple[Accepted, list[Event]]:
        """As `accept`, inside a unit of somebody else's; returns what is to be told besides."""
        sender, body_hash = f"s:{inbound.person}", "" if first_wins else _hash(inbound)
        before, begun = await self._conversation(tx, inbox, inbound, sender, admit)
        if before is None:
            return await self._again(tx, sender, inbound.key, body_hash)
        message = _message(before, inbound, self._clock())
        if "file" in (inbound.data or {}) and message.kind in (Kind.IMAGE, Kind.FILE):
            if await talk.was_said(tx, sender, inbound.key):
                return await self._again(tx, sender, inbound.key, body_hash)
            message = await _enclosing(tx, inbox, inbound.person, message)
        if not await talk.add(tx, message, sender=sender, body_hash=body_hash or _hash(inbound)):
            return await self._again(tx, sender, inbound.key, body_hash)
        await expect(tx, message, inbox.id, inbound.at or message.at)
        if inbound.raw is not None:
            await talk.keep_payload(tx, message.id, inbound.raw)
        if inbound.grant is not None:
            await _grant(tx, inbound, inbound.grant, inbound.at or message.at)
        after = rules.with_message(before, message)
        moved = after.stage is not Stage.OPEN and message.kind is not Kind.RATING and inbound.asks
        if moved and (after.stage is not Stage.ROBOT or not inbox.config.robot):
            after = await self._seat(tx, after, inbox)
            await talk.save(tx, before, after)
        else:
            await talk.move_on(tx, after)
            if inbound.asks:
                self._routing.miss(after)
        await log.append(
            tx, "message", to_ms(message.at), after.shop_id,
            conversation=after, agent_id=after.agent_id, seq=message.seq,
            data=None if inbound.asks else {"asks": False},
        )  # fmt: skip
        happened: list[Event] = [MessageAdded(after, message)]
        if inbound.grant is not None or _shows(before, after):
            happened = [*await self._routing.changed(tx, before, after), *happened]
        return Accepted(message, duplicate=False, begun=begun), happened

    async def taken_back(self, tx: Tx, inbox: Inbox, one: TakenBack) -> list[Event]:
        """A shopper recalled what they said, where their channel lets them; the text stays in the
        database."""
        person = await people.identity_by_external(tx, inbox.id, one.person)
        message = await talk.said_as(tx, f"s:{person[0]}", one.key) if person else None
        if message is None or message.recalled_at is not None:
            return []
        now = self._clock()
        before = await talk.find(tx, message.conversation_id, lock=True)
        assert before is not None
        await talk.recall(tx, before.id, message.seq, to_ms(now))
        after = rules.without_words(before, message)
        await talk.save(tx, before, after)
        await log.append(
            tx, "recalled", to_ms(now), before.shop_id, conversation=before, seq=message.seq
        )
        changed = await self._routing.changed(tx, before, after)
        return [*changed, Recalled(after, replace(message, recalled_at=now))]

    async def _again(
        self, tx: Tx, sender: str, key: str, body_hash: str
    ) -> tuple[Accepted, list[Event]]:
        accepted = await _first(tx, sender, key, body_hash)
        self.duplicates += 1
        return accepted, []

    async def human(
        self, inbox: Inbox, identity_id: str, *, admit: Callable[[], None] = anybody
    ) -> None:
        """The shopper asks for a person; harmless when one is there already."""

        async def work(tx: Tx) -> list[Event]:
            before = await self._current(tx, inbox, identity_id, robot=False)
            if before is None:
                before = await self._begin(tx, inbox, identity_id, admit)
            if before.stage in (Stage.WAITING, Stage.OPEN):
                return []
            after = await self._seat(tx, before, inbox)
            await talk.save(tx, before, after)
            await log.append(tx, "human", to_ms(self._clock()), after.shop_id, conversation=after)
            return await self._routing.changed(tx, before, after)

        self._events.publish(*await self._store.write(work))

    async def rate(
        self, inbox: Inbox, identity_id: str, score: int, tags: list[str], comment: str
    ) -> Message:
        """Rate the conversation; the last rating counts. Refused("not_found") before the first
        word."""
        rating: dict[str, Any] = {"score": score, "tags": tags, "comment": comment}
        inbound = Inbound(identity_id, new_id(), "rating", comment, {"rating": rating})

        async def work(tx: Tx) -> tuple[Message, list[Event]]:
            before = await talk.latest(tx, identity_id, lock=True)
            if before is None or before.last_seq == 0:
                raise Refused("not_found", "there is no conversation to rate")
            message = _message(before, inbound, self._clock())
            await talk.add(tx, message, sender=f"s:{identity_id}", body_hash=_hash(inbound))
            after = replace(rules.with_message(before, message), rating=score)
            await talk.save(tx, before, after)
            await log.append(
                tx, "rated", to_ms(message.at), after.shop_id,
                conversation=after, agent_id=after.agent_id, seq=message.seq, data=rating,
            )  # fmt: skip
            changed = await self._routing.changed(tx, before, after)
            return message, [*changed, MessageAdded(after, message)]

        message, happened = await self._store.write(work)
        self._events.publish(*happened)
        return message

    async def leave(
        self,
        inbox: Inbox,
        identity_id: str,
        contact: str,
        text: str,
        *,
        admit: Callable[[], None] = anybody,
    ) -> Message:
        """A message left for later, with a phone number or an address to answer to."""
        mail = contact if "@" in contact else None

        async def work(tx: Tx) -> None:
            row = await people.identity(tx, identity_id)
            assert row is not None
            await people.describe_contact(
                tx, row[1], name=None, email=mail, phone=None if mail else contact
            )

        await self._store.write(work)
        data = {"leave": {"contact": contact}}
        inbound = Inbound(identity_id, new_id(), "text", text, data)
        return (await self.accept(inbox, inbound, admit=admit)).message

    async def read(self, identity_id: str, shopper_seq: int) -> None:
        """The shopper has seen everything up to their own number."""

        async def work(tx: Tx) -> list[Event]:
            before = await talk.latest(tx, identity_id, lock=True)
            if before is None:
                return []
            seq = await talk.desk_seq(tx, before.id, min(shopper_seq, before.shopper_seq))
            after = rules.read_by_shopper(before, seq)
            if after == before:
                return []
            await talk.save(tx, before, after)
            return [ReadByShopper(after, after.shopper_read)]

        self._events.publish(*await self._store.write(work))

    async def typing(self, identity_id: str, text: str | None) -> None:
        """Passed on, never stored."""

        async def work(tx: Tx) -> Conversation | None:
            return await talk.latest(tx, identity_id)

        conversation = await self._store.read(work)
        if conversation is not None and conversation.stage is not Stage.CLOSED:
            self._events.publish(Typing(conversation, Author.SHOPPER, identity_id, None, text))

    async def page(
        self, identity_id: str, url: str, title: str, product: Mapping[str, Any] | None
    ) -> None:
        """Note which page the shopper is looking at."""
        card = None if product is None else orjson.dumps(product).decode()

        async def work(tx: Tx) -> list[Event]:
            at_ms = to_ms(self._clock())
            await people.add_page(tx, identity_id, url=url, title=title, product=card, at_ms=at_ms)
            found = await talk.latest(tx, identity_id)
            if found is None or found.stage is Stage.CLOSED:
                return []
            return (await self._routing.changed(tx, found, found))[:1]

        self._events.publish(*await self._store.write(work))

    async def _conversation(
        self, tx: Tx, inbox: Inbox, inbound: Inbound, sender: str, admit: Callable[[], None]
    ) -> tuple[Conversation | None, bool]:
        """The conversation the words belong to, and whether it is new; None for a late repeat."""
        found = await self._current(tx, inbox, inbound.person, robot=inbox.config.robot)
        if found is not None:
            return found, False
        if await talk.was_said(tx, sender, inbound.key):
            return None, False
        earlier = await talk.latest(tx, inbound.person)
        return await self._begin(tx, inbox, inbound.person, admit), earlier is not None

    async def _current(
        self, tx: Tx, inbox: Inbox, identity_id: str, *, robot: bool
    ) -> Conversation | None:
        """The newest conversation, its row held, if more words would still belong to it. Where it
        may be given to an agent now, their rows come first (R25)."""
        if tx.for_update and _unseated(await talk.latest(tx, identity_id), robot=robot):
            await people.lock_agents(tx, inbox.shop_id)
        found = await talk.latest(tx, identity_id, lock=True)
        if found is None or found.stage is not Stage.CLOSED:
            return found
        hours = inbox.config.reopen_hours
        return found if rules.may_reopen(found, now=self._clock(), hours=hours) else None

    async def _begin(
        self, tx: Tx, inbox: Inbox, identity_id: str, admit: Callable[[], None]
    ) -> Conversation:
        row = await people.identity(tx, identity_id, lock=True)
        if row is None:
            raise Refused("not_found", "the visitor is not known")
        raced = await talk.latest(tx, identity_id, lock=True)
        if raced is not None and raced.stage is not Stage.CLOSED:
            return raced
        admit()
        conversation = Conversation(
            id=ConversationId(new_id()),
            shop_id=inbox.shop_id,
            inbox_id=inbox.id,
            contact_id=ContactId(row[1]),
            identity_id=IdentityId(identity_id),
            stage=Stage.ROBOT,
            created_at=self._clock(),
            group_id=await self._group(tx, inbox),
        )
        await talk.insert(tx, conversation)
        return conversation

    async def _group(self, tx: Tx, inbox: Inbox) -> GroupId | None:
        wanted = inbox.config.group
        if not wanted:
            return None
        named = [one for one in await people.groups(tx, inbox.shop_id) if one.name == wanted]
        return named[0].id if named else None

    async def _seat(self, tx: Tx, conversation: Conversation, inbox: Inbox) -> Conversation:
        if conversation.stage is Stage.WAITING:
            return conversation
        return await self._routing.place(tx, conversation, prefer=conversation.agent_id)


def _message(conversation: Conversation, inbound: Inbound, at: datetime) -> Message:
    return Message(
        id=new_id(),
        conversation_id=conversation.id,
        seq=conversation.last_seq + 1,
        shopper_seq=conversation.shopper_seq + 1,
        author=Author.SHOPPER,
        author_id=conversation.contact_id,
        author_name=inbound.name,
        kind=Kind(inbound.kind),
        text=inbound.text,
        at=at,
        client_id=inbound.key,
        data=inbound.data if inbound.asks else {**(inbound.data or {}), "asks": False},
    )


async def _enclosing(tx: Tx, inbox: Inbox, identity_id: str, message: Message) -> Message:
    """What came names the file only; what is kept says what it is."""
    owner = Owner(shop_id=inbox.shop_id, identity_id=IdentityId(identity_id), inbox_id=inbox.id)
    file = (message.data or {}).get("file", {}).get("id", "")
    data = await enclosed(tx, file, message.kind, message.conversation_id, message.seq, owner)
    return replace(message, data=data)


async def _first(tx: Tx, sender: str, key: str, body_hash: str) -> Accepted:
    message, first_hash = await talk.first_said(tx, sender, key)
    if body_hash and first_hash != body_hash:
        raise Refused("conflict", f"`client_id` {key} was used for another message")
    return Accepted(message, duplicate=True)


async def _grant(tx: Tx, inbound: Inbound, grant: Grant, at: datetime) -> None:
    if grant.messages == 0:
        await allowances.end(tx, inbound.person, to_ms(at))
        return
    until = to_ms(at + timedelta(seconds=grant.lasts_s))
    await allowances.grant(
        tx, inbound.person, grant.trigger, at_ms=to_ms(at), until_ms=until, total=grant.messages
    )


def _unseated(found: Conversation | None, *, robot: bool) -> bool:
    if found is None or found.stage is Stage.ROBOT:
        return not robot
    return found.stage is Stage.CLOSED


def _shows(before: Conversation, after: Conversation) -> bool:
    """Whether lists of others than the one who has the conversation look different now."""
    return (
        before.stage is not after.stage
        or before.agent_id != after.agent_id
        or (before.waiting_since is None) != (after.waiting_since is None)
    )


def _hash(inbound: Inbound) -> str:
    body = orjson.dumps([inbound.kind, inbound.text, inbound.data], option=orjson.OPT_SORT_KEYS)
    return blake2b(body, digest_size=16).hexdigest()
