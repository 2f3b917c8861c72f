"""One FAQ entry or reply script."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of shoppers in all its phrasings, and the shop's answer. Said in `channels` (kinds
    of inboxes) and by `groups` of agents only, where these are named; not at all, and in no list of
    what can be said, where it is not `enabled`."""

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

    def __hash__(self) -> int:
        # its spellings are kept by entry, and asked for fifty times a message
        return hash(self.id)

    @property
    def phrases(self) -> tuple[str, ...]:
        """The question and its other phrasings."""
        return (self.question, *self.similar)

    def is_valid(self, today: date) -> bool:
        """Both dates belong to the time in which the answer holds."""
        began = self.valid_from is None or self.valid_from <= today
        return began and (self.valid_to is None or today <= self.valid_to)

    def is_about(self, stage: str) -> bool:
        """Whether its group, tags or category name 售前, 售中 or 售后."""
        return stage in (*self.groups, *self.tags, *self.category.split("/"))
