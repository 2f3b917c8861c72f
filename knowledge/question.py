"""What a message asks: its separate questions, and the words its Latin letters stand for."""

import re
from collections.abc import Callable, Sequence

from knowledge import chinese, pinyin
from knowledge.chinese import Normal, Piece
from knowledge.spelling import Initials, Terms, is_latin, runs, words

# More than this many questions in one message are not looked for: work must stay bounded.
MOST_PARTS = 6
SHORTEST_PART = 2
LONGEST_INITIALS = 8
LONGEST_TAUGHT = 200

_SENTENCES = re.compile(r"\n|顺便问?一?下?|还有|另外|以及|对了|然后")
_CLAUSES = re.compile(rf"{_SENTENCES.pattern}| ")
_ELLIPTICAL = re.compile(r"^(?:那么?|这个?|它|这样)|呢$")
_LONGEST_ELLIPTICAL = 7
_NUMBER = re.compile(r"(?:我?的?(?:订单|快递|运单)?单?号码?[是为]?)? ?[a-z]{0,4}[0-9][a-z0-9 ]*")
_NOD = re.compile(
    r"(?:好|嗯|哦|噢|行|对|是|可以|收到|知道|明白|没事|不用|ok|okay|[的了吧啊呀呢啦嘞哈 \n])+"
)

# A message that is only a number: of an order (a phone number is none), or of a parcel, which
# begins with the letters of its carrier.
_PHONE = re.compile(r"1[3-9]\d{9}")
_NAMED = r"(?:我的)?(?:订单|单号|订单号|编号|快递单号|运单号?|物流单号)?(?:是|为)?"
_ORDER = re.compile(rf"{_NAMED} ?\d{{10,24}}")
_PARCEL = re.compile(rf"{_NAMED} ?[a-z]{{2,4}}\d{{8,20}}")
_SIZE = re.compile(
    r"身高|体重|\d{2,3} ?(?:cm|厘米|公分|斤|公斤|kg)|(?<![a-z\d])(?:x{0,4}[sl]|m|\dxl) ?[码号]|均码"
)
ORDER_WORDS = "查一下我的订单"
PARCEL_WORDS = "查快递 物流到哪了"
SIZE_WORDS = "尺码怎么选 穿多大"
# A number may be of the other kind.
NUMBER = (0.85, 0.5)


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


def is_number(message: Normal) -> bool:
    """Whether the message is only the number of an order or a parcel."""
    text = message.text
    if _PHONE.fullmatch(text):
        return False
    return bool(_ORDER.fullmatch(text) or _PARCEL.fullmatch(text))


def numbers(message: Normal) -> list[tuple[str, float]]:
    """What the numbers of a message are about, in words that entries use, each with its share."""
    if is_number(message):
        is_parcel = _PARCEL.fullmatch(message.text)
        meant = (PARCEL_WORDS, ORDER_WORDS) if is_parcel else (ORDER_WORDS, PARCEL_WORDS)
        return list(zip(meant, NUMBER, strict=True))
    return [(SIZE_WORDS, NUMBER[0])] if _SIZE.search(message.text) else []


def taught(text: str) -> str | None:
    """The normal text of a message that an entry could be made for; None of one that only greets
    or nods, is a number, says nothing, or tells a long story."""
    if len(text) > LONGEST_TAUGHT:
        return None
    plain = chinese.normalise(text).text
    empty = chinese.only_greets(plain) or _NUMBER.fullmatch(plain) or _NOD.fullmatch(plain)
    return None if empty else plain


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
        said = (p for p in chinese.tokenize(text, self._dictionary) if p.start in places)
        return Terms(runs(spelt), runs(heard), words(said))

    def wordings(self, text: str) -> list[str]:
        """`fh时间` -> 发货时间 and the next best guess; the text itself where nothing is short."""
        wordings = [text, text]
        for unit in reversed(chinese.units(text)):
            for n, meant in enumerate(self.initials(unit)):
                wordings[n] = wordings[n][: unit.start] + meant + wordings[n][unit.end :]
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
