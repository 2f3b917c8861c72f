"""What agents do with suggestions: put on record, and turned into the correction of the next ones.

The record is the database's; the evidence counted from it is kept in memory, so that matching asks
the database nothing more. A reset forgets nothing: it moves the moment from which evidence counts.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import blake2b
from typing import Any

import orjson

from console.clock import Clock
from console.desk.inboxes import Inboxes
from console.desk.library import Library
from console.desk.views import seen
from console.events import Event, Events, Judged
from console.model.conversation import Conversation
from console.model.offer import SENT, Item, Offer, Outcome, joined, judged
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import ShopId, from_ms, to_ms
from console.store import Store, Tx, log, offers, people, places, talk
from knowledge import Suggestion, chinese, learning
from knowledge.learning import Change, Evidence, Explained, Part, Where

told = logging.getLogger(__name__)

WINDOW = timedelta(days=learning.WINDOW_DAYS)
# An answer belongs to one of the shopper's last messages.
RECENT = 3
# A question that is older was answered in words of the agent's own, or will not be.
FRESH = timedelta(minutes=5)
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a shop has learnt; `groups` are the names of its groups by id."""

    entries: Mapping[str, Explained]
    questions: Mapping[str, str]
    groups: Mapping[str, str]
    total: Part
    since: datetime | None


@dataclass(slots=True)
class _Lesson:
    """One shop's evidence, of offers made after `since`."""

    evidence: Evidence = field(default_factory=Evidence)
    since: datetime | None = None


