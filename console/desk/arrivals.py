"""Files that shoppers sent and a provider keeps still: awaited with the message, fetched, shown.

The message is there at once. Its file is fetched later, as often as it takes within the time that
the provider keeps it; one transaction ends the waiting and puts the file into the message. A crash
before that leaves the file awaited, and what was fetched already is removed as one that nobody
says.
"""

import logging
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from channels.base import Content, SendFailed
from console.clock import Clock
from console.desk.inboxes import Inbox, Inboxes
from console.desk.leases import ARRIVALS, Leases
from console.desk.uploads import Uploads, enclosed
from console.events import Event, Events, FileArrived
from console.model import arrival as rules
from console.model.arrival import EXPIRED, KEPT, REFUSED, Arrival
from console.model.conversation import Message
from console.model.files import Owner
from console.model.refusal import Refused
from console.model.words import InboxId, Kind, from_ms, to_ms
from console.store import Store, Tx, arrivals, talk

logger = logging.getLogger(__name__)

# what a provider's file is called by its type, where nobody gave it a name
ENDS = {"audio/amr": "amr", "audio/mpeg": "mp3", "video/mp4": "mp4"}
PIECE = 256 * 1024
# after these, no later try can bring it
FINAL = {"media": REFUSED, "content": EXPIRED}


@dataclass(frozen=True, slots=True)
class Awaited:
    """A file to be fetched now, and whose it will be."""

    arrival: Arrival
    inbox: Inbox
    owner: Owner


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be fetched now, and when there will be more."""

    awaited: list[Awaited]
    due_at: datetime | None


async def expect(tx: Tx, message: Message, inbox_id: InboxId, at: datetime) -> None:
    """Inside the verb that stores the message; nothing where it has no file to wait for."""
    media = (message.data or {}).get("media")
    if message.kind not in (Kind.IMAGE, Kind.FILE) or not media or not media.get("id"):
        return
    one = Arrival(
        message.conversation_id, message.seq, inbox_id, media["id"], media.get("type", ""),
        due_at=message.at, until=at + KEPT,
    )  # fmt: skip
    await arrivals.add(tx, one)


class Arrivals:
    """Verbs of waiting for files."""

    def __init__(
        self,
        store: Store,
        events: Events,
        inboxes: Inboxes,
        leases: Leases,
        uploads: Uploads,
        clock: Clock,
        *,
        luck: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._events = events
        self._inboxes = inboxes
        self._leases = leases
        self._uploads = uploads
        self._clock = clock
        self._luck = luck

    async def due(self, most: int) -> Due:
        """What may be fetched now, so many at most."""

        async def work(tx: Tx) -> Due:
            found = await arrivals.due(tx, to_ms(self._clock()), most)
            later = await arrivals.next_due(tx)
            awaited = []
            for one, shop_id, identity_id in found:
                inbox = self._inboxes.by_id(one.inbox_id)
                if inbox is not None:
                    owner = Owner(shop_id=shop_id, identity_id=identity_id, inbox_id=inbox.id)
                    awaited.append(Awaited(one, inbox, owner))
            return Due(awaited, None if later is None else from_ms(later))

        return await self._store.read(work)

    async def came(self, awaited: Awaited, content: Content, epoch: int) -> None:
        """Keep what was fetched, and show it. Raises LeaseLost, as does `failed`."""
        name = _name(awaited.arrival, content)
        try:
            file = await self._uploads.keep(
                awaited.owner, name, _pieces(content.body), len(content.body)
            )
        except Refused as no:
            final = REFUSED if no.code in ("invalid", "too_large") else None
            return await self._not_yet(awaited, epoch, no.message, final)

        async def work(tx: Tx) -> list[Event]:
            one = awaited.arrival
            message = await self._ended(tx, awaited, epoch)
            if message is None:
                return []
            data = await enclosed(
                tx, file.id, file.kind, one.conversation_id, one.seq, awaited.owner
            )
            return await self._changed(tx, message, file.kind, data)

        self._events.publish(*await self._store.write(work))

    async def failed(self, awaited: Awaited, failure: SendFailed, epoch: int) -> None:
        """It could not be fetched; the channel said why, and here is decided what follows."""
        final = None if failure.retry else FINAL.get(failure.code)
        await self._not_yet(awaited, epoch, str(failure), final)

    async def broke(self, awaited: Awaited, epoch: int) -> None:
        """Our own program failed over it: later, as if the provider had."""
        await self._not_yet(awaited, epoch, "it cannot be fetched", None)

    async def _not_yet(self, awaited: Awaited, epoch: int, why: str, final: str | None) -> None:
        one = awaited.arrival
        again = rules.put_off(one, at=self._clock(), luck=self._luck())
        if again is None:
            final = final or EXPIRED

        async def work(tx: Tx) -> list[Event]:
            if final is None and again is not None:
                await self._leases.fence(tx, ARRIVALS, epoch)
                await arrivals.save(tx, one, again)
                return []
            message = await self._ended(tx, awaited, epoch)
            if message is None:
                return []
            media = {**(message.data or {}).get("media", {}), "state": final}
            return await self._changed(tx, message, message.kind, {"media": media})

        self._events.publish(*await self._store.write(work))
        logger.info(
            "conversation=%s seq=%d: its file is not here: %s%s",
            one.conversation_id, one.seq, why, f"; {final}" if final else "",
        )  # fmt: skip

    async def _ended(self, tx: Tx, awaited: Awaited, epoch: int) -> Message | None:
        """The message, where it still waits and stands."""
        await self._leases.fence(tx, ARRIVALS, epoch)
        one = awaited.arrival
        if not await arrivals.done(tx, one):
            return None
        message = await talk.at(tx, one.conversation_id, one.seq)
        return None if message is None or message.recalled_at is not None else message

    async def _changed(
        self, tx: Tx, message: Message, kind: Kind, data: dict[str, object]
    ) -> list[Event]:
        rest = {key: value for key, value in (message.data or {}).items() if key != "media"}
        after = replace(message, kind=kind, data={**rest, **data})
        await talk.replace_data(tx, after)
        conversation = await talk.find(tx, after.conversation_id)
        assert conversation is not None
        return [FileArrived(conversation, after)]


def _name(arrival: Arrival, content: Content) -> str:
    if arrival.kind == "file" and content.name:
        return content.name
    end = ENDS.get(content.type)
    return f"{arrival.kind or 'file'}.{end}" if end else arrival.kind or "file"


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]
