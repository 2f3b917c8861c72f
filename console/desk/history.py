"""What became of an entry, revision by revision, deleted or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec

from console.desk.editing import NOTHING
from console.desk.holdings import shown
from console.model.people import Agent
from console.model.refusal import Refused
from console.store import Store, Tx, shelf
from console.store.shelf import Revision
from knowledge import Entry, chinese

EVER = 2**53


@dataclass(frozen=True, slots=True)
class Step:
    """One revision, the entry after it, and what differs from the one before, field by field."""

    revision: Revision
    entry: Entry
    diff: dict[str, tuple[Any, Any]]

    @property
    def listed(self) -> dict[str, Any]:
        """The entry as lists showed it then."""
        initials = chinese.initials(self.entry.question)
        return shown(self.entry, self.revision.revision, initials)


class History:
    """Reading revisions; `Editing.restore` goes back to one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def listed(
        self, agent: Agent, entry_id: str, *, before: int, limit: int
    ) -> tuple[list[Step], bool]:
        """The newest first, and whether there are older ones. Refused("not_found")."""
        steps = await self._steps(agent, entry_id, before - 1, limit + 1)
        if not steps and not await self._steps(agent, entry_id, EVER, 1):
            raise Refused("not_found", f"there never was an entry {entry_id}")
        return steps[:limit], len(steps) > limit

    async def one(self, agent: Agent, entry_id: str, revision: int) -> Step:
        steps = await self._steps(agent, entry_id, revision, 1)
        if not steps or steps[0].revision.revision != revision:
            raise Refused("not_found", f"no entry {entry_id} with a revision {revision}")
        return steps[0]

    async def _steps(self, agent: Agent, entry_id: str, newest: int, limit: int) -> list[Step]:
        async def work(tx: Tx) -> list[Revision]:
            return await shelf.revisions(
                tx, agent.shop_id, entry_id, newest=newest, limit=limit + 1
            )

        found = _compared(await self._store.read(work))[:limit]
        # what was personal at a time is its owner's to see, and that time alone
        return [one for one in found if one.entry.is_for(agent.name)]


def _compared(revisions: Sequence[Revision]) -> list[Step]:
    """Each beside the one before it; the first of all beside nothing."""
    entries = [msgspec.convert(one.body, Entry) for one in revisions]
    shapes = [msgspec.to_builtins(one) for one in (*entries, NOTHING)]
    pairs = pairwise(shapes)
    return [
        Step(one, entry, _differences(before, after))
        for one, entry, (after, before) in zip(revisions, entries, pairs, strict=True)
    ]


def _differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """By field; an id never changes."""
    return {
        name: (before[name], value)
        for name, value in after.items()
        if name != "id" and value != before[name]
    }
