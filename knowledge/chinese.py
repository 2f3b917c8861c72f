"""Shoppers' Chinese: one plain spelling of a text, its words, characters and sounds.

Hides Unicode, traditional characters, emoji and greetings. Every piece keeps where it came from
in the text as it was typed, so that a highlight lands on the right code points.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from knowledge import pinyin

# Longer texts are read up to here. What a shopper wants is said early in a long message, and the
# work per message must not depend on how much was pasted behind it.
LONGEST_READ = 2_000
LONGEST_KEPT = 240

_GREETING = (
    r"(?:(?:hello|hi|hey)(?![a-z])|您好|你好|哈喽|哈啰|嗨|嘿|喂|在吗|在么|在嘛|在不在|有人吗|有人在吗|有人么"
    r"|早上好|上午好|中午好|下午好|晚上好|亲亲|亲爱的"
    r"|亲(?![子肤自戚人友密妈爸情手属口水生])|老板娘?|店家|卖家|掌柜的?|店小二|小二|美女"
    r"|请问一下|请问下|请问|打扰一下|打扰了|麻烦问一下|麻烦问下|我?想问一下|我?想问下|我?想问"
    r"|我?问一下|我?问下|咨询一下|咨询下|谢谢[你您啦了]?|多谢|感谢|拜托了?)"
)
_GREETED_FIRST = re.compile(rf"^(?:{_GREETING}[啊呀哈哦吧的，\s]*)+")
_GREETED_LAST = re.compile(rf"(?:\s*(?<![a-z]){_GREETING}[啊呀哈哦啦了]*)+$")
_ENDS_SENTENCE = frozenset("。！？!?；;…\n\r~～\u2029\u2028")
_UNITS = re.compile(r"[0-9]+(?:\.[0-9]+)?|[a-z]+|[^\sa-z0-9]")


class Normal(NamedTuple):
    """A text in plain spelling; character i of `text` was code point `at[i]` of the original.

    A blank stands for punctuation, a line feed for the end of a sentence.
    """

    text: str
    at: Sequence[int]

    def part(self, start: int, end: int) -> "Normal":
        return Normal(self.text[start:end], self.at[start:end])


class Piece(NamedTuple):
    """A word, character run or syllable and its place in a normal text."""

    text: str
    start: int
    end: int


def warm() -> None:
    """Load every dictionary now; the first message would otherwise wait for them."""
    pinyin.readings()
    tokenize(normalise("軟體什么时候发货").text)


def normalise(text: str, *, greetings: bool = False) -> Normal:
    """Width, case, traditional characters, emoji, punctuation and greetings made plain.

    A text of greetings alone keeps them: they are then all that was said.
    """
    kept: list[str] = []
    at: list[int] = []
    for index, character in enumerate(text[:LONGEST_READ]):
        for folded in _fold(character):
            blank = folded in " \n"
            if blank and (not kept or kept[-1] in " \n"):
                if kept and folded == "\n":
                    kept[-1] = folded
                continue
            kept.append(folded)
            at.append(index)
        if len(kept) >= LONGEST_KEPT:
            break
    if kept and kept[-1] in " \n":
        kept.pop()
        at.pop()
    normal = Normal(_simplify("".join(kept)), at)
    return normal if greetings else without_greetings(normal)


def plain(text: str) -> str:
    """The text of `normalise(text)` at a quarter of the cost, for an index of many phrasings."""
    kept = _BLANKS.sub(_blank, text[:LONGEST_READ].translate(_PLAIN)).strip(" \n")
    if len(kept) > LONGEST_KEPT - _LONGEST_FOLDED:
        return normalise(text).text  # which knows where to stop
    return without_greetings(Normal(_simplify(kept), range(len(kept)))).text


def wording(text: str) -> str:
    """What two messages have in common when they are the same words, typed in two ways."""
    return "".join(normalise(text).text.split())


def without_greetings(normal: Normal) -> Normal:
    """The text without 你好, 在吗, 请问, 谢谢 at its two ends, unless nothing else is left."""
    start, end = _ungreeted(normal.text)
    bare = normal.text[start:end]
    start += len(bare) - len(bare.lstrip())
    end -= len(bare) - len(bare.rstrip())
    return normal.part(start, end) if start < end else normal


def only_greets(text: str) -> bool:
    """Whether a normal text says nothing but 你好, 在吗, 谢谢."""
    start, end = _ungreeted(text)
    return not text[start:end].strip()


def units(text: str) -> list[Piece]:
    """Single characters of a normal text; a run of Latin letters or of digits is one unit."""
    return [Piece(m.group(), m.start(), m.end()) for m in _UNITS.finditer(text)]


def units_of(chunk: str) -> list[str]:
    """The texts of `units` where nothing stands between them."""
    return _UNITS.findall(chunk)


def tokenize(text: str, dictionary: Iterable[str] = ()) -> list[Piece]:
    """Words of a normal text in search mode: long words and the short ones inside them.

    The shop's own words win over jieba's. They are cut out first instead of being added to jieba,
    whose dictionary is one per process while shops are several.
    """
    pieces: list[Piece] = []
    end = 0
    own = own_words(tuple(dictionary))
    for found in own.finditer(text) if own else ():
        pieces += _cut(text, end, found.start())
        inside = _cut(text, found.start(), found.end())
        whole = Piece(found.group(), found.start(), found.end())
        pieces += [whole, *(p for p in inside if p != whole and p.end - p.start > 1)]
        end = found.end()
    return pieces + _cut(text, end, len(text))


@lru_cache(maxsize=64)
def own_words(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern of a shop's words, the longest first."""
    plain = {normalise(word, greetings=True).text for word in words}
    usable = sorted((w for w in plain if w), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, usable))) if usable else None


