"""Why an entry matched: the places in the message that it shares."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from knowledge import chinese
from knowledge.chinese import Normal, Piece
from knowledge.spelling import is_latin

Spans = tuple[tuple[int, int], ...]


class Words(NamedTuple):
    """What the knowledge base knows of its words."""

    dictionary: Sequence[str]
    synonyms: Sequence[frozenset[str]]
    worth: Callable[[str], float]
    initials: Callable[[Piece], list[str]]


def why(message: Normal, phrases: Sequence[str], whole: str, known: Words) -> Spans:
    """Spans of the original text, in code points, that an entry in normal text shares.

    Words and pairs of characters; letters and homophones where a phrasing sounds the same; only
    when there is none of these, the single characters that tell most.
    """
    units = chinese.units(message.text)
    words = chinese.tokenize(message.text, known.dictionary)
    shared = [word for word in words if len(word.text) > 1 and word.text in whole]
    shared += [
        Piece(message.text[a.start : b.end], a.start, b.end)
        for a, b in itertools.pairwise(units)
        if a.end == b.start and message.text[a.start : b.end] in whole
    ]
    shared += _synonymous(message.text, whole, known.synonyms)
    shared += _heard(message.text, units, phrases)
    shared += [u for u in units if any(_overlap(w, whole) for w in known.initials(u))]
    if not shared:
        single = [unit for unit in units if unit.text in whole]
        most = max((known.worth(unit.text) for unit in single), default=0.0)
        shared = [unit for unit in single if known.worth(unit.text) >= most / 2]
    return _merged((message.at[p.start], message.at[p.end - 1] + 1) for p in shared)


def _synonymous(text: str, entry: str, synonyms: Sequence[frozenset[str]]) -> list[Piece]:
    found = []
    for group in synonyms:
        for word in group:
            start = text.find(word)
            if start >= 0 and any(other in entry for other in group):
                found.append(Piece(word, start, start + len(word)))
    return found


def _heard(text: str, units: Sequence[Piece], phrases: Iterable[str]) -> list[Piece]:
    """What sounds like two syllables in a row of a phrasing; a Latin run counts as a whole."""
    spoken = chinese.sounds(text, latin=True)
    said = "".join(f"| {' '.join(p.text for p in chinese.sounds(each))} |" for each in phrases)
    runs = [unit for unit in units if is_latin(unit)]
    heard = [
        Piece("", first.start, second.end)
        for first, second in itertools.pairwise(spoken)
        if first.end == second.start and f" {first.text} {second.text} " in said
    ]
    heard += [run for run in runs for p in spoken if run[1:] == p[1:] and f" {p.text} " in said]
    return [_widened(piece, runs) for piece in heard]


def _widened(piece: Piece, runs: Iterable[Piece]) -> Piece:
    for run in runs:
        if run.start < piece.end and piece.start < run.end:
            piece = Piece("", min(run.start, piece.start), max(run.end, piece.end))
    return piece


def _overlap(words: str, whole: str) -> bool:
    return any(a + b in whole for a, b in itertools.pairwise(words))


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
