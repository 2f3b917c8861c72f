"""All phrasings in one row, and how hits among them become entries, each worth its best one."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.matching.contender import Ranking
from knowledge import Entry


class Phrasings:
    """`texts` holds the phrasings entry by entry; a hit is the number of a phrasing in it."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        counts = [len(entry.phrases) for entry in entries]
        self.texts = [phrase for entry in entries for phrase in entry.phrases]
        self._ids = [entry.id for entry in entries]
        self._owners = np.repeat(np.arange(len(entries), dtype=np.int32), counts)
        self._firsts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
        self._most = max(counts, default=1)

    def depth(self, limit: int) -> int:
        """So many hits hold `limit` entries, whichever phrasings come first."""
        return limit * self._most

    def first(self, hits: Iterable[tuple[int, float]], limit: int) -> Ranking:
        """The entries of hits that come best first."""
        best: dict[int, float] = {}
        for phrasing, score in hits:
            best.setdefault(int(self._owners[phrasing]), score)
        return [(self._ids[entry], score) for entry, score in list(best.items())[:limit]]

    def best(self, scores: NDArray[Any], limit: int) -> Ranking:
        """The entries by a score for each phrasing; equal ones in the order of the entries."""
        entries = np.maximum.reduceat(scores, self._firsts)
        order = np.argsort(-entries, kind="stable")[:limit]
        return [(self._ids[entry], float(entries[entry])) for entry in order if entries[entry] > 0]
