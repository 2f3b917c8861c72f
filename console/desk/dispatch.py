"""What leaves for providers: queued with the message, claimed under a lease, its end written down.

A letter is `sending` in the database before its provider is called. So a crash leaves a trace, and
what it leaves is not sent again by itself unless the channel says that this does no harm (R19-R21).
"""

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import replace as with_
from datetime import datetime

from msgspec.structs import replace

from channels.base import Bounced, Outbound, SendFailed
from console.clock import Clock
from console.desk.inboxes import Inbox, Inboxes
from console.desk.leases import OUTBOX, Leases
from console.desk.reasons import INTERRUPTED, RECALLED, WINDOW, stored
from console.desk.routing import Routing
from console.desk.uploads import Uploads
from console.events import DeliveryChanged, Event, Events, UndeliveredChanged
from console.model import letter as rules
from console.model.conversation import Message
from console.model.letter import UNDELIVERED, WAITING, Letter
from console.model.refusal import Refused
from console.model.window import window_of
from console.model.words import Delivery, InboxId, from_ms, new_id, to_ms
from console.store import Store, Tx, allowances, log, outbox, talk

logger = logging.getLogger(__name__)

TAKEN = frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.UNCONFIRMED})
ENDS = frozenset({Delivery.SENT, Delivery.DEAD, Delivery.UNCONFIRMED, Delivery.FAILED})


