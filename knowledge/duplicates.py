"""Entries that answer the same: phrasings that are the same words, and those nearly so.

Not every pair is compared. What each phrasing is about is looked up by the pairs of characters that
fewest others have, and of the many who share one only the nearest in the order of their letters are
candidates; these are thinned by what both have in common, and only the likeliest compared as
`likeness` does. So ten thousand entries take a second or two and tens of megabytes, whatever is in
them. Where very many phrasings are alike, each is found with its nearest only.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge import chinese
from knowledge.entry import Entry
from knowledge.likeness import FUZZY, core, likeness

if TYPE_CHECKING:
    from numpy.typing import NDArray

# From here on one of two entries is likely to be one too many. Shoppers' questions are grouped from
# less on: a wrong guess costs nothing there, and here an owner looks at each.
LIMIT = 0.7
# With how many before it a phrasing of the very same words is paired.
MOST_SAME = 8
# By how many of its rarest terms a phrasing is looked up, and beside how many others.
RAREST, BESIDE = 6, 12
# What two candidates have in common at least, of what either has.
COMMON = 0.35
# So many characters are compared at the most, of the likeliest; of questions that is 10,000 pairs.
MOST_COMPARED = 400_000
# So many in one go of a library's, in which nothing else can happen.
AT_ONCE = 1000
# In how many bits the terms of a phrasing are noted, and of how many characters.
BITS, MOST_READ = 256, 64


class Pair(NamedTuple):
    """Two entries, the one that stands first first, and their phrasings that are most alike."""

    entry: Entry
    other: Entry
    likeness: float
    same: bool
    phrases: tuple[str, str]


class _Phrase(NamedTuple):
    place: int
    text: str
    plain: str
    core: str


def duplicates(entries: Sequence[Entry], today: date) -> list[Pair]:
    """The pairs of those that could both be said to somebody from today on, each pair once; the
    same ones first, then the likest."""
    phrases = [*_phrases(entries, today)]
    best: dict[tuple[int, int], tuple[float, bool, str, str]] = {}
    for one, other, alike, same in (*_same(phrases), *_near(phrases)):
        if one.place > other.place:
            one, other = other, one
        if _meet(entries[one.place], entries[other.place]):
            found = (alike, same, one.text, other.text)
            key = (one.place, other.place)
            if key not in best or best[key][:2] < found[:2]:
                best[key] = found
    order = sorted(best.items(), key=lambda item: (not item[1][1], -item[1][0], item[0]))
    return [
        Pair(entries[one], entries[other], alike, same, (mine, theirs))
        for (one, other), (alike, same, mine, theirs) in order
    ]


def _phrases(entries: Sequence[Entry], today: date) -> Iterator[_Phrase]:
    for place, entry in enumerate(entries):
        if entry.enabled and (entry.valid_to is None or entry.valid_to >= today):
            for text in entry.phrases:
                plain = chinese.plain(text)
                if plain.strip():
                    yield _Phrase(place, text, plain, core(plain)[:MOST_READ])


def _meet(one: Entry, other: Entry) -> bool:
    """Whether some shopper could get either, on one day."""
    if one.channels and other.channels and set(one.channels).isdisjoint(other.channels):
        return False
    if one.groups and other.groups and set(one.groups).isdisjoint(other.groups):
        return False
    if one.weekdays and other.weekdays and set(one.weekdays).isdisjoint(other.weekdays):
        return False
    begin = max(one.valid_from or date.min, other.valid_from or date.min)
    return begin <= min(one.valid_to or date.max, other.valid_to or date.max)


def _same(phrases: Sequence[_Phrase]) -> Iterator[tuple[_Phrase, _Phrase, float, bool]]:
    holders: dict[str, list[_Phrase]] = {}
    for one in phrases:
        before = holders.setdefault("".join(one.plain.split()), [])
        for other in before[-MOST_SAME:]:
            if other.place != one.place:
                yield other, one, 1.0, True
        before.append(one)


def _near(phrases: Sequence[_Phrase]) -> Iterator[tuple[_Phrase, _Phrase, float, bool]]:
    # Loaded when somebody looks for duplicates and not when the server starts.
    import numpy as np
    from rapidfuzz import fuzz, process

    # by what they are about, so that of many who share something neighbours are alike
    known = sorted(phrases, key=lambda one: f"{one.core}\n{one.plain}")
    if len(known) < 2:
        return
    first, second, shared = _candidates(known)
    one, other = ([known[n].plain for n in each.tolist()] for each in (first, second))
    letters = np.empty(len(one))
    for n in range(0, len(one), AT_ONCE):
        some = slice(n, n + AT_ONCE)
        letters[some] = process.cpdist(one[some], other[some], scorer=fuzz.ratio) / 100
    order = np.argsort(-((1 - FUZZY) * shared + FUZZY * letters), kind="stable")
    sizes = np.array([len(mine) + len(theirs) for mine, theirs in zip(one, other, strict=True)])
    for n in order[np.cumsum(sizes[order]) <= MOST_COMPARED].tolist():
        mine, theirs = known[int(first[n])], known[int(second[n])]
        alike = likeness(mine.plain, theirs.plain)
        if alike >= LIMIT:
            yield mine, theirs, min(0.99, alike), False


def _candidates(
    known: Sequence[_Phrase],
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Phrasings of two entries, and what they have in common of what either has."""
    import numpy as np

    terms, owners, doubles = _terms([one.core for one in known])
    _, code, counts = np.unique(terms, return_inverse=True, return_counts=True)
    noted = _noted(code, owners, len(known))
    rare = _rarest(np.flatnonzero(doubles & (counts[code] > 1)), owners, counts[code])
    # by term, and within it in the order of what they are about
    rows = rare[np.lexsort((owners[rare], code[rare]))]
    places = np.array([one.place for one in known])
    found = [np.zeros(0, np.int64)]
    for step in range(1, BESIDE + 1):
        left, right = rows[:-step], rows[step:]
        beside = code[left] == code[right]
        one, other = owners[left[beside]], owners[right[beside]]
        apart = places[one] != places[other]
        found.append(_enough(one[apart], other[apart], noted))
    pairs = np.sort(np.concatenate(found))
    once = np.append(pairs[1:] != pairs[:-1], True) if len(pairs) else np.zeros(0, bool)
    first, second = np.divmod(pairs[once], len(known))
    return first, second, _shared(first, second, noted)


