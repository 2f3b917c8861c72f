"""Agents propose entries and changes of entries; leads publish or decline them.

A draft is held to the rules of an entry when it is proposed, so that what waits could be published
as it is. What it changes may change meanwhile: publishing then needs a lead who has seen that.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from console.clock import Clock
from console.desk.editing import Changed, Editing
from console.desk.library import Library
from console.desk.views import seen
from console.events import Events, ReviewChanged
from console.model.draft import Draft, DraftState
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import ShopId, new_id, to_ms
from console.store import Store, Tx, drafts, log, proposals

LISTED = 200
MOST_WAITING = 100
LONGEST_NOTE = 500
KEPT = timedelta(days=90)
# whose it is, and under which name it is known, is not proposed
_NOT_PROPOSED = ("id", "personal", "owner")


class Drafting:
    """The verbs of both sides."""

    def __init__(
        self, store: Store, events: Events, library: Library, editing: Editing, clock: Clock
    ) -> None:
        self._store = store
        self._events = events
        self._library = library
        self._editing = editing
        self._clock = clock

    async def propose(
        self,
        agent: Agent,
        fields: Mapping[str, Any],
        *,
        entry: str | None = None,
        revision: int | None = None,
        note: str = "",
        said: tuple[str, int] | None = None,
    ) -> Draft:
        """Put a new entry, or a change of one, before the leads. `said` names the conversation and
        the message it comes from.

        Refused: `invalid` naming each field, `not_found`, `conflict` when `revision` is not the
        entry's, `rate_limited` when too many of the agent's wait.
        """
        for name in _NOT_PROPOSED:
            if name in fields:
                raise Refused("invalid", f"`{name}` cannot be proposed")
        if not fields:
            raise Refused("invalid", "`fields`: nothing is proposed")
        if len(note) > LONGEST_NOTE:
            raise Refused("invalid", f"`note` has more than {LONGEST_NOTE} characters")
        there = None
        if entry is not None:
            there = self._library.listed(agent.shop_id, entry)
            if revision not in (None, there["revision"]):
                message = f"entry {entry} has revision {there['revision']}, not {revision}"
                raise Refused("conflict", message, now=there)
        before = None if entry is None else self._library.entry(agent.shop_id, entry)
        self._editing.check(fields, before)
        draft = Draft(
            new_id(), agent.shop_id, entry, there["revision"] if there else None, fields,
            note.strip(), agent.id, agent.name, said[0] if said else None,
            said[1] if said else None, self._clock(),
        )  # fmt: skip

        async def work(tx: Tx) -> None:
            if said is not None:
                await seen(tx, agent, said[0])
            if await drafts.count(tx, agent.shop_id, agent.id) >= MOST_WAITING:
                raise Refused("rate_limited", f"{MOST_WAITING} of your drafts wait already")
            await drafts.add(tx, draft)
            await self._log(tx, "draft_proposed", agent, draft)

        await self._store.write(work)
        self._events.publish(ReviewChanged(agent.shop_id))
        return draft

    async def listed(self, agent: Agent) -> tuple[list[Draft], int]:
        """For leads what waits, the oldest first, and how many there are; for agents their own,
        the newest first, with what became of them."""

        async def work(tx: Tx) -> tuple[list[Draft], int]:
            if agent.leads:
                return await drafts.waiting(tx, agent.shop_id, LISTED)
            mine = await drafts.of_agent(tx, agent.shop_id, agent.id, LISTED)
            return mine, len(mine)

        return await self._store.read(work)

    async def publish(
        self,
        agent: Agent,
        draft_id: str,
        *,
        fields: Mapping[str, Any] | None = None,
        revision: int | None = None,
    ) -> Changed:
        """Make it an entry, or the change; with `fields` as the lead has corrected it.

        Refused: `not_found` when somebody was first; `conflict` when the entry has changed since
        and `revision` does not say that the lead knows.
        """
        draft = await self._waiting(agent, draft_id)
        values = dict(draft.fields if fields is None else fields)

        async def also(tx: Tx, done: Changed) -> None:
            await self._decide(tx, agent, draft, DraftState.PUBLISHED, entry_id=done.entry.id)

        if draft.entry_id is None:
            done = await self._editing.create(agent, values, also=also)
        else:
            known = draft.revision if revision is None else revision
            done = await self._editing.patch(
                agent, draft.entry_id, values, revision=known, also=also
            )
        self._events.publish(ReviewChanged(agent.shop_id))
        return done

    async def decline(self, agent: Agent, draft_id: str, reason: str) -> None:
        if len(reason) > LONGEST_NOTE:
            raise Refused("invalid", f"`reason` has more than {LONGEST_NOTE} characters")
        draft = await self._waiting(agent, draft_id)
        await self._store.write(
            lambda tx: self._decide(
                tx, agent, draft, DraftState.DECLINED, entry_id=draft.entry_id, reason=reason
            )
        )
        self._events.publish(ReviewChanged(agent.shop_id))

    async def withdraw(self, agent: Agent, draft_id: str) -> None:
        """Take back one's own that waits. Refused("not_found")."""

        async def work(tx: Tx) -> None:
            if not await drafts.withdraw(tx, agent.shop_id, draft_id, agent.id):
                raise _gone(draft_id)

        await self._store.write(work)
        self._events.publish(ReviewChanged(agent.shop_id))

    async def waiting(self, shop_id: ShopId) -> int:
        """How much waits for a lead: drafts and similar questions."""

        async def work(tx: Tx) -> int:
            _, questions = await proposals.listed(tx, shop_id, 0)
            return questions + await drafts.count(tx, shop_id)

        return await self._store.read(work)

    async def _waiting(self, agent: Agent, draft_id: str) -> Draft:
        found = await self._store.read(lambda tx: drafts.find(tx, agent.shop_id, draft_id))
        if found is None or found.state is not DraftState.WAITING:
            raise _gone(draft_id)
        return found

    async def _decide(
        self, tx: Tx, agent: Agent, draft: Draft, state: DraftState, *,
        entry_id: str | None, reason: str = "",
    ) -> None:  # fmt: skip
        done = await drafts.decide(
            tx, draft, state, by=agent.id, at_ms=to_ms(self._clock()), reason=reason.strip(),
            entry_id=entry_id,
        )  # fmt: skip
        if not done:
            raise _gone(draft.id)
        await self._log(tx, f"draft_{state}", agent, draft)

    async def _log(self, tx: Tx, kind: str, agent: Agent, draft: Draft) -> None:
        data = {"draft": draft.id, "entry": draft.entry_id}
        await log.append(
            tx, kind, to_ms(self._clock()), agent.shop_id, agent_id=agent.id, data=data
        )


def _gone(draft_id: str) -> Refused:
    return Refused("not_found", f"no draft {draft_id[:80]} waits")
