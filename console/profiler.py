"""Asks providers who somebody is, once, where that can tell that they are a customer already known.

It is asked after their first message, beside everything else: one call at a time, a few waiting.
Who could not be asked about is asked about at their next message.
"""

import asyncio
import logging

from channels.base import SendFailed, Wire
from console.desk import Desk
from console.events import Event, MessageAdded
from console.model.conversation import Conversation
from console.model.refusal import Refused
from console.model.words import Author
from console.outbox import session

log = logging.getLogger(__name__)

MOST_WAITING = 256
MOST_KNOWN = 4096


class Profiler:
    """Runs as a job, in every process: it asks about those who write to it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: asyncio.Queue[Conversation] = asyncio.Queue(MOST_WAITING)
        self._known: set[str] = set()
        desk.events.subscribe(self._hear, MessageAdded)

    async def run(self) -> None:
        async with session(1) as http:
            wire = Wire(http, self._desk.tokens)
            while True:
                await self._ask(await self._waiting.get(), wire)

    async def _ask(self, conversation: Conversation, wire: Wire) -> None:
        inbox = self._desk.inboxes.by_id(conversation.inbox_id)
        profiler = None if inbox is None else self._desk.inboxes.profiler(inbox)
        if inbox is None or profiler is None:
            return
        identity_id = conversation.identity_id
        try:
            person = await self._desk.joining.unknown(inbox, identity_id)
            if person is not None:
                portrait = await profiler.profile(inbox.config, person, wire)
                await self._desk.joining.told(inbox, identity_id, portrait)
        except (SendFailed, Refused) as failure:
            self._known.discard(identity_id)
            log.info("inbox %s: somebody stays unknown: %s", inbox.id, failure)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, MessageAdded) or event.message.author is not Author.SHOPPER:
            return
        inbox = self._desk.inboxes.by_id(event.conversation.inbox_id)
        key = event.conversation.identity_id
        if inbox is None or key in self._known or self._waiting.full():
            return
        if self._desk.inboxes.profiler(inbox) is None:
            return
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        self._known.add(key)
        self._waiting.put_nowait(event.conversation)
