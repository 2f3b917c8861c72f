"""The entries as one searchable whole: four channels of terms and how they add up.

Phrasings are compared by characters, sounds and words, an entry is worth its best phrasing; the
whole entry, answer included, is compared by characters once more. `knowledge/__init__` says why.
Where there is an encoder, its vectors of the phrasings are one more way to compare them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.channel import Channel, Gathering, Pieces, Runs, of_block
from knowledge.spelling import Terms
from knowledge.vectors import Vectors
from knowledge.weights import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

PHRASE_B, WHOLE_B = 0.6, 0.75


class Spelt(NamedTuple):
    """An entry as terms: each phrasing, and all of it."""

    phrases: list[Terms]
    whole: Runs


@dataclass(frozen=True, slots=True)
class Index:
    """Immutable. The entries of the base have the first places, later ones those behind; a place
    whose entry has changed or left is `gone` and finds nothing."""

    firsts: NDArray[Any]
    characters: Channel
    sounds: Channel
    words: Channel
    whole: Channel
    vectors: Vectors | None
    gone: NDArray[Any]

    @classmethod
    def of(cls, entries: Iterable[Spelt], vectors: Vectors | None = None) -> Index:
        import numpy as np

        pieces, counts = Pieces(), [0]
        characters, sounds, words, whole = (Gathering(pieces) for _ in range(4))
        for entry in entries:
            counts.append(len(entry.phrases))
            for phrase in entry.phrases:
                characters.add(phrase.characters)
                sounds.add(phrase.sounds)
                words.add(phrase.words)
            whole.add(entry.whole)
        return cls(
            np.cumsum(counts),
            of_block(characters.block(b=PHRASE_B), pieces, b=PHRASE_B),
            of_block(sounds.block(b=PHRASE_B), pieces, b=PHRASE_B),
            of_block(words.block(b=PHRASE_B), pieces, b=PHRASE_B),
            of_block(whole.block(b=WHOLE_B), pieces, b=WHOLE_B),
            vectors,
            np.zeros(0, np.int64),
        )

    @property
    def base(self) -> int:
        """How many entries the base has."""
        return self.whole.base.size

    def changed(
        self,
        late: Sequence[Spelt],
        gone: Sequence[Spelt],
        places: Sequence[int],
        vectors: Vectors | None = None,
    ) -> Index:
        """This base with other late entries. `gone` are entries of the base that are there no more
        since this index, `places` all that are not, late ones among them."""
        import numpy as np

        firsts = self.firsts[: self.base + 1]
        counts = [len(entry.phrases) for entry in late]
        added, left = ([p for entry in each for p in entry.phrases] for each in (late, gone))
        return Index(
            np.concatenate([firsts, firsts[-1] + np.cumsum(counts, dtype=np.int64)]),
            self.characters.changed([p.characters for p in added], [p.characters for p in left]),
            self.sounds.changed([p.sounds for p in added], [p.sounds for p in left]),
            self.words.changed([p.words for p in added], [p.words for p in left]),
            self.whole.changed([each.whole for each in late], [each.whole for each in gone]),
            vectors,
            np.array(places, np.int64),
        )

    def find(
        self, asked: Terms, weights: Weights, *, limit: int, vector: NDArray[Any] | None = None
    ) -> list[tuple[int, float]]:
        """The best entries and their scores (a share of the best possible), falling."""
        import numpy as np

        if not len(self.firsts) - 1:
            return []
        found = (
            (weights.characters, self.characters.find(asked.characters)),
            (weights.sounds, self.sounds.find(asked.sounds)),
            (weights.words, self.words.find(asked.words)),
        )
        phrases = sum((share * each.shares() for share, each in found), np.float32(0))
        shares = sum(share for share, each in found if each.best)
        if self.vectors is not None and vector is not None:
            phrases = phrases + weights.meaning * self.vectors.likeness(vector)
            shares += weights.meaning
        scores = np.maximum.reduceat(phrases, self.firsts[:-1])
        whole = self.whole.find(asked.characters)
        scores += weights.whole * whole.shares()
        shares += weights.whole if whole.best else 0
        scores[self.gone] = 0
        best = _top(scores, limit)
        return [(int(i), float(scores[i]) / shares) for i in best if scores[i] > 0]

    def knows(self, unit: str) -> bool:
        """Whether an entry writes this character or Latin run."""
        return self.whole.frequency(unit) > 0

    def worth(self, unit: str) -> float:
        """How much sharing a character tells."""
        return self.whole.worth(unit)


def _top(scores: NDArray[Any], limit: int) -> NDArray[Any]:
    import numpy as np

    if limit < len(scores):
        # All that reach the limit's score, so that ties are cut by order and not by chance.
        least = np.partition(scores, -limit)[-limit]
        among = np.flatnonzero(scores >= least)
    else:
        among = np.arange(len(scores))
    return among[np.argsort(-scores[among], kind="stable")][:limit]
