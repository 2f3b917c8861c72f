"""What a message asks: its separate questions, and the words its Latin letters stand for."""

import re
from collections.abc import Callable, Sequence

from knowledge import chinese, pinyin
from knowledge.chinese import Normal, Piece
from knowledge.spelling import Initials, Terms, is_latin, pairs

# More than this many questions in one message are not looked for: work must stay bounded.
MOST_PARTS = 6
SHORTEST_PART = 2
LONGEST_INITIALS = 8

_SENTENCES = re.compile(r"\n|顺便问?一?下?|还有|另外|以及|对了|然后")
_CLAUSES = re.compile(rf"{_SENTENCES.pattern}| ")
_ELLIPTICAL = re.compile(r"^(?:那么?|这个?|它|这样)|呢$")
_LONGEST_ELLIPTICAL = 7


def parts(message: Normal) -> list[Normal]:
    """The questions in a message of several; empty when it asks one."""
    return _split(message, _SENTENCES)


def clauses(message: Normal) -> list[Normal]:
    """The parts of a message between any punctuation; empty when there is none.

    A comma seldom separates questions, so clauses do not rank. But people wrap their question in
    an account of what happened, and one clause that fits well shows that something fits.
    """
    return _split(message, _CLAUSES)


def is_elliptical(message: Normal) -> bool:
    """Whether a message such as 那运费呢 leans on what was said before."""
    short = len(chinese.units(message.text)) <= _LONGEST_ELLIPTICAL
    return short and _ELLIPTICAL.search(message.text) is not None


def _split(message: Normal, between: re.Pattern[str]) -> list[Normal]:
    found: list[Normal] = []
    start = 0
    for gap in (*between.finditer(message.text), None):
        end = gap.start() if gap else len(message.text)
        part = chinese.without_greetings(message.part(start, end))
        if len(chinese.units(part.text)) >= SHORTEST_PART:
            found.append(part)
        start = gap.end() if gap else end
    return found[:MOST_PARTS] if len(found) > 1 else []


class Reader:
    """Spells messages; what Latin letters mean depends on the words of the entries."""

    __slots__ = ("_dictionary", "_initials", "_knows")

    def __init__(
        self, dictionary: Sequence[str], initials: Initials, *, knows: Callable[[str], bool]
    ) -> None:
        self._dictionary = tuple(dictionary)
        self._initials = initials
        self._knows = knows

    def spell(self, text: str) -> Terms:
        """The terms of a normal text; letters that spell Chinese are sounds, not characters."""
        spelt = [
            unit
            for unit in chinese.units(text)
            if not is_latin(unit) or self._knows(unit.text) or not pinyin.split_latin(unit.text)
        ]
        known = {unit.start for unit in spelt if is_latin(unit)}
        heard = [piece for piece in chinese.sounds(text, latin=True) if piece.start not in known]
        places = {unit.start for unit in spelt}
        words = [
            piece.text
            for piece in chinese.tokenize(text, self._dictionary)
            if piece.start in places
        ]
        return Terms(pairs(spelt), pairs(heard), words)

    def wordings(self, text: str) -> list[str]:
        """`fh时间` -> 发货时间 and the next best guess; the text itself where nothing is short."""
        wordings = [text, text]
        for unit in reversed(chinese.units(text)):
            for n, words in enumerate(self.initials(unit)):
                wordings[n] = wordings[n][: unit.start] + words + wordings[n][unit.end :]
        return list(dict.fromkeys(wordings))

    def initials(self, unit: Piece) -> list[str]:
        """What Latin letters abbreviate: at most two guesses, none if the entries use the letters
        themselves or the letters spell syllables.
        """
        if not is_latin(unit) or not 2 <= len(unit.text) <= LONGEST_INITIALS:
            return []
        if self._knows(unit.text) or pinyin.split_latin(unit.text):
            return []
        return self._initials.read(unit.text)
