"""Suggestions for the shopper's last words: after the message, and never in its way.

One worker takes one conversation at a time, the newest words only. When more wait than it can serve
while messages are being written, it rests between two, so that matching takes a twentieth of the
core at most and messages the rest (R33).
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress

from console.clock import Clock
from console.desk.asked import Asked
from console.desk.learning import Learning
from console.desk.library import Library
from console.desk.views import LEVEL, Views, variables
from console.events import (
    ConversationChanged,
    Event,
    Events,
    Hint,
    Limits,
    MessageAdded,
    Suggested,
)
from console.model.conversation import Conversation
from console.model.people import Agent
from console.model.words import Author, Kind, ShopId, Stage
from console.store import Store, Tx, people, talk
from knowledge import Context, Suggestion

SHOWN = 5
EARLIER = 2
CROWD = 16
# The one who waited longest goes without; their agent may still ask (R32).
MAX_ASKED = 1024
REST = 19.0
# what a shopper who has shown an order asks about, in a conversation of no group in particular
AFTER_ORDER = "售后"


class Prompter:
    """Answers `suggest`, and offers suggestions unasked as shoppers write."""

    def __init__(
        self,
        store: Store,
        events: Events,
        library: Library,
        views: Views,
        clock: Clock,
        *,
        learning: Learning,
        record: Asked,
    ) -> None:
        self._store = store
        self._events = events
        self._library = library
        self._views = views
        self._clock = clock
        self._learning = learning
        self._record = record
        self._asked: dict[str, Conversation] = {}
        self._wake = asyncio.Event()
        events.subscribe(self._hear, MessageAdded, ConversationChanged)

    async def ask(self, agent: Agent, conversation_id: str, text: str) -> list[Hint]:
        """The ungated ranking for a text in a conversation the agent may see."""
        conversation = await self._views.may_see(agent, conversation_id)
        _, context, values = await self._about(conversation, agent, text)
        found = await self._library.suggest(conversation.shop_id, text, context, limit=SHOWN)
        return [self._hint(conversation, one, context, values) for one in found]

    def limits(self, shop_id: ShopId) -> Limits:
        """From where on a suggestion of the shop is shown, and sure."""
        gates = self._library.gates(shop_id)
        return Limits(gates.show, gates.sure, gates.lead)

    async def run(self) -> None:
        """The worker; a job runs it for the life of the process."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._record.due_in()):
                    await self._wake.wait()
            while self._asked:
                begun = time.thread_time()
                conversation = self._asked.pop(next(iter(self._asked)))
                await self._offer(conversation)
                if len(self._asked) > CROWD and self._store.figures.begun:
                    await asyncio.sleep(max(0.005, time.thread_time() - begun) * REST)
                if self._record.full:
                    await self._record.keep()
            self._wake.clear()
            if self._record.due_in() == 0.0:
                await self._record.keep()

    def _hear(self, event: Event) -> None:
        match event:
            case MessageAdded(conversation, message):
                if message.author is Author.SHOPPER and message.kind is Kind.TEXT:
                    self._want(conversation)
            case ConversationChanged(overview, before):
                now = overview.conversation
                moved = before is not None and before.agent_id != now.agent_id
                if moved and now.last_author is Author.SHOPPER and now.last_kind is Kind.TEXT:
                    self._want(now)

    def _want(self, conversation: Conversation) -> None:
        if conversation.stage is Stage.OPEN:
            if conversation.id not in self._asked and len(self._asked) >= MAX_ASKED:
                del self._asked[next(iter(self._asked))]
            self._asked[conversation.id] = conversation
            self._wake.set()

    async def _offer(self, conversation: Conversation) -> None:
        words, context, values = await self._about(conversation, None, None)
        if words is None:
            return
        text, seq = words
        limits = self.limits(conversation.shop_id)
        found = await self._library.suggest(conversation.shop_id, text, context, limit=SHOWN)
        items = tuple(self._hint(conversation, one, context, values) for one in found if one.show)
        self._events.publish(Suggested(conversation, seq, items, limits))
        self._record.note(conversation, seq, text, found)
        await self._learning.offered(conversation, seq, text, found)

    def _hint(
        self,
        conversation: Conversation,
        one: Suggestion,
        context: Context,
        values: Mapping[str, str | None],
    ) -> Hint:
        level = values.get(LEVEL)
        return self._library.hint(
            conversation.shop_id, one, values, channel=context.channel, level=level
        )

    async def _about(
        self, conversation: Conversation, agent: Agent | None, text: str | None
    ) -> tuple[tuple[str, int] | None, Context, Mapping[str, str | None]]:
        """The shopper's last words with their number, the context, and what fills the blanks.

        What use has taught is for `text`, else for the last words.
        """

        async def work(
            tx: Tx,
        ) -> tuple[list[tuple[str, int]], dict[str, str | None], str | None]:
            words = await talk.last_words(tx, conversation.id, EARLIER + 1)
            who = agent or await people.agent(tx, conversation.agent_id or "")
            groups = await people.groups(tx, conversation.shop_id)
            group = next((one.name for one in groups if one.id == conversation.group_id), None)
            return words, await variables(tx, conversation, who), group

        words, values, group = await self._store.read(work)
        asked = text if text is not None else words[0][0] if words else ""
        context = Context(
            today=self._clock().astimezone().date(),
            product=values["商品"],
            earlier=tuple(text for text, _ in reversed(words[1:])),
            channel=self._learning.where(conversation).channel,
            group=group,
            agent=None if agent is None else agent.name,
            stage=group or (AFTER_ORDER if values["订单号"] else None),
            lifts=self._learning.lifts(conversation, asked),
        )
        return (words[0] if words else None), context, values
