"""What the desk's own use says about the entries: a small correction of their scores.

Learnt from this shop alone: weights learnt on other people's questions were measured not to carry
over. Every time an entry is shown to an agent is evidence: for it where the agent sent it (taken,
or edited first), against it where the agent dismissed it (rejected), and weakly against it where
the agent wrote an answer of their own (only shown). The evidence of the last 30 days counts, each
day's half as much as the same a week later. Of an entry's amounts, `use` and
`n = use + IGNORED * only shown + rejected`, and the same summed over the shop,

    mean = (USE + 1) / (N + 2)                                  of the shop
    rate = (use + PRIOR * mean) / (n + PRIOR)                   of the entry
    lift = SPAN * (rate - mean) / (1 - mean, below it: mean)

so that an entry of n times the same outcome gets n / (n + PRIOR) of the span: five events move a
score by less than 0.01, and no number of them by more than MOST_LIFT. In the conversation's group
and on its kind of inbox the entry's rate is compared with the entry's own rate instead of the
shop's, the same way, for smaller spans.

This is the beta-binomial estimate with the mean of all as its prior (Robinson, Introduction to
Empirical Bayes, 2017, chapters 3 and 7). That a skipped suggestion says less than a chosen one is
from Joachims et al., Accurately interpreting clickthrough data as implicit feedback, 2005.

Besides, wordings are remembered: an entry that answered the very same words twice, and was not
rejected for them, gets the whole lift.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from knowledge.suggestion import MOST_LIFT

SHOWN, TAKEN, EDITED, REJECTED = OUTCOMES = ("shown", "taken", "edited", "rejected")

WINDOW_DAYS = 30
HALF_LIFE_DAYS = 7.0
PRIOR = 40.0
IGNORED = 0.25

# The spans of the entry as a whole, in the group and on the kind of inbox: MOST_LIFT together.
WHOLE, GROUP, CHANNEL = 0.05, 0.02, 0.01

TWICE = 2
# The wordings that nobody used for longest are forgotten first.
MOST_WORDINGS = 50_000

# Only to be shown changes so little that lifts once worked out serve until so much more was shown.
FRESH = 16

_PLACES = {name: place for place, name in enumerate(OUTCOMES)}
_FIRST = (None, SHOWN)
_JUDGED = frozenset({TAKEN, EDITED, REJECTED})
_USES = (_PLACES[TAKEN], _PLACES[EDITED])


class Where(NamedTuple):
    """Where an entry was suggested: the conversation's group, if any, and the kind of inbox."""

    group: str
    channel: str


class Change(NamedTuple):
    """What became of one suggested entry: an outcome, or None before it was shown."""

    entry: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """How the outcomes of an entry, or of one of its groups or channels, make a lift.

    `shown` counts all, whatever came of them; `rate` is the smoothed one of the formula.
    """

    shown: int
    taken: int
    edited: int
    rejected: int
    rate: float
    lift: float


@dataclass(frozen=True, slots=True)
class Explained:
    """An entry's lift and what it is made of, by the group's id and the inbox's kind."""

    whole: Part
    groups: Mapping[str, Part]
    channels: Mapping[str, Part]


@dataclass(slots=True)
class _Amounts:
    """How often each outcome was, in the order of OUTCOMES, and what that weighs today."""

    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    use: float = 0.0
    all: float = 0.0

    def add(self, place: int, count: int, weight: float) -> None:
        self.counts[place] += count
        if place in _USES:
            self.use += count * weight
        self.all += count * weight * (IGNORED if place == 0 else 1.0)


