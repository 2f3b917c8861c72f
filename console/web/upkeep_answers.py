"""The shapes of what is answered about how good the knowledge is, as `openapi` publishes them;
`entry_wire` makes the answers."""

from datetime import date
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from console.web.answers import EntryWarning, GateLimits, Time


class Tended(Struct):
    """An entry that needs a hand."""

    entry: str
    question: str


class FewPhrases(Tended):
    """So many phrasings it has."""

    phrases: int


class NeverShown(Tended):
    """Since then nobody was offered it."""

    since: Time


class NeverTaken(Tended):
    """So often it was offered, and never said."""

    shown: int


class Edit(Struct):
    """What agents sent instead, and how often."""

    text: str
    count: int


class OftenEdited(Tended):
    """`edits` are the commonest of what agents sent instead."""

    sent: int
    edited: int
    edits: list[Edit]


class Duplicate(Tended):
    """`same`: the same words; `phrases` are the two that are most alike, the entry's first."""

    other: Tended
    likeness: float
    same: bool
    phrases: list[str]


class Broken(Tended):
    """What does not do what its fields say."""

    findings: list[EntryWarning]


class Expiring(Tended):
    """`days` are left; negative after the last one."""

    valid_to: date
    days: int


class UpkeepLists(Struct):
    """Each holds 200 at most."""

    few_phrases: list[FewPhrases]
    never_shown: list[NeverShown]
    never_taken: list[NeverTaken]
    often_edited: list[OftenEdited]
    duplicates: list[Duplicate]
    broken: list[Broken]
    expiring: list[Expiring]


class UpkeepCounts(Struct):
    """How many there are of each."""

    few_phrases: int
    never_shown: int
    never_taken: int
    often_edited: int
    duplicates: int
    broken: int
    expiring: int


class Upkeep(Struct):
    """Which entries need a hand."""

    at: Time
    counts: UpkeepCounts
    lists: UpkeepLists


class TriedMatch(Tended):
    """`gate` is the highest of the limits that it passes."""

    score: float
    why: list[tuple[int, int]]
    phrase: str
    matched: list[tuple[int, int]]
    gate: Literal["sure", "shown", "below"]
    lift: float | UnsetType = UNSET


class TriedText(Struct):
    """`lead` is that of the first over the second."""

    text: str
    found: list[TriedMatch]
    lead: float


class TriedTexts(Struct):
    """What was found for each text, and the limits of the shop."""

    limits: GateLimits
    items: list[TriedText]


class PreviewItem(Struct):
    """An answer on a channel, to a level of customers: `parts` messages, none above `limit`."""

    channel: str
    level: str
    text: str
    html: str
    length: int
    limit: int
    unit: Literal["characters", "bytes"]
    parts: int


class Blank(Struct):
    """A name in braces, and what stands where its value is missing."""

    name: str
    known: bool
    fallback: str


class AnswerPreview(Struct):
    """How an answer reads on each channel of the shop."""

    items: list[PreviewItem]
    variables: list[Blank]
