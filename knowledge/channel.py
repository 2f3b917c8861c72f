"""BM25 over arrays: which documents share terms with a query, each term worth what it tells.

Hides numpy, and how a channel changes: what was indexed together is a block that never changes;
a document exchanged later is counted out of it and goes into a second, small block. Terms are
pieces and pairs of neighbours; a document is runs of pieces, and no pair reaches across two runs.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

Runs = Sequence[Sequence[str]]

K1 = 1.2

_PAIR = 32
_GAP = 0
_CHUNK = 1 << 20

# numpy is imported where arrays are made: it takes 0.3 s, which belongs to building a knowledge
# base (behind a server that already answers), not to importing the program.


class Found(NamedTuple):
    """A score for each document, and what a document made of the query itself would score."""

    scores: NDArray[Any]
    best: float

    def shares(self) -> NDArray[Any]:
        """Scores as a share of the query's own best, so that queries compare with each other."""
        return self.scores / self.best if self.best else self.scores


class Pieces:
    """Numbers for pieces, from 1. It grows and none ever leaves; readers may ask meanwhile."""

    __slots__ = ("_numbers",)

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._numbers = {piece: number for number, piece in enumerate(known, 1)}

    def number(self, piece: str) -> int:
        return self._numbers.setdefault(piece, len(self._numbers) + 1)

    def key(self, term: tuple[str, ...]) -> int:
        """The number of a term of one or two pieces; 0 where it is not known."""
        first = self._numbers.get(term[0], 0)
        if len(term) == 1 or not first:
            return first
        second = self._numbers.get(term[1], 0)
        return first << _PAIR | second if second else 0

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)


class Gathering:
    """Documents on their way into a block, as numbers: four bytes a piece."""

    __slots__ = ("_ends", "_numbers", "_pieces")

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._numbers = array("i")
        self._ends = array("q", [0])

    def add(self, document: Runs) -> None:
        number = self._pieces.number
        for run in document:
            self._numbers.extend(map(number, run))
            self._numbers.append(_GAP)
        self._ends.append(len(self._numbers))

    def block(self, *, b: float, mean: float | None = None) -> Block:
        """The block of all that was added; with `mean`, weighed by another block's length."""
        import numpy as np

        size = len(self._ends) - 1
        numbers = np.frombuffer(self._numbers, np.int32) if self._numbers else np.zeros(0, np.int32)
        ends: NDArray[Any] = np.frombuffer(self._ends, np.int64)
        spans = ends[1:] - ends[:-1]
        owners = np.repeat(np.arange(size, dtype=np.int32), spans)
        keys, owners = _terms(numbers, owners)
        lengths = np.bincount(owners, minlength=size).astype(np.float32)
        if mean is None:
            mean = max(1.0, float(lengths.sum()) / max(1, size))
        known, where, counts, starts = _postings(keys, owners)
        stretch = K1 * (1 - b + b * lengths[where] / np.float32(mean))
        gains = (counts * np.float32(K1 + 1) / (counts + stretch)).astype(np.float16)
        return Block(size, mean, known, starts, where, gains)