def sounds(text: str, *, latin: bool = False) -> list[Piece]:
    """Fuzzy syllables of a normal text; with `latin`, letters that spell syllables count too."""
    fuzzy = pinyin.readings().fuzzy
    spoken = pinyin.of_characters(text)
    pieces: list[Piece] = []
    for unit in units(text):
        syllable = spoken[unit.start]
        if syllable is not None:
            pieces.append(Piece(fuzzy.get(syllable, syllable), unit.start, unit.end))
        elif latin:
            start = unit.start
            for part in pinyin.split_latin(unit.text):
                pieces.append(Piece(fuzzy[part], start, start + len(part)))
                start += len(part)
    return pieces


def initials(text: str) -> str:
    """发货时间 -> fhsj; letters and digits stay as they are."""
    plain = normalise(text, greetings=True).text
    spoken = pinyin.of_characters(plain)
    return "".join(
        sound[0] if sound else character
        for sound, character in zip(spoken, plain, strict=True)
        if sound or (character.isascii() and character.isalnum())
    )


def _ungreeted(text: str) -> tuple[int, int]:
    """Where greetings end at the beginning, and begin at the end."""
    first = _GREETED_FIRST.match(text)
    start = first.end() if first else 0
    last = _GREETED_LAST.search(text, start)
    return start, last.start() if last else len(text)


@lru_cache(maxsize=16_384)
def _fold(character: str) -> str:
    """What is kept of one code point: nothing, a blank, a line feed or its plain form."""
    if character in _ENDS_SENTENCE:
        return "\n"
    kept = []
    for folded in unicodedata.normalize("NFKC", character).lower():
        kind = unicodedata.category(folded)
        if kind[0] in "LN":
            kept.append(folded)
        elif kind in ("Mn", "Mc", "Me", "Cf"):
            continue
        else:
            kept.append(" ")
    return "".join(kept)


class _Plain(dict[int, str]):
    """What `str.translate` asks for each code point."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _blank(blanks: re.Match[str]) -> str:
    return "\n" if "\n" in blanks.group() else " "


_PLAIN = _Plain()
_BLANKS = re.compile(r"[ \n]+")
# NFKC makes 18 code points of one, at the most
_LONGEST_FOLDED = 18


def _simplify(text: str) -> str:
    if text.isascii():
        return text
    simple: str = _converter().convert(text)
    if len(simple) == len(text):
        return simple
    # A phrase changed its length: character by character keeps every position true.
    return "".join(c if len(s := _converter().convert(c)) != 1 else s for c in text)


@cache
def _converter() -> Any:
    # Loads its dictionaries; a process that only checks a file need not.
    import opencc

    return opencc.OpenCC("t2s")


@cache
def _segmenter() -> Any:
    # jieba in Rust: the same dictionary and model at 32 MiB instead of 100 and twenty times the
    # speed. Importing it takes 150 ms, so it happens in `warm` and not when the server starts.
    import rjieba

    return rjieba


def _cut(text: str, start: int, end: int) -> list[Piece]:
    found: list[tuple[str, int, int]] = (
        _segmenter().tokenize(text[start:end], "search") if start < end else []
    )
    return [Piece(word, start + first, start + last) for word, first, last in found if word.strip()]
