"""One FAQ entry or reply script."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of shoppers in all its phrasings, and the shop's answer."""

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

    @property
    def phrases(self) -> tuple[str, ...]:
        """The question and its other phrasings."""
        return (self.question, *self.similar)

    def is_valid(self, today: date) -> bool:
        """Both dates belong to the time in which the answer holds."""
        began = self.valid_from is None or self.valid_from <= today
        return began and (self.valid_to is None or today <= self.valid_to)
