"""One FAQ entry or reply script."""

from dataclasses import dataclass
from datetime import date

from knowledge.wording import wording


@dataclass(frozen=True, slots=True)
class Variant:
    """Other words of an answer, for a `channel` (a kind of inbox), a `level` of customers, or where
    both are as said."""

    answer: str
    channel: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of shoppers in all its phrasings, and the shop's answer.

    Said in `channels` (kinds of inboxes) and by `groups` of agents only, where these are named; not
    at all, and in no list of what can be said, where it is not `enabled`. `owner` is the name of
    the agent who looks after it: a `personal` one is nobody else's to see. `pictures` are ids of
    files that go with the answer, `related` ids of entries; `auto_reply` lets a robot say it.
    """

    id: str
    question: str
    answer: str
    similar: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    category: str = ""
    shortcut: str | None = None
    hot: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    tags: tuple[str, ...] = ()
    note: str = ""
    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    enabled: bool = True
    weekdays: tuple[int, ...] = ()
    variants: tuple[Variant, ...] = ()
    pictures: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    auto_reply: bool = False
    owner: str = ""
    personal: bool = False

    def __hash__(self) -> int:
        # its spellings are kept by entry, and asked for fifty times a message
        return hash(self.id)

    @property
    def phrases(self) -> tuple[str, ...]:
        """The question and its other phrasings."""
        return (self.question, *self.similar)

    def is_valid(self, today: date) -> bool:
        """Whether the answer holds on a day; `weekdays`, where some are named, count from Monday
        as 1."""
        return self.is_current(today) and (not self.weekdays or today.isoweekday() in self.weekdays)

    def is_current(self, today: date) -> bool:
        """The same by its dates alone, which both belong to it."""
        began = self.valid_from is None or self.valid_from <= today
        return began and (self.valid_to is None or today <= self.valid_to)

    def is_for(self, agent: str | None) -> bool:
        """Whether an agent of that name may see it."""
        return not self.personal or self.owner == agent

    def wording(self, channel: str | None, level: str | None) -> str:
        """The answer for a kind of inbox and a level of customers."""
        return wording(self.answer, self.variants, channel or "", level or "")

    def is_about(self, stage: str) -> bool:
        """Whether its group, tags or category name 售前, 售中 or 售后."""
        return stage in (*self.groups, *self.tags, *self.category.split("/"))
