"""Shows shoppers of providers that an agent is writing, where the provider can show it.

A sign of it is worth little and is never repeated: one every some seconds for a conversation, a few
calls at once, the rest dropped, and what fails is noted for whoever looks for it.
"""

import asyncio
import logging
import time

from channels.base import SendFailed, Wire
from console.desk import Desk
from console.events import Event, Typing
from console.model.conversation import Conversation
from console.model.refusal import Refused
from console.model.words import Author
from console.outbox import session

log = logging.getLogger(__name__)

EVERY_S = 10.0
MOST_WAITING = 64
MOST_KNOWN = 4096
AT_ONCE = 4


class TypingSigns:
    """Runs as a job, in every process: the sign is shown by the one that the agent writes to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: asyncio.Queue[Conversation] = asyncio.Queue(MOST_WAITING)
        self._shown: dict[str, float] = {}
        desk.events.subscribe(self._hear, Typing)

    async def run(self) -> None:
        async with session(AT_ONCE) as http:
            wire = Wire(http, self._desk.tokens)
            while True:
                await self._show(await self._waiting.get(), wire)

    async def _show(self, conversation: Conversation, wire: Wire) -> None:
        inbox = self._desk.inboxes.by_id(conversation.inbox_id)
        typist = None if inbox is None else self._desk.inboxes.typist(inbox)
        if inbox is None or typist is None:
            return
        try:
            person = await self._desk.views.known_as(conversation)
            if person is not None:
                await typist.typing(inbox.config, person, wire)
        except (SendFailed, Refused) as failure:
            log.debug("inbox %s: typing is not shown: %s", inbox.id, failure)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, Typing) or event.author is not Author.AGENT:
            return
        inbox = self._desk.inboxes.by_id(event.conversation.inbox_id)
        now, key = time.monotonic(), event.conversation.id
        if inbox is None or self._desk.inboxes.typist(inbox) is None or self._waiting.full():
            return
        if now - self._shown.get(key, -EVERY_S) < EVERY_S:
            return
        if len(self._shown) > MOST_KNOWN:
            self._shown.clear()
        self._shown[key] = now
        self._waiting.put_nowait(event.conversation)
