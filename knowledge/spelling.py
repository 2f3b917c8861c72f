"""A text as the terms that are compared: characters, sounds and words, one and two at a time."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from knowledge import chinese, pinyin
from knowledge.channel import Runs
from knowledge.chinese import Piece

GUESSES = 2


class Terms(NamedTuple):
    """What each channel of the index is asked for."""

    characters: Runs
    sounds: Runs
    words: Runs


def spell(text: str, dictionary: Sequence[str] = ()) -> Terms:
    """The terms of a normal text as an entry is indexed."""
    return Terms(characters(text), _sounds(text), words(chinese.tokenize(text, dictionary)))


def characters(text: str) -> Runs:
    """The units of a normal text that stand side by side."""
    return [chinese.units_of(chunk) for chunk in text.split()]


def words(pieces: Iterable[Piece]) -> Runs:
    """Each word for itself."""
    return [(piece.text,) for piece in pieces]


def runs(pieces: Iterable[Piece]) -> Runs:
    """Pieces with nothing between them stand in one run."""
    found: list[list[str]] = []
    end = -1
    for piece in pieces:
        if piece.start != end:
            found.append([])
        found[-1].append(piece.text)
        end = piece.end
    return found


def _sounds(text: str) -> Runs:
    """What `runs(chinese.sounds(text))` gives, for the many phrasings of an index."""
    found: list[list[str]] = [[]]
    fuzzy = pinyin.readings().fuzzy
    for syllable in pinyin.of_characters(text):
        if syllable is not None:
            found[-1].append(fuzzy.get(syllable, syllable))
        elif found[-1]:
            found.append([])
    return found if found[-1] else found[:-1]


def is_latin(piece: Piece) -> bool:
    return piece.text.isascii() and piece.text.isalpha()


class Initials:
    """The words of a knowledge base by their initials: fh -> 发货, 返回. Words that came later are
    read where the earlier ones say nothing."""

    __slots__ = ("_earlier", "_words")

    def __init__(self, words: Iterable[tuple[str, int]], earlier: "Initials | None" = None) -> None:
        self._earlier = earlier
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
                guesses = self._guesses(run[start:end])
                if guesses:
                    found.append(guesses)
                    start = end
                    break
            else:
                return []
        return ["".join(words[min(n, len(words) - 1)] for words in found) for n in range(GUESSES)]

    def _guesses(self, initials: str) -> list[str] | None:
        earlier = self._earlier._guesses(initials) if self._earlier else None
        return earlier or self._words.get(initials)
