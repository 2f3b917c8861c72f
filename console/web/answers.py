"""The shapes of what /api answers, as `openapi` publishes them. `wire` and `entry_wire` make the
answers; tests/web/test_openapi.py holds what they make against these.

A field that is UNSET may be absent. Programs should pass over fields they do not know.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from console.model.draft import DraftState
from console.model.refusal import Code
from console.model.words import Availability, Delivery, Kind, Role

Time = Annotated[datetime, Meta(tz=True)]


class Named(Struct):
    """An agent, a group or a contact."""

    id: str
    name: str


class Done(Struct):
    """It is done; there is nothing to tell."""


class Variant(Struct):
    """Other words of an answer; an empty channel or level means any."""

    answer: str
    channel: str
    level: str


class Entry(Struct):
    """A knowledge entry. Dates are of the shop's own time."""

    id: str
    question: str
    similar: list[str]
    negative: list[str]
    answer: str
    category: str
    shortcut: str | None
    hot: bool
    enabled: bool
    tags: list[str]
    channels: list[str]
    groups: list[str]
    note: str
    weekdays: list[int]
    variants: list[Variant]
    pictures: list[str]
    related: list[str]
    auto_reply: bool
    owner: str
    personal: bool
    initials: str
    revision: int
    valid_from: date | UnsetType = UNSET
    valid_to: date | UnsetType = UNSET
    plain: list[str] | UnsetType = UNSET


class EntryList(Struct):
    """In the owner's order; `total` counts those beyond the page too."""

    items: list[Entry]
    total: int


class EntryWarning(Struct):
    """What makes the answers of an entry worse; no error."""

    field: str
    code: str
    message: str


class SavedEntry(Entry, kw_only=True):
    """An entry that was just written."""

    warnings: list[EntryWarning]


class EntryStep(Struct):
    """One revision; `by` is null where no agent made it, `fields` are those that it changed."""

    revision: int
    at: Time
    by: Named | None
    change: Literal["created", "changed", "deleted", "restored", "imported"]
    fields: list[str]


class EntryHistory(Struct):
    """The newest first; `more`: there are older ones."""

    items: list[EntryStep]
    more: bool


class FieldChange(Struct):
    """A field of an entry before and after a revision."""

    before: Any
    after: Any


class EntryRevision(EntryStep):
    """The entry as it was, and what differed from the revision before, by field."""

    entry: Entry
    diff: dict[str, FieldChange]


class ChangedEntry(Struct):
    """An entry and its new revision."""

    id: str
    revision: int


class EntriesChanged(Struct):
    """Entries that were changed together; `undo` takes it back with `POST /api/entries/undo`, and
    is null where nothing had to change."""

    items: list[ChangedEntry]
    changed: int
    undo: str | None


class EntryCategory(Struct):
    """A category; `count` includes what stands below."""

    name: str
    path: str
    count: int
    under: list["EntryCategory"]


class EntryCategories(Struct):
    """The tree of categories in the owner's order."""

    items: list[EntryCategory]


class Refusal(Struct):
    """Why it was not done: a code of a closed list, and a sentence that names the field or id."""

    code: Code
    message: str
    data: "Instead | UnsetType" = UNSET


class Asking(Struct):
    """An entry by its question."""

    id: str
    question: str


class Instead(Struct):
    """What is there instead of what was expected: an entry, or entries that are in the way."""

    entry: Entry | UnsetType = UNSET
    entries: list[Asking] | UnsetType = UNSET


class Decided(Struct):
    """Who published or declined a draft, by name, and when."""

    by: str
    at: Time


class Draft(Struct):
    """An entry, or a change of the entry `entry`, that an agent proposes."""

    id: str
    entry: str | None
    revision: int | None
    question: str
    fields: dict[str, Any]
    note: str
    by: Named
    at: Time
    state: DraftState
    conversation: str | UnsetType = UNSET
    seq: int | UnsetType = UNSET
    decided: Decided | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class DraftList(Struct):
    """`total` counts those beyond the list too."""

    items: list[Draft]
    total: int


class Used(Struct):
    """How often an entry was said, how often changed first, and how often by who asks."""

    entry: str
    sent: int
    edited: int
    mine: int
    last: date


class UsageList(Struct):
    """The most said first."""

    items: list[Used]


class Error(Struct):
    """Every refusal."""

    error: Refusal


class Proposal(Struct):
    """A similar question that an agent proposes."""

    id: str
    entry: str
    question: str
    text: str
    by: Named
    at: Time


class Proposals(Struct):
    """The oldest first."""

    items: list[Proposal]
    total: int


class GivenAnswer(Struct):
    """What agents said to an unmatched question, and how often."""

    text: str
    count: int


class Gap(Struct):
    """Questions that ask the same and that no entry answers; `examples` are its other wordings."""

    id: str
    text: str
    count: int
    askers: int
    examples: list[str]
    answers: list[GivenAnswer]
    first_at: Time
    last_at: Time


class Unmatched(Struct):
    """Those with the most askers first."""

    items: list[Gap]
    total: int


class GateLimits(Struct):
    """What is shown scored `show` at least; a sure first scored `sure` and led the second by
    `lead`."""

    show: float
    sure: float
    lead: float


class GateEvidence(Struct):
    """What the limits do to the log; null where there is nothing to take a share of."""

    answered: int
    needed: int
    shown_share: float | None
    leak_share: float | None
    sure_right: float | None


class Gates(Struct):
    """The limits that hold, those shipped, and those that fit the shop's own log."""

    gates: GateLimits
    shipped: GateLimits
    fitted: GateLimits | None
    evidence: GateEvidence


class Outcomes(Struct):
    """What came of suggestions in 30 days; `rate` is the smoothed share that was used."""

    shown: int
    taken: int
    edited: int
    rejected: int
    rate: float


class LearntGroup(Outcomes):
    """The part of a group in an entry's correction."""

    lift: float
    id: str
    name: str


class LearntChannel(Outcomes):
    """The part of a channel in an entry's correction."""

    lift: float
    kind: str


class LearntEntry(Outcomes):
    """What an entry's correction, `lift`, is made of."""

    lift: float
    entry: str
    question: str
    groups: list[LearntGroup]
    channels: list[LearntChannel]


class Learnt(Struct):
    """What the shop's own use teaches; nothing older than `since` is counted."""

    items: list[LearntEntry]
    total: Outcomes
    since: Time | UnsetType = UNSET


class Me(Struct):
    """The signed-in agent."""

    id: str
    name: str
    role: Role
    state: Availability
    capacity: int
    groups: list[Named]


class SignedIn(Struct):
    """`csrf` is what the header X-CSRF-Token carries."""

    agent: Me
    csrf: str


class Inbox(Struct):
    """A channel account of the shop."""

    id: str
    kind: str
    name: str


class Letter(Struct):
    """A message on its way to a provider, or one that did not arrive; `reason` says why."""

    id: str
    conversation: str
    seq: int
    inbox: Inbox
    contact: Named
    kind: Kind
    text: str
    state: Delivery
    attempts: int
    at: Time
    agent: Named | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    due_at: Time | UnsetType = UNSET


class Letters(Struct):
    """The newest first."""

    items: list[Letter]
    total: int
