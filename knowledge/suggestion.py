"""What is asked and what is answered: the context of a message, a suggestion, and its two gates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

# Two gates: worth showing at all by the score, sure of the first by its lead over the second. Set
# on the tune half of tests/knowledge/data/messages.yaml: four of five answerable messages are
# shown something and one of five unanswerable ones; a sure first is right 19 times of 20.
SHOW = 0.32
SURE, LEAD = 0.40, 0.20
# What is not one of the entry's own phrasings scores less than 1.
NEARLY = 0.99
MOST_LIFT = 0.08


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the words; the date is handed in because rules read no clock.

    `channel`, `group` and `agent` (a name) keep out entries that are for others, `stage` (售前,
    售中, 售后) prefers entries about it; `earlier` are the shopper's last words, the newest last.
    `lifts` is what the shop's own use has taught: points to add to an entry's score, bounded by
    MOST_LIFT either way, so that it settles what is close and turns nothing over.
    """

    today: date | None = None
    product: str | None = None
    earlier: tuple[str, ...] = ()
    channel: str | None = None
    group: str | None = None
    agent: str | None = None
    stage: str | None = None
    lifts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gates:
    """A suggestion is worth showing from the score `show` on; the first is sure from the score
    `sure` on, where it leads the second by `lead`."""

    show: float = SHOW
    sure: float = SURE
    lead: float = LEAD


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`why` are spans of the message in code points, `matched` those of `phrase`, the phrasing of
    the entry that is closest; `sure` only the first can be. `lift` is what use has added to the
    score or taken from it."""

    entry: str
    score: float
    show: bool
    sure: bool
    why: tuple[tuple[int, int], ...]
    phrase: str = ""
    matched: tuple[tuple[int, int], ...] = ()
    lift: float = 0.0
