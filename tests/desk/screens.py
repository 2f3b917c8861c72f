"""What an agent's console holds, and what it does with each event: the browser's part, in Python.

`COVERED` change a screen; `EXCUSED` change nothing that a fresh screen would show, and why.
"""

from dataclasses import dataclass, field

from msgspec.structs import replace

from console.desk import Desk
from console.desk.views import Colleague
from console.events import (
    AgentChanged,
    ConversationChanged,
    DeliveryChanged,
    Event,
    FileArrived,
    Flood,
    Judged,
    MessageAdded,
    QueueMoved,
    ReadByAgent,
    ReadByShopper,
    Recalled,
    ReviewChanged,
    Rung,
    SessionEnded,
    ShelfChanged,
    Suggested,
    Typing,
    UndeliveredChanged,
)
from console.model.conversation import Conversation, Message, Overview
from console.model.people import Agent
from console.model.words import ShopId, Stage

SHOWN = (Stage.WAITING, Stage.OPEN)
COVERED: tuple[type[Event], ...] = (
    MessageAdded,
    ConversationChanged,
    ReadByShopper,
    ReadByAgent,
    Recalled,
    FileArrived,
    AgentChanged,
    QueueMoved,
    ShelfChanged,
    DeliveryChanged,
    UndeliveredChanged,
)
EXCUSED: dict[type[Event], str] = {
    Typing: "passes by and is in no snapshot",
    Suggested: "belongs to the shopper's last words; a fresh screen asks with `suggest`",
    Judged: "is for the next suggestions; the one who judged knows it",
    SessionEnded: "ends the connection, and with it the screen",
    ReviewChanged: "a count beside the screen, which `sync` tells anew",
    Rung: "wakes the one who fetches; what is fetched is told as messages",
    Flood: "a line that passes by; the next wave tells again",
}


@dataclass
class Screen:
    """The lists of one agent, and the threads they keep open: all of those in the list."""

    desk: Desk
    agent: Agent
    overviews: dict[str, Overview] = field(default_factory=dict)
    threads: dict[str, dict[int, Message]] = field(default_factory=dict)
    colleagues: dict[str, Colleague] = field(default_factory=dict)
    shelf: list[dict[str, object]] = field(default_factory=list)
    waiting: int = 0
    undelivered: int = 0

    @classmethod
    async def fresh(cls, desk: Desk, agent: Agent, watching: set[str] | None = None) -> "Screen":
        """A console that opens now; with `watching`, the threads it has open besides."""
        state = await desk.views.desk(agent, {})
        one = cls(desk, agent, waiting=state.waiting)
        one.overviews = {item.conversation.id: item for item in state.overviews}
        one.colleagues = {item.agent.id: item for item in state.colleagues}
        one.undelivered = (await desk.undelivered.tally(agent.shop_id)).of(agent)
        one.shelf = desk.library.search(agent.shop_id)
        for key in one.overviews.keys() | (watching or set()):
            await one._open(key)
        return one

    async def hear(self, event: Event) -> None:
        match event:
            case ConversationChanged(overview):
                await self._list(overview)
                await self._count(overview.conversation.shop_id)
            case MessageAdded(conversation, message):
                self._update(conversation)
                thread = self.threads.get(conversation.id)
                if thread is not None:
                    assert message.seq <= len(thread) + 1, "a gap"
                    thread[message.seq] = message
            case Recalled(conversation, message):
                self._update(conversation)
                thread, seq = self.threads.get(conversation.id, {}), message.seq
                if seq in thread:
                    thread[seq] = replace(thread[seq], recalled_at=message.recalled_at)
            case FileArrived(conversation, message):
                thread = self.threads.get(conversation.id, {})
                if message.seq in thread:
                    seen = thread[message.seq]
                    thread[message.seq] = replace(seen, kind=message.kind, data=message.data)
            case DeliveryChanged(conversation, seq, state):
                thread = self.threads.get(conversation.id, {})
                if seq in thread:
                    thread[seq] = replace(thread[seq], delivery=state)
            case ReadByAgent(conversation) | ReadByShopper(conversation):
                self._update(conversation)
            case AgentChanged(_, agent_id):
                found = await self.desk.views.colleague(agent_id)
                assert found is not None
                self.colleagues[agent_id] = found
            case QueueMoved(shop_id):
                self.waiting = await self.desk.views.waiting(shop_id)
            case UndeliveredChanged(shop_id):
                await self._count(shop_id)
            case ShelfChanged(shop_id):
                self.shelf = self.desk.library.search(shop_id)

    def comparable(self) -> dict[str, object]:
        """The place and the estimate follow from the whole queue, of which `queue` events tell."""
        lists = {
            key: replace(one, place=None, estimate_s=None) for key, one in self.overviews.items()
        }
        plain = (self.threads, self.colleagues, self.shelf, self.waiting, self.undelivered)
        names = ("threads", "colleagues", "shelf", "waiting", "undelivered")
        return {"overviews": lists, **dict(zip(names, plain, strict=True))}

    async def _list(self, overview: Overview) -> None:
        one = overview.conversation
        if not self.agent.may_see(one.shop_id, one.group_id, one.agent_id):
            self.overviews.pop(one.id, None)
            self.threads.pop(one.id, None)
        elif one.stage in SHOWN:
            self.overviews[one.id] = overview
            if one.id not in self.threads:
                await self._open(one.id)
        else:
            self.overviews.pop(one.id, None)

    async def _count(self, shop_id: ShopId) -> None:
        """Who sees a conversation counts what did not arrive in it."""
        self.undelivered = (await self.desk.undelivered.tally(shop_id)).of(self.agent)

    async def _open(self, conversation_id: str) -> None:
        state = await self.desk.views.desk(self.agent, {conversation_id: 0})
        named = [one for one in state.overviews if one.conversation.id == conversation_id]
        if named:
            self.threads[conversation_id] = {one.seq: one for one in state.messages}

    def _update(self, conversation: Conversation) -> None:
        if conversation.id in self.overviews:
            before = self.overviews[conversation.id]
            self.overviews[conversation.id] = replace(before, conversation=conversation)