@dataclass(frozen=True, slots=True)
class Block:
    """Term `keys[i]` stands in the documents `where[starts[i]:starts[i + 1]]`, with these gains."""

    size: int
    mean: float
    keys: NDArray[Any]
    starts: NDArray[Any]
    where: NDArray[Any]
    gains: NDArray[Any]

    def runs(self, keys: NDArray[Any]) -> list[tuple[int, int]]:
        """From where to where the documents of each key stand, (0, 0) for one that is not there."""
        import numpy as np

        if not len(self.keys):
            return [(0, 0)] * len(keys)
        places = np.minimum(self.keys.searchsorted(keys), len(self.keys) - 1)
        there = (self.keys[places] == keys).tolist()
        begins, ends = self.starts[places].tolist(), self.starts[places + 1].tolist()
        return [(begin, end) if known else (0, 0)
                for begin, end, known in zip(begins, ends, there, strict=True)]  # fmt: skip

    def scores(self, runs: Sequence[tuple[int, int]], idf: Sequence[float]) -> NDArray[Any]:
        import numpy as np

        parts = [(slice(*run), worth) for run, worth in zip(runs, idf, strict=True)
                 if run[1] > run[0]]  # fmt: skip
        if not parts:
            return np.zeros(self.size)
        where = np.concatenate([self.where[part] for part, _ in parts])
        weights = np.concatenate([self.gains[part] * np.float32(worth) for part, worth in parts])
        scores: NDArray[Any] = np.bincount(where, weights, minlength=self.size)
        return scores


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to spell documents, immutable. `gone` counts the terms of documents that are there
    still and count no more, `left` how many those are."""

    pieces: Pieces
    b: float
    base: Block
    late: Block
    gone: Mapping[int, int]
    left: int = 0

    @property
    def size(self) -> int:
        """How many documents have a score: those of the base, then the late ones."""
        return self.base.size + self.late.size

    def find(self, runs: Runs) -> Found:
        """Scores of all documents for the distinct terms of a query."""
        import numpy as np

        asked = terms(runs)
        known = [key for key in map(self.pieces.key, asked) if key]
        keys, count = np.array(known, np.int64), self._count
        earlier = self.base.runs(keys)
        spans = [end - begin for begin, end in earlier]
        later = self.late.runs(keys) if self.late.size else []
        for n, (begin, end) in enumerate(later):
            spans[n] += end - begin
        if self.gone:
            spans = [n - self.gone.get(key, 0) for n, key in zip(spans, known, strict=True)]
        idf = [_idf(count, n) if n > 0 else 0.0 for n in spans]
        unknown = len(asked) - sum(n > 0 for n in spans)
        worth = sum(idf) + _idf(count, 0) * unknown
        scores = self.base.scores(earlier, idf)
        if self.late.size:
            scores = np.concatenate([scores, self.late.scores(later, idf)])
        stretch = K1 * (1 - self.b + self.b * len(asked) / self.base.mean)
        return Found(scores, worth * (K1 + 1) / (1 + stretch))

    def frequency(self, piece: str) -> int:
        """How many documents hold the piece."""
        import numpy as np

        key = self.pieces.key((piece,))
        if not key:
            return 0
        found = [block.runs(np.array([key], np.int64))[0] for block in (self.base, self.late)]
        return sum(end - begin for begin, end in found) - self.gone.get(key, 0)

    def worth(self, piece: str) -> float:
        """How much the piece tells: rare ones more; unknown ones nothing."""
        frequency = self.frequency(piece)
        return _idf(self._count, frequency) if frequency else 0.0

    def frequencies(self) -> list[tuple[str, int]]:
        """Each piece that a document holds, and how many do."""
        found: Counter[int] = Counter()
        for block in (self.base, self.late):
            singles = int(block.keys.searchsorted(1 << _PAIR))
            spans = block.starts[1 : singles + 1] - block.starts[:singles]
            found.update(dict(zip(block.keys[:singles].tolist(), spans.tolist(), strict=True)))
        found.subtract({key: count for key, count in self.gone.items() if key < 1 << _PAIR})
        return [(piece, found[n]) for n, piece in enumerate(self.pieces, 1) if found[n] > 0]

    def changed(self, late: Iterable[Runs], gone: Iterable[Runs]) -> Channel:
        """This base with other late documents; `gone` no longer count, late ones among them not.

        The mean length stays the base's: it moves too little to weigh every document anew.
        """
        gathering = Gathering(self.pieces)
        for document in late:
            gathering.add(document)
        block = gathering.block(b=self.b, mean=self.base.mean)
        counted, left = Counter(self.gone), self.left
        for document in gone:
            counted.update(key for key in map(self.pieces.key, terms(document)) if key)
            left += 1
        return Channel(self.pieces, self.b, self.base, block, counted, left)

    @property
    def _count(self) -> int:
        return self.size - self.left


def channel(documents: Iterable[Runs], pieces: Pieces, *, b: float) -> Channel:
    """A channel of documents that are at hand."""
    gathering = Gathering(pieces)
    for document in documents:
        gathering.add(document)
    return of_block(gathering.block(b=b), pieces, b=b)


def of_block(base: Block, pieces: Pieces, *, b: float) -> Channel:
    """A channel whose documents all stand in one block."""
    nothing = Gathering(pieces).block(b=b, mean=base.mean)
    return Channel(pieces, b, base, nothing, {})


def terms(runs: Runs) -> dict[tuple[str, ...], None]:
    """The distinct terms: pieces, and pairs of neighbours."""
    found: dict[tuple[str, ...], None] = dict.fromkeys((piece,) for run in runs for piece in run)
    found.update(dict.fromkeys(pair for run in runs for pair in pairwise(run)))
    return found


def _idf(count: int, frequency: int) -> float:
    return log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def _terms(numbers: NDArray[Any], owners: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The key of each piece and of each pair, with the document it stands in."""
    import numpy as np

    single = numbers != _GAP
    pair = single[:-1] & single[1:]
    first = numbers[:-1][pair].astype(np.int64) << _PAIR
    keys = np.concatenate([numbers[single].astype(np.int64), first | numbers[1:][pair]])
    return keys, np.concatenate([owners[single], owners[:-1][pair]])


def _postings(
    keys: NDArray[Any], owners: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The distinct keys, and for each its documents, how often it stands in them, and where they
    begin. Sorts in place and by chunks: a large base is sorted within the memory it will need."""
    import numpy as np

    known = np.unique(keys)
    both = np.empty(len(keys), np.int64)
    for start in range(0, len(keys), _CHUNK):
        part = slice(start, start + _CHUNK)
        both[part] = np.searchsorted(known, keys[part]) << _PAIR
    both |= owners
    both.sort()
    fresh = np.flatnonzero(np.diff(both, prepend=-1))
    counts = np.diff(fresh, append=len(both)).astype(np.float32)
    both = both[fresh]
    where = (both & ((1 << _PAIR) - 1)).astype(np.int32)
    spans = np.bincount((both >> _PAIR).astype(np.int32), minlength=len(known))
    return known, where, counts, np.concatenate([[0], np.cumsum(spans)])
