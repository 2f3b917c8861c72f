"""Shoppers' words become similar questions of an entry: at once by a lead, else as a proposal.

More phrasings are what matching gains most from. Words are compared in their plain spelling, so
that what the entry has already is known again however it was typed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from console.clock import Clock
from console.desk.editing import Changed, Editing
from console.desk.library import Library
from console.desk.views import seen
from console.events import Events, ReviewChanged
from console.model.people import Agent
from console.model.proposal import Proposal
from console.model.refusal import Refused
from console.model.words import Author, Kind, new_id, to_ms
from console.store import Store, Tx, log, proposals, talk
from knowledge import Entry, chinese

LONGEST = 500
LISTED = 200


@dataclass(frozen=True, slots=True)
class Taught:
    """`absent`: there was nothing to take back. `revision` is the entry's new one."""

    state: Literal["added", "proposed", "known", "removed", "absent"]
    entry: str
    revision: int | None = None


class Teaching:
    """Verbs that give an entry more phrasings, each with a way back."""

    def __init__(
        self, store: Store, events: Events, library: Library, editing: Editing, clock: Clock
    ) -> None:
        self._store = store
        self._events = events
        self._library = library
        self._editing = editing
        self._clock = clock

    async def teach(self, agent: Agent, conversation_id: str, seq: int, entry: str) -> Taught:
        """Add a shopper's message to an entry's similar questions, or propose it."""
        text = await self._said(agent, conversation_id, seq)
        found = self._library.entry(agent.shop_id, entry)
        if found is None or not found.is_for(agent.name):
            raise Refused("not_found", f"no entry {entry}")
        if agent.leads or found.personal:
            done = await self.add(agent, entry, text, None)
            return Taught("added", entry, done.revision) if done.changed else Taught("known", entry)
        words = chinese.wording(text)
        if _knows(found, words):
            return Taught("known", entry)
        at = self._clock()
        one = Proposal(
            new_id(), agent.shop_id, entry, words, text, agent.id, agent.name, conversation_id,
            seq, at,
        )  # fmt: skip

        async def work(tx: Tx) -> None:
            if await proposals.add(tx, one):
                await self._log(tx, "similar_proposed", agent, entry)

        await self._store.write(work)
        self._events.publish(ReviewChanged(agent.shop_id))
        return Taught("proposed", entry)

    async def unteach(self, agent: Agent, conversation_id: str, seq: int, entry: str) -> Taught:
        """Take back what `teach` did with a message: the agent's proposal, or a lead's addition."""
        words = chinese.wording(await self._said(agent, conversation_id, seq))
        withdrawn = False

        async def withdraw(tx: Tx) -> bool:
            return await proposals.withdraw(tx, agent.shop_id, entry, words, agent_id=agent.id)

        async def also(tx: Tx, done: Changed) -> None:
            nonlocal withdrawn
            withdrawn = await withdraw(tx)
            if done.changed:
                await self._log(tx, "similar_removed", agent, entry)

        found = self._library.entry(agent.shop_id, entry)
        if not agent.leads and not (found and found.personal and found.is_for(agent.name)):
            withdrawn = await self._store.write(withdraw)
            self._events.publish(ReviewChanged(agent.shop_id))
            return Taught("removed" if withdrawn else "absent", entry)
        done = await self._editing.change(agent, entry, _without(words), also=also)
        if done.changed:
            return Taught("removed", entry, done.revision)
        return Taught("removed" if withdrawn else "absent", entry)

    async def add(self, agent: Agent, entry: str, text: str, revision: int | None) -> Changed:
        """Add a similar question; words the entry has already change nothing.

        Refused: `invalid` words, `not_found`, `conflict` when `revision` is not the entry's.
        """
        text = _checked(text)

        async def also(tx: Tx, done: Changed) -> None:
            await proposals.withdraw(tx, agent.shop_id, entry, chinese.wording(text))
            if done.changed:
                await self._log(tx, "similar_added", agent, entry)

        return await self._editing.change(agent, entry, _with(text), revision=revision, also=also)

    async def proposed(self, agent: Agent) -> tuple[list[tuple[Proposal, str]], int]:
        """What waits for a lead, each with the entry's question, the oldest first; and how many."""

        async def work(tx: Tx) -> tuple[list[Proposal], int]:
            return await proposals.listed(tx, agent.shop_id, LISTED)

        found, total = await self._store.read(work)
        return [(one, self._question(one)) for one in found], total

    async def accept(self, agent: Agent, proposal_id: str) -> Changed:
        """Add what was proposed. Refused("not_found") when somebody was first."""
        one = await self._store.read(lambda tx: proposals.find(tx, agent.shop_id, proposal_id))
        if one is None:
            raise _gone(proposal_id)

        async def also(tx: Tx, done: Changed) -> None:
            if not await proposals.remove(tx, agent.shop_id, proposal_id):
                raise _gone(proposal_id)
            if done.changed:
                await self._log(tx, "similar_added", agent, one.entry_id)

        done = await self._editing.change(agent, one.entry_id, _with(one.text), also=also)
        self._events.publish(ReviewChanged(agent.shop_id))
        return done

    async def decline(self, agent: Agent, proposal_id: str) -> None:
        async def work(tx: Tx) -> None:
            one = await proposals.find(tx, agent.shop_id, proposal_id)
            if one is None or not await proposals.remove(tx, agent.shop_id, proposal_id):
                raise _gone(proposal_id)
            await self._log(tx, "similar_declined", agent, one.entry_id)

        await self._store.write(work)
        self._events.publish(ReviewChanged(agent.shop_id))

    async def _said(self, agent: Agent, conversation_id: str, seq: int) -> str:
        async def work(tx: Tx) -> str:
            await seen(tx, agent, conversation_id)
            message = await talk.at(tx, conversation_id, seq)
            if message is None or message.author is not Author.SHOPPER:
                raise Refused("not_found", f"no message {seq} of the shopper")
            if message.kind is not Kind.TEXT or message.recalled_at is not None:
                raise Refused("not_found", f"message {seq} is no text")
            return message.text

        return _checked(await self._store.read(work))

    async def _log(self, tx: Tx, kind: str, agent: Agent, entry: str) -> None:
        await log.append(
            tx, kind, to_ms(self._clock()), agent.shop_id, agent_id=agent.id, data={"entry": entry}
        )

    def _question(self, one: Proposal) -> str:
        entry = self._library.entry(one.shop_id, one.entry_id)
        return "" if entry is None else entry.question


def _checked(text: str) -> str:
    """In one line. Raises Refused("invalid") for what is no question."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        raise Refused(
            "invalid", f"`text` has {len(line)} characters; at most {LONGEST} are allowed"
        )
    if not any(map(str.isalpha, chinese.wording(line))):
        raise Refused("invalid", "`text` holds no letter or character")
    return line


def _knows(entry: Entry, words: str) -> bool:
    return any(chinese.wording(phrase) == words for phrase in entry.phrases)


def _with(text: str) -> Callable[[Entry], Entry]:
    def edit(entry: Entry) -> Entry:
        if _knows(entry, chinese.wording(text)):
            return entry
        return replace(entry, similar=(*entry.similar, text))

    return edit


def _without(words: str) -> Callable[[Entry], Entry]:
    def edit(entry: Entry) -> Entry:
        kept = tuple(one for one in entry.similar if chinese.wording(one) != words)
        return replace(entry, similar=kept)

    return edit


def _gone(proposal_id: str) -> Refused:
    return Refused("not_found", f"no proposal {proposal_id}")