@dataclass(frozen=True, slots=True)
class Errand:
    """A letter that is being sent, and all that its channel needs for it."""

    letter: Letter
    inbox: Inbox
    outbound: Outbound
    identity_id: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is to be sent now, and when there will be more."""

    errands: list[Errand]
    due_at: datetime | None


class Dispatch:
    """Verbs of the outbox."""

    def __init__(
        self,
        store: Store,
        events: Events,
        inboxes: Inboxes,
        leases: Leases,
        clock: Clock,
        *,
        uploads: Uploads,
        routing: Routing,
        public_url: str = "",
        luck: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._events = events
        self._inboxes = inboxes
        self._leases = leases
        self._clock = clock
        self._uploads = uploads
        self._routing = routing
        self._public_url = public_url.rstrip("/")
        self._luck = luck

    def addressed(self, message: Message, inbox_id: str) -> Message:
        """The message as it begins its way: queued, where a provider must be called."""
        inbox = self._inboxes.by_id(inbox_id)
        if message.private or inbox is None or self._inboxes.sender(inbox) is None:
            return message
        return replace(message, delivery=Delivery.QUEUED)

    async def enqueue(self, tx: Tx, message: Message, inbox_id: str) -> None:
        """Inside the verb that stores the message; nothing where it does not need to leave."""
        if message.delivery is not Delivery.QUEUED:
            return
        at = message.at
        letter = Letter(
            new_id(), message.conversation_id, message.seq, InboxId(inbox_id), Delivery.QUEUED,
            created_at=at, since=at, due_at=at,
        )  # fmt: skip
        await outbox.add(tx, letter)

    async def withdraw(self, tx: Tx, message: Message) -> list[Event]:
        """Inside a recall: what has not left stays here. Refused("conflict") when it has left."""
        letter = await outbox.of_message(tx, message.conversation_id, message.seq)
        if letter is None:
            return []
        if letter.state not in WAITING | {Delivery.DEAD, Delivery.FAILED}:
            raise Refused("conflict", "it has left; this channel cannot take a message back")
        after = rules.given_up(letter, reason=RECALLED, at=self._clock())
        return await self.moved(tx, letter, after)

    async def recover(self, epoch: int) -> int:
        """Before the first claim: what was being sent when somebody stopped. Returns how many."""

        async def work(tx: Tx) -> tuple[int, list[Event]]:
            await self._leases.fence(tx, OUTBOX, epoch)
            happened: list[Event] = []
            found = await outbox.lost(tx, epoch)
            for letter in found:
                after = self._after_loss(letter, INTERRUPTED)
                happened += await self.moved(tx, letter, after)
            return len(found), happened

        count, happened = await self._store.write(work)
        self._events.publish(*happened)
        return count

    async def claim(self, epoch: int, room: Mapping[InboxId, int], most: int) -> Claimed:
        """Letters to send now, written down as `sending`: so many of each inbox, and so many in
        all, at most. Raises LeaseLost.
        """

        async def work(tx: Tx) -> tuple[Claimed, list[Event]]:
            await self._leases.fence(tx, OUTBOX, epoch)
            now = self._clock()
            errands: list[Errand] = []
            happened: list[Event] = []
            dues = []
            for inbox_id, places in room.items():
                inbox = self._inboxes.by_id(inbox_id)
                assert inbox is not None
                places = min(places, most - len(errands))
                for one in await outbox.ready(tx, inbox_id, to_ms(now), places):
                    if await self._closed(tx, one, now):
                        over = rules.not_taken(
                            one.letter, again=False, reason=WINDOW, at=now, luck=0.0
                        )
                        happened += await self.moved(tx, one.letter, over)
                        continue
                    letter = rules.calling(one.letter, epoch=epoch, at=now)
                    happened += await self.moved(tx, one.letter, letter)
                    errands.append(Errand(letter, inbox, self._outbound(one), one.identity_id))
                dues.append(await outbox.next_due(tx, inbox_id, to_ms(now)))
            due = min((one for one in dues if one is not None), default=None)
            return Claimed(errands, None if due is None else from_ms(due)), happened

        claimed, happened = await self._store.write(work)
        self._events.publish(*happened)
        return claimed

    async def sent(self, errand: Errand, provider_id: str | None) -> None:
        """The provider took it. Raises LeaseLost, as does `failed`."""
        after = rules.taken(errand.letter, provider_id=provider_id, at=self._clock())
        await self._end(errand, after)

    async def part_sent(self, errand: Errand) -> Errand:
        """It took a part; returns the errand of the next one. Raises LeaseLost."""
        after = rules.part_taken(errand.letter)

        async def work(tx: Tx) -> None:
            await self._leases.fence(tx, OUTBOX, after.lease_epoch)
            if not await outbox.save(tx, errand.letter, after):
                raise Refused("conflict", f"letter {after.id} is not {after.state} any more")

        await self._store.write(work)
        outbound = with_(errand.outbound, part=after.parts)
        return with_(errand, letter=after, outbound=outbound)

    async def failed(self, errand: Errand, failure: SendFailed) -> None:
        """It did not; the channel said why, and here is decided what follows."""
        letter, at = errand.letter, self._clock()
        reason = stored(errand.inbox.kind, failure)
        if failure.ambiguous and not self._idempotent(letter):
            after = rules.unconfirmed(letter, reason=reason, at=at)
        else:
            worn_out = 0 < failure.most <= letter.tries
            again = (failure.retry and not worn_out) or failure.ambiguous
            after = rules.not_taken(letter, again=again, reason=reason, at=at, luck=self._luck())
        await self._end(errand, after, closed=failure.closed)

    async def broke(self, errand: Errand, reason: str) -> None:
        """Our own program failed, or was stopped, in the middle of the call."""
        await self._end(errand, self._after_loss(errand.letter, reason))

    async def bounced(self, tx: Tx, inbox: Inbox, word: Bounced) -> list[Event]:
        """Inside a unit that takes a provider's words: what it took did not arrive."""
        letter = await outbox.find(tx, word.letter)
        if letter is None or letter.inbox_id != inbox.id or letter.state not in TAKEN:
            logger.warning("inbox %s: no letter %s that could bounce", inbox.id, word.letter[:40])
            return []
        reason = f"{inbox.kind}:{word.code}:{word.detail}"
        return await self.moved(tx, letter, rules.bounced(letter, reason=reason, at=self._clock()))

    async def moved(self, tx: Tx, before: Letter, after: Letter) -> list[Event]:
        """Save a letter's next state and return what is to be told.

        Refused("conflict") when somebody else moved it first.
        """
        if not await outbox.save(tx, before, after):
            raise Refused("conflict", f"letter {before.id} is not {before.state} any more")
        conversation = await talk.find(tx, after.conversation_id)
        assert conversation is not None
        if after.state in ENDS:
            await log.append(
                tx, "delivery", to_ms(self._clock()), conversation.shop_id,
                conversation=conversation, seq=after.seq,
                data={"state": after.state, "attempts": after.attempts, "reason": after.reason},
            )  # fmt: skip
        happened: list[Event] = [
            DeliveryChanged(conversation, after.seq, after.state, after.reason)
        ]
        if (before.state in UNDELIVERED) != (after.state in UNDELIVERED):
            happened.append(UndeliveredChanged(conversation.shop_id))
        return happened

    async def _end(self, errand: Errand, after: Letter, *, closed: bool = False) -> None:
        async def work(tx: Tx) -> list[Event]:
            await self._leases.fence(tx, OUTBOX, errand.letter.lease_epoch)
            happened = await self.moved(tx, errand.letter, after)
            if closed:
                await allowances.end(tx, errand.identity_id, to_ms(self._clock()))
            if self._inboxes.windowed(errand.inbox.id):
                found = await talk.find(tx, after.conversation_id)
                assert found is not None
                happened += await self._routing.changed(tx, found, found)
            return happened

        self._events.publish(*await self._store.write(work))
        logger.info(
            "letter %s conversation=%s seq=%d try=%d: %s %s",
            after.id, after.conversation_id, after.seq, after.attempts, after.state,
            after.reason or "",
        )  # fmt: skip

    async def _closed(self, tx: Tx, one: outbox.Enclosed, now: datetime) -> bool:
        """Whether the provider would refuse it, the shopper having said nothing for too long."""
        if not self._inboxes.windowed(one.letter.inbox_id):
            return False
        window = window_of(await allowances.of(tx, one.identity_id), now)
        return window is None or window.closed(now)

    def _after_loss(self, letter: Letter, reason: str) -> Letter:
        at = self._clock()
        if self._idempotent(letter):
            return rules.not_taken(letter, again=True, reason=reason, at=at, luck=self._luck())
        return rules.unconfirmed(letter, reason=reason, at=at)

    def _idempotent(self, letter: Letter) -> bool:
        inbox = self._inboxes.by_id(letter.inbox_id)
        sender = None if inbox is None else self._inboxes.sender(inbox)
        return sender is not None and sender.abilities.idempotent

    def _outbound(self, one: outbox.Enclosed) -> Outbound:
        """With the address of what a message shows, for whoever is not on our pages."""
        data, content = one.data, None
        if data is not None and "file" in data:
            file_id = data["file"]["id"]
            file = {key: value for key, value in data["file"].items() if key != "small"}
            data = {"file": {**file, "url": f"{self._public_url}/files/{file_id}"}}
            content = self._uploads.where(file_id)
        return Outbound(
            person=one.person,
            key=one.message_id,
            kind=one.kind,
            text=one.text,
            conversation=one.letter.conversation_id,
            at=one.at,
            data=data,
            letter=one.letter.id,
            part=one.letter.parts,
            content=content,
        )
