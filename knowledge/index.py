"""The entries as one searchable whole: four channels of terms and how they add up.

Phrasings are compared by characters, sounds and words, an entry is worth its best phrasing; the
whole entry, answer included, is compared by characters once more. `knowledge/__init__` says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.channel import Channel, channel
from knowledge.spelling import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Shares of the channels in a score, together with FUZZY in the matcher one.
CHARACTERS, SOUNDS, WORDS, WHOLE = 1.0, 1.0, 0.3, 2.0
PHRASE_B, WHOLE_B = 0.6, 0.75


class Spelt(NamedTuple):
    """An entry as terms: each phrasing, and all of it."""

    phrases: list[Terms]
    whole: list[str]


class Index:
    """Immutable; `replaced` gives the next one."""

    __slots__ = ("_characters", "_firsts", "_sounds", "_whole", "_words")

    def __init__(
        self, firsts: NDArray[Any], characters: Channel, sounds: Channel, words: Channel,
        whole: Channel,
    ) -> None:  # fmt: skip
        self._firsts = firsts
        self._characters = characters
        self._sounds = sounds
        self._words = words
        self._whole = whole

    @classmethod
    def of(cls, entries: Sequence[Spelt]) -> Index:
        phrases = [phrase for entry in entries for phrase in entry.phrases]
        return cls(
            _firsts(entries),
            channel([phrase.characters for phrase in phrases], b=PHRASE_B),
            channel([phrase.sounds for phrase in phrases], b=PHRASE_B),
            channel([phrase.words for phrase in phrases], b=PHRASE_B),
            channel([entry.whole for entry in entries], b=WHOLE_B),
        )

    def replaced(self, first: int, last: int, by: Sequence[Spelt]) -> Index:
        """The entries from `first` to before `last` exchanged; the others are not spelt again."""
        import numpy as np

        phrases = [phrase for entry in by for phrase in entry.phrases]
        low, high = int(self._firsts[first]), int(self._firsts[last])
        inserted = _firsts(by) + low
        moved = self._firsts[last + 1 :] - high + inserted[-1]
        return Index(
            np.concatenate([self._firsts[:first], inserted, moved]),
            self._characters.replaced(low, high, [p.characters for p in phrases]),
            self._sounds.replaced(low, high, [p.sounds for p in phrases]),
            self._words.replaced(low, high, [p.words for p in phrases]),
            self._whole.replaced(first, last, [entry.whole for entry in by]),
        )

    def find(self, asked: Terms, *, limit: int) -> list[tuple[int, float]]:
        """The best entries and their scores (a share of the best possible), falling."""
        import numpy as np

        if not len(self._firsts) - 1:
            return []
        found = (
            (CHARACTERS, self._characters.find(asked.characters)),
            (SOUNDS, self._sounds.find(asked.sounds)),
            (WORDS, self._words.find(asked.words)),
        )
        phrases = sum((share * each.shares() for share, each in found), np.float32(0))
        scores = np.maximum.reduceat(phrases, self._firsts[:-1])
        whole = self._whole.find(asked.characters)
        scores += WHOLE * whole.shares()
        shares = sum(share for share, each in found if each.best) + (WHOLE if whole.best else 0)
        best = _top(scores, limit)
        return [(int(i), float(scores[i]) / shares) for i in best if scores[i] > 0]

    def knows(self, unit: str) -> bool:
        """Whether an entry writes this character or Latin run."""
        return self._whole.frequency(unit) > 0

    def worth(self, unit: str) -> float:
        """How much sharing a character tells."""
        return self._whole.worth(unit)

    def words(self) -> list[tuple[str, int]]:
        """All words of the phrasings and how many phrasings hold them."""
        return self._words.frequencies()


def _firsts(entries: Sequence[Spelt]) -> NDArray[Any]:
    import numpy as np

    return np.concatenate([[0], np.cumsum([len(entry.phrases) for entry in entries], dtype=int)])


def _top(scores: NDArray[Any], limit: int) -> NDArray[Any]:
    import numpy as np

    if limit < len(scores):
        # All that reach the limit's score, so that ties are cut by order and not by chance.
        least = np.partition(scores, -limit)[-limit]
        among = np.flatnonzero(scores >= least)
    else:
        among = np.arange(len(scores))
    return among[np.argsort(-scores[among], kind="stable")][:limit]
