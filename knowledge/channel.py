"""BM25 over arrays: which documents share terms with a query, each term worth what it tells.

Hides numpy. A channel is one way to spell a document as terms (characters, sounds, words); it is
immutable, and replacing a document splices the arrays without spelling the others again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

K1 = 1.2

# numpy is imported where arrays are made: it takes 0.3 s, which belongs to building a knowledge
# base (behind a server that already answers), not to importing the program.


class Found(NamedTuple):
    """A score for each document, and what a document made of the query itself would score."""

    scores: NDArray[Any]
    best: float

    def shares(self) -> NDArray[Any]:
        """Scores as a share of the query's own best, so that queries compare with each other."""
        return self.scores / self.best if self.best else self.scores


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents as runs of term numbers: document i is terms[starts[i]:starts[i + 1]]."""

    starts: NDArray[Any]
    terms: NDArray[Any]
    counts: NDArray[Any]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def replaced(self, first: int, last: int, by: Documents) -> Documents:
        """These documents with those from `first` to before `last` exchanged."""
        import numpy as np

        low, high = int(self.starts[first]), int(self.starts[last])
        moved = self.starts[last + 1 :] - high + low + by.starts[-1]
        return Documents(
            np.concatenate([self.starts[: first + 1], by.starts[1:] + low, moved]),
            np.concatenate([self.terms[:low], by.terms, self.terms[high:]]),
            np.concatenate([self.counts[:low], by.counts, self.counts[high:]]),
        )


class Channel:
    """Documents, and for each term the documents that hold it with their ready BM25 weight."""

    __slots__ = ("_b", "_idf", "_mean", "_starts", "_unknown", "_vocabulary", "_weights", "_where",
                 "documents")  # fmt: skip

    def __init__(self, documents: Documents, vocabulary: dict[str, int], *, b: float) -> None:
        import numpy as np

        size = len(documents)
        spans = np.diff(documents.starts)
        owners = np.repeat(np.arange(size, dtype=np.int32), spans)
        lengths = np.bincount(owners, documents.counts, minlength=size).astype(np.float32)
        order = np.argsort(documents.terms, kind="stable")
        frequency = np.bincount(documents.terms, minlength=len(vocabulary))
        self.documents = documents
        self._vocabulary = vocabulary
        self._b = b
        self._mean = max(1.0, float(lengths.sum()) / max(1, size))
        self._unknown = log(1 + (size + 0.5) / 0.5)
        self._idf = np.log(1 + (size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        self._starts = np.concatenate([[0], np.cumsum(frequency)])
        self._where = owners[order]
        counts = documents.counts[order]
        stretch = K1 * (1 - b + b * lengths[self._where] / self._mean)
        gain = counts * (K1 + 1) / (counts + stretch)
        self._weights = (gain * self._idf[documents.terms[order]]).astype(np.float32)

    def find(self, terms: Iterable[str]) -> Found:
        """Scores of all documents for the distinct terms."""
        import numpy as np

        asked = dict.fromkeys(terms)
        known = [n for n in map(self._number, asked) if n is not None]
        worth = float(self._idf[known].sum()) + self._unknown * (len(asked) - len(known))
        runs = [slice(*self._starts[n : n + 2].tolist()) for n in known]
        size = len(self.documents)
        if runs:
            where = np.concatenate([self._where[run] for run in runs])
            weights = np.concatenate([self._weights[run] for run in runs])
            scores: NDArray[Any] = np.bincount(where, weights, minlength=size)
        else:
            scores = np.zeros(size)
        stretch = K1 * (1 - self._b + self._b * len(asked) / self._mean)
        return Found(scores, worth * (K1 + 1) / (1 + stretch))

    def frequency(self, term: str) -> int:
        """How many documents hold the term."""
        number = self._number(term)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])

    def frequencies(self) -> list[tuple[str, int]]:
        """Each term that a document holds, and how many do."""
        spans = self._starts[1:] - self._starts[:-1]
        known = list(self._vocabulary.items())
        return [(t, int(spans[n])) for t, n in known if n < len(spans) and spans[n]]

    def worth(self, term: str) -> float:
        """How much the term tells: rare ones more; unknown ones nothing."""
        number = self._number(term)
        return 0.0 if number is None else float(self._idf[number])

    def replaced(self, first: int, last: int, spelt: Sequence[Sequence[str]]) -> Channel:
        """A channel with the documents from `first` to before `last` exchanged."""
        by = number(spelt, self._vocabulary)
        return Channel(self.documents.replaced(first, last, by), self._vocabulary, b=self._b)

    def _number(self, term: str) -> int | None:
        # The vocabulary grows with later channels that share it; numbers beyond mine are theirs.
        found = self._vocabulary.get(term)
        return found if found is not None and found < len(self._idf) else None


def channel(spelt: Sequence[Sequence[str]], *, b: float) -> Channel:
    """A channel of documents given as their terms."""
    vocabulary: dict[str, int] = {}
    return Channel(number(spelt, vocabulary), vocabulary, b=b)


def number(spelt: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> Documents:
    """Terms as numbers; new terms join the vocabulary and none ever leaves it."""
    import numpy as np

    starts, terms, counts = [0], [], []
    for document in spelt:
        for term, count in Counter(document).items():
            terms.append(vocabulary.setdefault(term, len(vocabulary)))
            counts.append(count)
        starts.append(len(terms))
    return Documents(
        np.array(starts, np.int64), np.array(terms, np.int32), np.array(counts, np.float32)
    )
