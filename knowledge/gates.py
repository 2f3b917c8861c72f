"""The two gates of a shop, set from what its agents did with what they were offered.

Shown at all: as high as lets 19 of 20 of the messages through whose suggestion was used, and no
higher than is needed to spare agents four of five of those for which nothing was. Sure of the
first: as often as possible while it was the right one 19 times of 20.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge.matcher import Gates

NEEDED = 200
KEPT, LEAKED, RIGHT = 0.95, 0.20, 0.95
# A share of fewer than this many says nothing.
FEWEST_SURE = 20
# Scores are told with four digits.
DIGITS, HAIR = 4, 0.0001
STEP = 0.02
# Only a message in an entry's own words is sure then.
NEVER = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """An answered message: the best score, its lead over the second, and whether the answer came
    from a suggestion at all, and from the first one (as it was, or edited)."""

    score: float
    lead: float
    used: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What gates do to a log. Of the messages whose suggestion was used, and of those for which
    nothing was, the share that is shown something; of sure firsts, the share that was right. None
    where there is nothing to take a share of."""

    answered: int
    shown_share: float | None
    leak_share: float | None
    sure_right: float | None


def fitted(samples: Sequence[Sample]) -> Gates | None:
    """The gates that fit, or None where there is too little to go by."""
    if len(samples) < NEEDED:
        return None
    show = _show(samples)
    sure, lead = _sure(samples, show)
    return Gates(show=show, sure=sure, lead=lead)


def evidence(samples: Sequence[Sample], gates: Gates) -> Evidence:
    """What the gates would have done."""

    def shown(one: Sample) -> bool:
        return one.score >= gates.show

    return Evidence(
        answered=len(samples),
        shown_share=_share(samples, lambda one: one.used, shown),
        leak_share=_share(samples, lambda one: not one.used, shown),
        sure_right=_share(samples, lambda one: _is_sure(one, gates), lambda one: one.first),
    )


def _is_sure(one: Sample, gates: Gates) -> bool:
    return one.score >= 1.0 or (one.score >= gates.sure and one.lead >= gates.lead)


def _share(
    samples: Iterable[Sample], among: Callable[[Sample], bool], which: Callable[[Sample], bool]
) -> float | None:
    found = [which(one) for one in samples if among(one)]
    return round(sum(found) / len(found), DIGITS) if found else None


def _show(samples: Sequence[Sample]) -> float:
    used = sorted(one.score for one in samples if one.used)
    unused = sorted((one.score for one in samples if not one.used), reverse=True)
    # so many of the lowest may stay hidden
    highest = used[_whole((1 - KEPT) * len(used))] if used else NEVER
    if not unused:
        return highest
    # the first that must stay hidden
    last = unused[_whole(LEAKED * len(unused))]
    return min(highest, NEVER, round(last + HAIR, DIGITS))


def _whole(number: float) -> int:
    """Down to a whole number, but not because 0.05 × 20 falls short of 1 by a hair."""
    return int(number + 1e-9)


def _sure(samples: Sequence[Sample], show: float) -> tuple[float, float]:
    """The score and the lead that mark most firsts as sure and keep them right; the stricter of
    two that mark as many."""
    best, found = FEWEST_SURE - 1, (NEVER, NEVER)
    falling = sorted(samples, key=lambda one: -one.lead)
    step = 0
    while (sure := round(NEVER - step * STEP, DIGITS)) > show - STEP:
        sure = max(sure, show)
        count, lead = _leading([one for one in falling if one.score >= sure])
        if count > best:
            best, found = count, (sure, lead)
        step += 1
    return found


def _leading(falling: Sequence[Sample]) -> tuple[int, float]:
    """The lowest lead down to which enough were right, and how many lead by that much."""
    count, lead, right = 0, NEVER, 0
    for place, one in enumerate(falling, 1):
        right += one.first
        ends = place == len(falling) or falling[place].lead < one.lead
        if ends and right >= RIGHT * place - 1e-9:
            count, lead = place, one.lead
    return count, min(NEVER, max(0.0, round(lead, DIGITS)))
