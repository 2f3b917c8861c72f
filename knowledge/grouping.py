"""Many questions as groups of those that ask the same, each around the one most like the others.

A group is a star and no chain: every member is like its middle, and no middle is like another one,
so that 能便宜点吗 and 能便宜点发货吗 do not meet over something in between. Pure, and the same
for the same questions in whatever order they came.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from knowledge.likeness import FUZZY, LIMIT, SOUNDS, Spelt, likeness, remains, spell

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_EXAMPLES = 20
# Among how many texts of a group the examples are looked for, the most asked ones.
MOST_COMPARED = 60
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Question:
    """A message in its normal text, who asked it, and when (any rising number)."""

    text: str
    asker: str
    at: int


Q = TypeVar("Q", bound=Question)


@dataclass(frozen=True, slots=True)
class Group(Generic[Q]):
    """`text` is the middle; `examples` are other wordings, the most different ones first."""

    text: str
    questions: tuple[Q, ...]
    examples: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.questions)

    @property
    def askers(self) -> int:
        return len({one.asker for one in self.questions})

    @property
    def first_at(self) -> int:
        return min(one.at for one in self.questions)

    @property
    def last_at(self) -> int:
        return max(one.at for one in self.questions)

    def where(self, keep: Callable[[Q], bool]) -> Group[Q] | None:
        """The group of some of its questions; None where there are none. Its middle stays."""
        kept = tuple(filter(keep, self.questions))
        return replace(self, questions=kept) if kept else None


def grouped(questions: Iterable[Q]) -> list[Group[Q]]:
    """Every question in one group, the most asked group first. The same text is never parted."""
    asked: dict[str, list[Q]] = {}
    for one in questions:
        asked.setdefault(one.text, []).append(one)
    texts = sorted(asked)
    weights = [len({one.asker for one in asked[text]}) for text in texts]
    middles = _stars(_neighbours(texts), weights)
    found = [_group(texts, asked, middle, members) for middle, members in middles.items()]
    return sorted(found, key=lambda one: (-one.askers, -one.count, one.text))


def _neighbours(texts: Sequence[str]) -> list[dict[int, float]]:
    """For each text the others that are like it, and how much. Shared terms are added up for all
    pairs over the lists of who holds a term; only pairs that may reach the limit are looked at."""
    # Loaded when questions are grouped and not when the server starts.
    from rapidfuzz import fuzz, process

    spelt = [spell(text) for text in texts]
    near: list[dict[int, float]] = [{} for _ in texts]
    pairs = [*_likely(spelt)]
    if not pairs:
        return near
    letters = process.cpdist(
        [spelt[first].letters for first, _, _ in pairs],
        [spelt[second].letters for _, second, _ in pairs],
        scorer=fuzz.ratio,
    ).tolist()
    for (first, second, shared), ratio in zip(pairs, letters, strict=True):
        bare = (1 - FUZZY) * shared + FUZZY * ratio / 100
        if bare < LIMIT:
            continue
        alike = bare * remains(spelt[first], spelt[second])
        if alike >= LIMIT:
            near[first][second] = near[second][first] = alike
    return near


def _likely(spelt: Sequence[Spelt]) -> Iterator[tuple[int, int, float]]:
    """Pairs, the first before the second, whose terms let them reach the limit at best."""
    import numpy as np

    characters = _Holders([one.characters for one in spelt])
    sounds = _Holders([one.sounds for one in spelt])
    least = (LIMIT - FUZZY) / (1 - FUZZY)
    for first in range(len(spelt)):
        shared = (1 - SOUNDS) * characters.shares(first) + SOUNDS * sounds.shares(first)
        shared[: first + 1] = 0.0
        for second in np.flatnonzero(shared >= least).tolist():
            yield first, second, float(shared[second])


class _Holders:
    """Who holds each term, and with what weight."""

    def __init__(self, spelt: Sequence[dict[str, float]]) -> None:
        import numpy as np

        held: dict[str, tuple[list[int], list[float]]] = {}
        for place, terms in enumerate(spelt):
            for term, weight in terms.items():
                places, weights = held.setdefault(term, ([], []))
                places.append(place)
                weights.append(weight)
        self._spelt = spelt
        self._held = {
            term: (np.array(places, np.int32), np.array(weights))
            for term, (places, weights) in held.items()
        }
        self._totals = np.array([sum(terms.values()) for terms in spelt])

    def shares(self, place: int) -> NDArray[Any]:
        """For every text, what it has in common with the one at `place`, of all that both have."""
        import numpy as np

        terms = self._spelt[place]
        if not terms:
            return np.zeros(len(self._spelt))
        where = np.concatenate([self._held[term][0] for term in terms])
        both = [np.minimum(self._held[term][1], weight) for term, weight in terms.items()]
        shared: NDArray[Any] = np.bincount(where, np.concatenate(both), minlength=len(self._spelt))
        either = np.maximum(self._totals + self._totals[place] - shared, NOTHING)
        return np.asarray(shared / either)


def _stars(near: Sequence[dict[int, float]], weights: Sequence[int]) -> dict[int, list[int]]:
    """Middles with those nearest to them. The next middle is the text that most of those who are
    still alone would gather around, so that no two middles are alike."""
    free = [True] * len(near)

    def pull(place: int) -> float:
        others = sorted(near[place].items())
        return weights[place] + sum(weights[n] * alike for n, alike in others if free[n])

    waiting = [(-pull(place), place) for place in range(len(near))]
    heapq.heapify(waiting)
    middles: dict[int, list[int]] = {}
    while waiting:
        pulled, place = heapq.heappop(waiting)
        if not free[place]:
            continue
        if (now := -pull(place)) > pulled:  # some of its own are gone since
            heapq.heappush(waiting, (now, place))
            continue
        middles[place] = [place]
        free[place] = False
        for other in near[place]:
            free[other] = False
    for place, others in enumerate(near):
        if place not in middles:
            nearest = max((n for n in others if n in middles), key=lambda n: (others[n], -n))
            middles[nearest].append(place)
    return middles


def _group(
    texts: Sequence[str], asked: dict[str, list[Q]], middle: int, members: Sequence[int]
) -> Group[Q]:
    questions = [one for place in sorted(members) for one in asked[texts[place]]]
    others = sorted(members[1:], key=lambda place: (-len(asked[texts[place]]), place))
    examples = _different(texts[middle], [texts[place] for place in others[:MOST_COMPARED]])
    return Group(texts[middle], tuple(sorted(questions, key=_order)), tuple(examples))


def _order(one: Question) -> tuple[int, str, str]:
    return one.at, one.asker, one.text


def _different(middle: str, others: Sequence[str]) -> Iterator[str]:
    """Each time the text that is least like all that were taken before."""
    closest = {text: likeness(middle, text) for text in others}
    while closest and len(closest) > len(others) - MOST_EXAMPLES:
        chosen = min(closest, key=lambda text: (closest[text], text))
        yield chosen
        del closest[chosen]
        closest = {text: max(alike, likeness(chosen, text)) for text, alike in closest.items()}
