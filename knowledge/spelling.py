"""A text as the terms that are compared: characters, sounds and words, one and two at a time."""

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from knowledge import chinese, pinyin
from knowledge.chinese import Piece

GUESSES = 2


class Terms(NamedTuple):
    """What each channel of the index is asked for."""

    characters: list[str]
    sounds: list[str]
    words: list[str]


def spell(text: str, dictionary: Sequence[str] = ()) -> Terms:
    """The terms of a normal text as an entry is indexed."""
    return Terms(
        pairs(chinese.units(text)),
        pairs(chinese.sounds(text)),
        [piece.text for piece in chinese.tokenize(text, dictionary)],
    )


def pairs(pieces: Sequence[Piece]) -> list[str]:
    """Each piece, and each two neighbours with nothing between them."""
    singles = [piece.text for piece in pieces]
    doubles = [
        f"{first.text} {second.text}"
        for first, second in itertools.pairwise(pieces)
        if first.end == second.start
    ]
    return singles + doubles


def is_latin(piece: Piece) -> bool:
    return piece.text.isascii() and piece.text.isalpha()


class Initials:
    """The words of a knowledge base by their initials: fh -> 发货, 返回."""

    __slots__ = ("_words",)

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._words: dict[str, list[str]] = {}
        for word, _ in sorted(words, key=lambda item: (-item[1], item[0])):
            if len(word) < 2 or word.isascii():
                continue
            key = "".join(sound[0] if sound else "?" for sound in pinyin.of_characters(word))
            guesses = self._words.setdefault(key, [])
            if len(guesses) < GUESSES:
                guesses.append(word)

    def read(self, run: str) -> list[str]:
        """What a run of initials may stand for, the likeliest first; longest words first."""
        found: list[list[str]] = []
        start = 0
        while start < len(run):
            for end in range(min(len(run), start + 6), start + 1, -1):
                if run[start:end] in self._words:
                    found.append(self._words[run[start:end]])
                    start = end
                    break
            else:
                return []
        return ["".join(words[min(n, len(words) - 1)] for words in found) for n in range(GUESSES)]
