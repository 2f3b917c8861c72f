"""Which entry has which place, whose a phrase is, and how each entry reads in plain spelling.

Immutable like the index beside it: the entries built together have the first places; one that is
changed later gets a new place behind them and keeps its rank, by which equals are ordered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from knowledge import chinese, highlight
from knowledge.entry import Entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Plain spellings that are kept ready: a shop's all, of a hundred thousand those in use.
_KEPT = 8192


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`hashes` are those of all phrases of the base, rising, and `owners` the places they are of;
    `places` knows the entries that are there, `ranks` the late ones that stand for an earlier."""

    base: Sequence[Entry]
    hashes: NDArray[Any]
    owners: NDArray[Any]
    places: Mapping[str, int]
    late: tuple[Entry | None, ...] = ()
    gone: tuple[int, ...] = ()
    ranks: Mapping[int, int] | None = None

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Catalogue:
        import numpy as np

        found = [(phrase_hash(phrase), place) for place, entry in enumerate(entries)
                 for phrase in phrases(entry)]  # fmt: skip
        hashes = np.array([one for one, _ in found], np.int64)
        order = np.argsort(hashes, kind="stable")
        owners = np.array([place for _, place in found], np.int32)[order]
        return cls.indexed(entries, hashes[order], owners)

    @classmethod
    def indexed(
        cls, entries: Sequence[Entry], hashes: NDArray[Any], owners: NDArray[Any]
    ) -> Catalogue:
        """One whose phrases have been looked up before."""
        places = {entry.id: place for place, entry in enumerate(entries)}
        return cls(entries, hashes, owners, places)

    def __len__(self) -> int:
        return len(self.places)

    def entry(self, place: int) -> Entry:
        """Whose place it is; only places of entries that are there are asked for."""
        entry = self.base[place] if place < len(self.base) else self.late[place - len(self.base)]
        assert entry is not None
        return entry

    def rank(self, place: int) -> int:
        return self.ranks.get(place, place) if self.ranks else place

    def entries(self) -> list[Entry]:
        """All that are there, in their order."""
        return [self.entry(place) for place in sorted(self.places.values(), key=self.rank)]

    def exact(self, text: str) -> list[int]:
        """The places of the entries one of whose phrases is this normal text, blanks aside."""
        wanted, first = joined(text), len(self.base)
        low, high = (
            self.hashes.searchsorted(phrase_hash(text), side) for side in ("left", "right")
        )
        among = {*self.owners[low:high].tolist(), *range(first, first + len(self.late))}
        return [
            place
            for place in sorted(among.difference(self.gone))
            if any(joined(phrase) == wanted for phrase in phrases(self.entry(place)))
        ]

    def with_entry(self, entry: Entry) -> Catalogue:
        """With the entry added, or in the place of its earlier self."""
        place, first = self.places.get(entry.id), len(self.base)
        if place is not None and place >= first:
            late = [*self.late]
            late[place - first] = entry
            return replace(self, late=tuple(late))
        new = first + len(self.late)
        ranks = {**(self.ranks or {}), new: place if place is not None else new}
        gone = self.gone if place is None else (*self.gone, place)
        places = {**self.places, entry.id: new}
        return replace(self, late=(*self.late, entry), gone=gone, places=places, ranks=ranks)

    def restated(self, place: int, entry: Entry) -> Catalogue:
        """With another self of the entry there, whose words are the same."""
        first = len(self.base)
        if place < first:
            base = [*self.base]
            base[place] = entry
            return replace(self, base=base)
        late = [*self.late]
        late[place - first] = entry
        return replace(self, late=tuple(late))

    def without(self, entry_id: str) -> Catalogue:
        """Without an entry that is there."""
        places = dict(self.places)
        place, first = places.pop(entry_id), len(self.base)
        if place < first:
            return replace(self, gone=(*self.gone, place), places=places)
        late = [*self.late]
        late[place - first] = None
        return replace(self, late=tuple(late), gone=(*self.gone, place), places=places)


def phrase_hash(phrase: str) -> int:
    """The same in every process, unlike `hash`."""
    digest = hashlib.blake2b(joined(phrase).encode("utf-8", "surrogatepass"), digest_size=8)
    # signed, as numpy has whole numbers: with others it would make floats of all of them
    return int.from_bytes(digest.digest(), "little", signed=True)


def joined(text: str) -> str:
    return "".join(text.split())


def plain(text: str) -> str:
    return chinese.normalise(text, greetings=True).text


@lru_cache(maxsize=_KEPT)
def phrases(entry: Entry) -> tuple[str, ...]:
    """Its phrasings in plain spelling."""
    return tuple(map(chinese.plain, entry.phrases))


@lru_cache(maxsize=_KEPT)
def whole(entry: Entry) -> str:
    """All of it in plain spelling, a line for each phrasing and one for the answer."""
    return "\n".join((*phrases(entry), chinese.plain(entry.answer)))


@lru_cache(maxsize=_KEPT)
def said(entry: Entry) -> str:
    """How its phrasings sound, for `highlight`."""
    return highlight.said(phrases(entry))


def negative(entry: Entry) -> tuple[str, ...]:
    return _negative(entry.negative) if entry.negative else ()


@lru_cache(maxsize=_KEPT)
def _negative(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(plain, words)))
