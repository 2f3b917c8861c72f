"""How often entries are said: counted in the transaction of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from console.clock import Clock
from console.desk.library import Library
from console.model.conversation import Conversation
from console.model.people import Agent
from console.store import Store, Tx, usage

KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Used:
    """`sent` counts all answers made of the entry, `edited` those of them that were changed first,
    `mine` those of the agent who asks; `last` is the day of the latest."""

    entry: str
    sent: int
    edited: int
    mine: int
    last: date


class Usage:
    """Counting and reading."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._clock = clock

    async def count(
        self, tx: Tx, conversation: Conversation, agent: Agent, suggestion: Mapping[str, Any]
    ) -> None:
        """An answer of the agent came from an entry; one they cannot see counts nothing."""
        entry = self._library.entry(conversation.shop_id, str(suggestion["entry"]))
        if entry is not None and entry.is_for(agent.name):
            await usage.count(
                tx, conversation.shop_id, entry.id, agent.id,
                day=self._today(), edited=bool(suggestion["edited"]),
            )  # fmt: skip

    async def listed(self, agent: Agent, days: int) -> list[Used]:
        """What was said in the last days, today included, of what the agent may see; the most
        said first."""
        first = self._today() - timedelta(days=days - 1)
        rows = await self._store.read(lambda tx: usage.since(tx, agent.shop_id, agent.id, first))
        known = ((row, self._library.entry(agent.shop_id, row[0])) for row in rows)
        found = [Used(*row) for row, entry in known if entry and entry.is_for(agent.name)]
        return sorted(found, key=lambda one: (-one.sent, one.entry))

    async def sweep(self) -> None:
        """Forget what is older than anybody asks for."""
        before = self._today() - KEPT
        await self._store.write(lambda tx: usage.forget(tx, before))

    def _today(self) -> date:
        return self._clock().astimezone().date()
