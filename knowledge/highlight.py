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


class Message:
    """A message taken apart once, to be compared with several entries."""

    def __init__(self, message: Normal, known: Words) -> None:
        text = message.text
        self._at = message.at
        self._known = known
        self._units = chinese.units(text)
        self._runs = [unit for unit in self._units if is_latin(unit)]
        self._spoken = chinese.sounds(text, latin=True)
        self._meant = [(run, words) for run in self._runs for words in known.initials(run)]
        self._shareable = [
            *(word for word in chinese.tokenize(text, known.dictionary) if len(word.text) > 1),
            *(Piece(text[a.start : b.end], a.start, b.end)
              for a, b in itertools.pairwise(self._units) if a.end == b.start),
        ]  # fmt: skip
        self._synonyms = [
            (Piece(word, start, start + len(word)), group)
            for group in known.synonyms
            for word in group
            if (start := text.find(word)) >= 0
        ]

    def why(self, whole: str, said: str) -> Spans:
        """Spans of the original text, in code points, that an entry shares.

        Words and pairs of characters; letters and homophones where a phrasing sounds the same;
        only when there is none of these, the single characters that tell most.
        """
        shared = [piece for piece in self._shareable if piece.text in whole]
        shared += [p for p, group in self._synonyms if any(other in whole for other in group)]
        shared += [run for run, words in self._meant if _overlap(words, whole)]
        shared += self._heard(said)
        if not shared:
            single = [unit for unit in self._units if unit.text in whole]
            most = max((self._known.worth(unit.text) for unit in single), default=0.0)
            shared = [unit for unit in single if self._known.worth(unit.text) >= most / 2]
        return _merged((self._at[p.start], self._at[p.end - 1] + 1) for p in shared)

    def _heard(self, said: str) -> list[Piece]:
        """What sounds like two syllables in a row of a phrasing; a Latin run counts as a whole."""
        heard = [
            Piece("", first.start, second.end)
            for first, second in itertools.pairwise(self._spoken)
            if first.end == second.start and f" {first.text} {second.text} " in said
        ]
        for run in self._runs:
            heard += [run for p in self._spoken if run[1:] == p[1:] and f" {p.text} " in said]
        return [self._widened(piece) for piece in heard]

    def _widened(self, piece: Piece) -> Piece:
        for run in self._runs:
            if run.start < piece.end and piece.start < run.end:
                piece = Piece("", min(run.start, piece.start), max(run.end, piece.end))
        return piece


def said(phrases: Iterable[str], *, latin: bool = False) -> str:
    """The syllables of phrasings in normal text, to look up what is heard in them; with `latin`,
    letters that spell syllables count too."""
    spoken = (" ".join(p.text for p in chinese.sounds(each, latin=latin)) for each in phrases)
    return "".join(f"| {syllables} |" for syllables in spoken)


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
