"""What a message asks: its separate questions, and the words its Latin letters stand for."""

import re
from collections.abc import Callable, Sequence

from knowledge import chinese, pinyin
from knowledge.chinese import Normal
from knowledge.spelling import Initials, Terms, is_latin, pairs

# More than this many questions in one message are not looked for: work must stay bounded.
MOST_PARTS = 6
SHORTEST_PART = 2

_BETWEEN = re.compile(r"[\n ]+|顺便问?一?下?|还有|另外|以及|对了|然后")
_ELLIPTICAL = re.compile(r"^(?:那么?|这个?|它|这样)|呢$")
_LONGEST_ELLIPTICAL = 7


def parts(message: Normal) -> list[Normal]:
    """The questions in a message of several; empty when it asks one."""
    found: list[Normal] = []
    start = 0
    for gap in (*_BETWEEN.finditer(message.text), None):
        end = gap.start() if gap else len(message.text)
        part = chinese.without_greetings(message.part(start, end))
        if len(chinese.units(part.text)) >= SHORTEST_PART:
            found.append(part)
        start = gap.end() if gap else end
    return found[:MOST_PARTS] if len(found) > 1 else []


def is_elliptical(message: Normal) -> bool:
    """Whether a message such as 那运费呢 leans on what was said before."""
    short = len(chinese.units(message.text)) <= _LONGEST_ELLIPTICAL
    return short and _ELLIPTICAL.search(message.text) is not None


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
        plain = self.without_initials(text)
        spelt = [
            unit
            for unit in chinese.units(plain)
            if not is_latin(unit) or self._knows(unit.text) or not pinyin.split_latin(unit.text)
        ]
        known = {unit.start for unit in spelt if is_latin(unit)}
        heard = [piece for piece in chinese.sounds(plain, latin=True) if piece.start not in known]
        places = {unit.start for unit in spelt}
        words = [
            piece.text
            for piece in chinese.tokenize(plain, self._dictionary)
            if piece.start in places
        ]
        return Terms(pairs(spelt), pairs(heard), words)

    def without_initials(self, text: str) -> str:
        """`fh时间` -> 发货时间, where the entries have such words and no such letters."""
        if not any(c.isascii() and c.isalpha() for c in text):
            return text
        read = text
        for unit in reversed(chinese.units(text)):
            if is_latin(unit) and 2 <= len(unit.text) <= 8 and not self._knows(unit.text):
                words = "" if pinyin.split_latin(unit.text) else self._initials.read(unit.text)
                if words:
                    read = read[: unit.start] + words + read[unit.end :]
        return read
