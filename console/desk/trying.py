"""Trying out: what the matcher finds for some texts, and how an answer reads on each channel.

Nothing of it is put on record: who tries something out is no shopper.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from channels.base import Abilities
from console.clock import Clock
from console.desk.inboxes import Inboxes
from console.desk.learning import Learning
from console.desk.library import Library
from console.model.people import Agent, Group
from console.model.refusal import Refused
from console.model.words import ShopId
from console.store import Store, people
from knowledge import Context, Entry, Suggestion, markup, variables
from knowledge.learning import Where
from knowledge.wording import Variant, wording

# There is always one: every installation begins with it, and the previewing page is like it.
EVERYWHERE = "widget"


class Found(NamedTuple):
    """An entry that was found, and the highest of the limits that it passes."""

    entry: Entry
    suggestion: Suggestion
    gate: Literal["sure", "shown", "below"]


@dataclass(frozen=True, slots=True)
class Match:
    """`lead` is that of the first over the second, or over nothing."""

    text: str
    found: Sequence[Found]
    lead: float


@dataclass(frozen=True, slots=True)
class Blank:
    name: str
    known: bool
    fallback: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A wording as a channel says it to a level of customers, in so many messages."""

    channel: str
    level: str
    text: str
    html: str
    length: int
    parts: int
    abilities: Abilities


@dataclass(frozen=True, slots=True)
class Preview:
    shown: Sequence[Shown]
    blanks: Sequence[Blank]


class Trying:
    """Verbs of whoever writes answers."""

    def __init__(
        self, store: Store, library: Library, learning: Learning, inboxes: Inboxes, clock: Clock
    ) -> None:
        self._store = store
        self._library = library
        self._learning = learning
        self._inboxes = inboxes
        self._clock = clock

    async def match(
        self, agent: Agent, texts: Sequence[str], *, channel: str = "", group: str = ""
    ) -> list[Match]:
        """What the agent would find for each text as a shopper's message: five each, whether or not
        they would be shown. `group` is a name or an id. Refused("invalid") for an unknown one.
        """
        shop_id = agent.shop_id
        if channel and channel not in self._inboxes.known:
            known = ", ".join(sorted(self._inboxes.known))
            raise Refused("invalid", f"`channel`: no channel of kind {channel}; there are: {known}")
        of = await self._group(shop_id, group) if group else None
        where = Where(of.id if of else "", channel)
        name, today = of.name if of else None, self._clock().astimezone().date()
        asked = []
        for text in texts:
            lifts = self._learning.taught(shop_id, where, text)
            context = Context(
                today=today,
                channel=channel or None,
                group=name,
                agent=agent.name,
                stage=name,
                lifts=lifts,
            )
            asked.append((text, context))
        found = await self._library.match(shop_id, asked)
        return [self._matched(shop_id, text, some) for text, some in zip(texts, found, strict=True)]

    async def preview(
        self,
        shop_id: ShopId,
        answer: str,
        variants: Sequence[Variant] = (),
        values: Mapping[str, str] | None = None,
    ) -> Preview:
        """How an answer reads on each kind of channel of the shop, to each level that has a wording
        of its own and to everybody else."""
        levels = ["", *dict.fromkeys(one.level for one in variants if one.level)]
        kinds = self._inboxes.kinds(shop_id) - {EVERYWHERE}
        channels = {kind: self._inboxes.abilities(kind) for kind in (EVERYWHERE, *sorted(kinds))}
        said = {
            (kind, level): wording(answer, variants, kind, level)
            for kind in channels
            for level in levels
        }

        def shown() -> list[Shown]:
            read = {one: _read(one, values or {}) for one in said.values()}
            return [_shown(*at, read[one], channels[at[0]]) for at, one in said.items()]

        return Preview(await asyncio.to_thread(shown), [*_blanks(answer, variants)])

    async def _group(self, shop_id: ShopId, wanted: str) -> Group:
        groups = await self._store.read(lambda tx: people.groups(tx, shop_id))
        found = next((one for one in groups if wanted in (one.id, one.name)), None)
        if found is None:
            raise Refused("invalid", f"`group`: no group {wanted}")
        return found

    def _matched(self, shop_id: ShopId, text: str, found: Sequence[Suggestion]) -> Match:
        scores = [one.score for one in found[:2]] + [0.0, 0.0]
        kept = ((self._library.entry(shop_id, one.entry), one) for one in found)
        return Match(
            text,
            [Found(entry, one, _gate(one)) for entry, one in kept if entry is not None],
            round(scores[0] - scores[1], 4),
        )


def _gate(one: Suggestion) -> Literal["sure", "shown", "below"]:
    return "sure" if one.sure else "shown" if one.show else "below"


def _read(said: str, values: Mapping[str, str]) -> tuple[str, str]:
    """As text and as HTML. Filled last: what a shopper is called is no mark."""
    return variables.fill(markup.plain(said), values), markup.fill_html(said, values)


def _shown(channel: str, level: str, read: tuple[str, str], abilities: Abilities) -> Shown:
    length, parts = abilities.length_of(read[0]), len(abilities.parts(read[0]))
    return Shown(channel, level, *read, length, parts, abilities)


def _blanks(answer: str, variants: Sequence[Variant]) -> Iterator[Blank]:
    written = "\n".join((answer, *(one.answer for one in variants)))
    for name, fallback in variables.fallbacks(written).items():
        yield Blank(name, name in variables.FALLBACKS, fallback)