class Evidence:
    """What became of a shop's suggestions. No clock: the day is handed in and never goes back."""

    def __init__(self) -> None:
        self._today = date.min
        self._days: dict[date, dict[tuple[str, Where], list[int]]] = {}
        self._total = _Amounts()
        self._wholes: dict[str, _Amounts] = {}
        self._within: dict[tuple[str, str], dict[str, _Amounts]] = {}
        self._wordings: dict[str, dict[str, list[int]]] = {}
        self._used_at: dict[str, date] = {}
        self._worked_out: dict[Where, dict[str, float]] = {}
        self._shown_since = 0

    def note(
        self, today: date, day: date, where: Where, wording: str, changes: Iterable[Change]
    ) -> None:
        """Count what came of the suggestions made on `day` for a message in this wording."""
        self._move_to(today)
        judged = False
        for one in changes:
            for outcome, step in ((one.before, -1), (one.after, 1)):
                if outcome is not None:
                    self._count(day, where, one.entry, outcome, step)
            self.remember(day, wording, one)
            judged = judged or (one.before, one.after) != _FIRST
        self._shown_since += 1
        if judged or self._shown_since >= FRESH:
            self._renew()

    def add(self, today: date, many: Mapping[tuple[date, Where, str, str], int]) -> None:
        """Count many at once: how often what became of which entry where and on which day."""
        self._move_to(today)
        for (day, where, entry, outcome), count in many.items():
            self._count(day, where, entry, outcome, count)
        self._renew()

    def remember(self, day: date, wording: str, one: Change) -> None:
        """Keep what an entry's use for a wording was; only being shown says nothing here."""
        if not wording or not {one.before, one.after} & _JUDGED:
            return
        known = self._wordings.setdefault(wording, {}).setdefault(one.entry, [0, 0])
        for outcome, step in ((one.before, -1), (one.after, 1)):
            if outcome in _JUDGED:
                place = int(outcome == REJECTED)
                known[place] = max(0, known[place] + step)
        latest = max(day, self._used_at.pop(wording, day))
        self._used_at[wording] = latest  # now the last in line to be forgotten
        if len(self._wordings) > MOST_WORDINGS:
            self._forget(next(iter(self._used_at)))

    def lifts(self, today: date, where: Where, wording: str) -> dict[str, float]:
        """The points to add to each entry's score here and now; entries without any are absent."""
        self._move_to(today)
        lifts = self._worked_out.get(where)
        if lifts is None:
            lifts = self._worked_out[where] = self._work_out(where)
        return {**lifts, **dict.fromkeys(self._proven(wording), MOST_LIFT)}

    def explain(self, today: date) -> dict[str, Explained]:
        """Where each entry's lift comes from."""
        self._move_to(today)
        mean = self._mean()
        explained = {}
        for entry, whole in self._wholes.items():
            part = _part(whole, mean, WHOLE)
            groups = self._parts_of(entry, "group", part.rate, GROUP)
            channels = self._parts_of(entry, "channel", part.rate, CHANNEL)
            explained[entry] = Explained(part, dict(groups), dict(channels))
        return explained

    def total(self, today: date) -> Part:
        """The whole shop's outcomes and its mean rate."""
        self._move_to(today)
        return _part(self._total, self._mean(), 0.0)

    def _work_out(self, where: Where) -> dict[str, float]:
        mean = self._mean()
        group = self._within.get(("group", where.group), {}) if where.group else {}
        channel = self._within.get(("channel", where.channel), {})
        lifts = {}
        for entry, whole in self._wholes.items():
            rate, points = _lift(whole, mean, WHOLE)
            for amounts, span in ((group.get(entry), GROUP), (channel.get(entry), CHANNEL)):
                if amounts is not None:
                    points += _lift(amounts, rate, span)[1]
            if round(points, 4):
                lifts[entry] = points
        return lifts

    def _renew(self) -> None:
        self._worked_out.clear()
        self._shown_since = 0

    def _parts_of(
        self, entry: str, axis: str, rate: float, span: float
    ) -> Iterator[tuple[str, Part]]:
        for (name, value), entries in self._within.items():
            if name == axis and entry in entries:
                yield value, _part(entries[entry], rate, span)

    def _mean(self) -> float:
        return (self._total.use + 1) / (self._total.all + 2)

    def _weight(self, day: date) -> float:
        # a clock set back must not make evidence of tomorrow outweigh today's
        return float(0.5 ** (max(0, (self._today - day).days) / HALF_LIFE_DAYS))

    def _count(self, day: date, where: Where, entry: str, outcome: str, count: int) -> None:
        if (self._today - day).days >= WINDOW_DAYS:
            return
        place = _PLACES[outcome]
        counts = self._days.setdefault(day, {}).setdefault((entry, where), [0, 0, 0, 0])
        count = max(count, -counts[place])
        counts[place] += count
        self._add(entry, where, place, count, self._weight(day))

    def _add(self, entry: str, where: Where, place: int, count: int, weight: float) -> None:
        kept = [self._total, self._wholes.setdefault(entry, _Amounts())]
        for axis, value in zip(("group", "channel"), where, strict=True):
            if value:
                entries = self._within.setdefault((axis, value), {})
                kept.append(entries.setdefault(entry, _Amounts()))
        for one in kept:
            one.add(place, count, weight)

    def _move_to(self, today: date) -> None:
        """Weigh everything anew on a new day, and drop what is out of the window."""
        if today <= self._today:
            return
        self._today = today
        self._renew()
        self._total, self._wholes, self._within = _Amounts(), {}, {}
        self._days = {
            day: counted for day, counted in self._days.items() if (today - day).days < WINDOW_DAYS
        }
        for day, counted in self._days.items():
            weight = self._weight(day)
            for (entry, where), counts in counted.items():
                for place, count in enumerate(counts):
                    if count:
                        self._add(entry, where, place, count, weight)
        for wording, used in list(self._used_at.items()):
            if (today - used).days >= WINDOW_DAYS:
                self._forget(wording)

    def _forget(self, wording: str) -> None:
        del self._wordings[wording], self._used_at[wording]

    def _proven(self, wording: str) -> Iterator[str]:
        for entry, (used, rejected) in self._wordings.get(wording, {}).items():
            if used >= TWICE and not rejected:
                yield entry


def _lift(amounts: _Amounts, mean: float, span: float) -> tuple[float, float]:
    """The smoothed rate, and its points against the mean."""
    rate = (amounts.use + PRIOR * mean) / (amounts.all + PRIOR)
    return rate, span * (rate - mean) / (1 - mean if rate > mean else mean)


def _part(amounts: _Amounts, mean: float, span: float) -> Part:
    rate, points = _lift(amounts, mean, span)
    _, taken, edited, rejected = amounts.counts
    return Part(sum(amounts.counts), taken, edited, rejected, round(rate, 4), round(points, 4))