class Learning:
    """Keeps the record and the evidence; the verbs are the agent's and the owner's."""

    def __init__(
        self, store: Store, events: Events, library: Library, inboxes: Inboxes, clock: Clock
    ) -> None:
        self._store = store
        self._events = events
        self._library = library
        self._inboxes = inboxes
        self._clock = clock
        self._lessons: dict[ShopId, _Lesson] = {}
        self._late: dict[ShopId, list[Judged]] = {}
        self._counting = asyncio.Lock()
        events.subscribe(self._hear, Judged)

    async def load(self) -> None:
        """Count the evidence there is; until then nothing is corrected."""
        for shop_id in await self._store.read(places.shops):
            async with self._counting:
                await self._read(shop_id)

    def where(self, conversation: Conversation) -> Where:
        inbox = self._inboxes.by_id(conversation.inbox_id)
        return Where(conversation.group_id or "", inbox.kind if inbox else "")

    def lifts(self, conversation: Conversation, text: str) -> dict[str, float]:
        """What use has taught about the entries, for a text in a conversation."""
        return self.taught(conversation.shop_id, self.where(conversation), text)

    def taught(self, shop_id: ShopId, where: Where, text: str) -> dict[str, float]:
        """The same for a text in any conversation there."""
        return self._lesson(shop_id).evidence.lifts(self._today(), where, _digest(text))

    async def offered(
        self, conversation: Conversation, for_seq: int, text: str, found: Sequence[Suggestion]
    ) -> None:
        """Put on record what was suggested for a message. A failure is logged: nobody waits."""
        items = tuple(Item(one.entry, one.score) for one in found if one.show)
        offer = Offer(
            conversation.id, for_seq, conversation.shop_id, self._clock(), conversation.agent_id,
            conversation.group_id, self.where(conversation).channel, _digest(text), bool(items),
            items,
        )  # fmt: skip

        async def work(tx: Tx) -> list[Event]:
            if await offers.add(tx, offer):
                return [Judged(None, offer)]
            before = await offers.find(tx, offer.conversation_id, offer.for_seq)
            return [] if before is None else await _save(tx, before, joined(before, offer))

        try:
            self._events.publish(*await self._store.write(work))
        except Refused as no:
            told.warning("an offer is not on record: %s", no.message)

    async def used(
        self, tx: Tx, conversation: Conversation, suggestion: Mapping[str, Any]
    ) -> list[Event]:
        """An answer came from an entry; in the transaction of the answer.

        One that was not offered, but found by asking or picked from the phrases, joins the newest
        offer if that is for the shopper's newest words, these are fresh, and no entry has answered
        them yet. Agents also pick a farewell after the answer and a reminder much later: these
        answer nothing that was asked, and would be lifted for it.
        """
        entry = str(suggestion["entry"])
        recent = await offers.latest(tx, conversation.id, RECENT)
        if not recent or self._library.entry(conversation.shop_id, entry) is None:
            return []
        open_ones = (Outcome.SHOWN, Outcome.REJECTED)
        before = next((one for one in recent if one.outcome(entry) in open_ones), None)
        if before is None:
            if not await self._awaits_answer(tx, recent[0]):
                return []
            before = recent[0]
        shown = joined(before, replace(before, items=(Item(entry, 0.0),)))
        outcome = Outcome.EDITED if suggestion["edited"] else Outcome.TAKEN
        return await _save(tx, before, judged(shown, entry, outcome))

    async def _awaits_answer(self, tx: Tx, offer: Offer) -> bool:
        """Whether the offer is for the shopper's newest words, which are fresh, and nothing of it
        was sent yet."""
        words = await talk.last_words(tx, offer.conversation_id, 1)
        newest = bool(words) and words[0][1] == offer.for_seq
        fresh = self._clock() - offer.at <= FRESH
        return newest and fresh and not any(one.outcome in SENT for one in offer.items)

    async def reject(
        self, agent: Agent, conversation_id: str, for_seq: int, entry: str, *, undo: bool
    ) -> None:
        """Dismiss a suggestion, or show it again. What was sent stays so; again is harmless."""

        async def work(tx: Tx) -> list[Event]:
            conversation = await seen(tx, agent, conversation_id)
            before = await offers.find(tx, conversation_id, for_seq)
            now = None if before is None else before.outcome(entry)
            if before is None or now is None:
                raise Refused("not_found", f"no suggestion {entry} for message {for_seq}")
            outcome = Outcome.SHOWN if undo else Outcome.REJECTED
            if now in SENT or now is outcome:
                return []
            await log.append(
                tx, "suggestion_rejected", to_ms(self._clock()), agent.shop_id,
                conversation=conversation, agent_id=agent.id, seq=for_seq,
                data={"entry": entry, **({"undo": True} if undo else {})},
            )  # fmt: skip
            return await _save(tx, before, judged(before, entry, outcome))

        self._events.publish(*await self._store.write(work))

    async def overview(self, shop_id: ShopId) -> Learnt:
        """What each entry's lift is made of, the most shown first."""
        groups = await self._store.read(lambda tx: people.groups(tx, shop_id))
        lesson, today = self._lesson(shop_id), self._today()
        explained = lesson.evidence.explain(today)
        order = sorted(explained, key=lambda one: (-explained[one].whole.shown, one))
        known = {one: self._library.entry(shop_id, one) for one in order}

        def hidden(one: str) -> bool:
            entry = known[one]
            return entry is not None and not entry.is_for(None)

        return Learnt(
            {
                one: explained[one]
                for one in order
                if explained[one].whole.shown and not hidden(one)
            },
            {one: entry.question for one, entry in known.items() if entry is not None},
            {one.id: one.name for one in groups},
            lesson.evidence.total(today),
            lesson.since,
        )

    async def reset(self, agent: Agent) -> None:
        """Count evidence from now on only."""
        now = self._clock()

        async def work(tx: Tx) -> None:
            moments = [*await _moments(tx, agent.shop_id), to_ms(now)]
            await _keep(tx, agent.shop_id, moments)
            await log.append(tx, "learning_reset", to_ms(now), agent.shop_id, agent_id=agent.id)

        async with self._counting:
            await self._store.write(work)
            self._lessons[agent.shop_id] = _Lesson(since=now)

    async def restore(self, agent: Agent) -> None:
        """Undo the last reset. Refused("conflict") where there is none."""

        async def work(tx: Tx) -> None:
            moments = await _moments(tx, agent.shop_id)
            if not moments:
                raise Refused("conflict", "nothing was reset")
            await _keep(tx, agent.shop_id, moments[:-1])
            await log.append(
                tx, "learning_restored", to_ms(self._clock()), agent.shop_id, agent_id=agent.id
            )

        async with self._counting:
            await self._store.write(work)
            await self._read(agent.shop_id)

    async def _read(self, shop_id: ShopId) -> None:
        """Count a shop's evidence anew. What is told meanwhile is counted after; if it was read
        already then twice, until the next start, which a correction this small can bear."""

        self._late[shop_id] = []
        try:
            self._lessons[shop_id] = await self._counted(shop_id)
        finally:
            late = self._late.pop(shop_id)
        for event in late:
            self._note(event)

    async def _counted(self, shop_id: ShopId) -> _Lesson:
        """In pages, so that neither the event loop nor other readers wait long for one."""
        moments = await self._store.read(lambda tx: _moments(tx, shop_id))
        lesson = _Lesson(since=from_ms(moments[-1]) if moments else None)
        now = self._clock()
        begin = max(now - WINDOW, lesson.since or now - WINDOW)
        after: offers.Key | None = (to_ms(begin) + 1, "", 0)
        while after is not None:
            read = partial(offers.past, shop_id=shop_id, after=after, until_ms=to_ms(now))
            page, after = await self._store.read(read)
            _count(lesson.evidence, _day(now), page)
        return lesson

    def _hear(self, event: Event) -> None:
        if isinstance(event, Judged):
            self._note(event)
            if event.after.shop_id in self._late:
                self._late[event.after.shop_id].append(event)

    def _note(self, event: Judged) -> None:
        before, offer = event.before, event.after
        lesson = self._lesson(offer.shop_id)
        if lesson.since is not None and offer.at <= lesson.since:
            return
        changes = [
            Change(one.entry, was, one.outcome)
            for one in offer.items
            if (was := None if before is None else before.outcome(one.entry)) is not one.outcome
        ]
        where = Where(offer.group_id or "", offer.inbox_kind)
        lesson.evidence.note(self._today(), _day(offer.at), where, offer.wording, changes)

    def _lesson(self, shop_id: ShopId) -> _Lesson:
        return self._lessons.setdefault(shop_id, _Lesson())

    def _today(self) -> date:
        return _day(self._clock())


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _count(evidence: Evidence, today: date, page: list[offers.Past]) -> None:
    many: Counter[tuple[int, str, str, str, str]] = Counter()
    for at, group, channel, wording, items in page:
        for entry, _, outcome in items:
            many[at // DAY_MS, group, channel, entry, outcome] += 1
            if outcome != learning.SHOWN:
                change = Change(entry, learning.SHOWN, outcome)
                evidence.remember(_day(from_ms(at)), wording, change)
    counts = {
        (_day(from_ms(day * DAY_MS)), Where(group, channel), entry, outcome): count
        for (day, group, channel, entry, outcome), count in many.items()
    }
    evidence.add(today, counts)


async def _save(tx: Tx, before: Offer, after: Offer) -> list[Event]:
    if after == before:
        return []
    await offers.save(tx, after)
    return [Judged(before, after)]


async def _moments(tx: Tx, shop_id: ShopId) -> list[int]:
    """When the shop's learning was reset, the latest last."""
    note = await places.note(tx, f"learning_since:{shop_id}")
    return list(orjson.loads(note)) if note else []


async def _keep(tx: Tx, shop_id: ShopId, moments: list[int]) -> None:
    await places.keep_note(tx, f"learning_since:{shop_id}", orjson.dumps(moments).decode())


def _digest(text: str) -> str:
    """The same for two messages of the same words; the words themselves are not in it."""
    words = chinese.wording(text)
    return blake2b(words.encode(), digest_size=8).hexdigest() if words else ""