def _enough(one: NDArray[Any], other: NDArray[Any], noted: NDArray[Any]) -> NDArray[Any]:
    """Those of the pairs that have enough in common, each as one number."""
    keep = _shared(one, other, noted) >= COMMON
    kept: NDArray[Any] = one[keep] * len(noted) + other[keep]
    return kept


def _shared(one: NDArray[Any], other: NDArray[Any], noted: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    both = np.bitwise_count(noted[one] & noted[other]).sum(1, dtype=np.float32)
    either = np.bitwise_count(noted[one] | noted[other]).sum(1, dtype=np.float32)
    shares: NDArray[Any] = both / np.maximum(either, 1)
    return shares


def _terms(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Each character and each two neighbours of each text once, as numbers; whose they are; and by
    which of them it is looked up, of a text of one character by that."""
    import numpy as np

    terms, owners = array("q"), array("q")
    for place, text in enumerate(texts):
        single = [ord(one) for one in text]
        found = {*single, *(one << 21 | other for one, other in pairwise(single))}
        if len(single) == 1:
            found.add(single[0] << 21)
        terms.extend(found)
        owners.extend([place] * len(found))
    numbers = np.array(terms, np.int64)
    return numbers, np.array(owners, np.int64), numbers >= 1 << 21


def _noted(code: NDArray[Any], owners: NDArray[Any], size: int) -> NDArray[Any]:
    """For each text a few words of bits, one set for each of its terms."""
    import numpy as np

    words = BITS // 64
    bits = np.zeros((size, words), np.uint64)
    mixed = code * 0x9E3779B1 >> 7  # neighbours far apart
    bit = np.uint64(1) << (mixed % 64).astype(np.uint64)
    np.bitwise_or.at(bits, (owners, mixed // 64 % words), bit)
    return bits


def _rarest(among: NDArray[Any], owners: NDArray[Any], held: NDArray[Any]) -> NDArray[Any]:
    """Which of these terms are the rarest of their text."""
    import numpy as np

    order = among[np.lexsort((held[among], owners[among]))]
    starts = np.searchsorted(owners[order], owners[order])
    rarest: NDArray[Any] = order[np.arange(len(order)) - starts < RAREST]
    return rarest
