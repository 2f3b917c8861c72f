"""How alike two shoppers' questions are: whether one answer would do for both.

Compared are characters and sounds, one and two at a time, and the letters in order. What is asked
about counts in full; the words that only make a question of it count little, or all questions
would look alike. And two texts of the same words may still ask for different things, which a few
plain signs tell: how and when, 42 and 48, a thing that only one of them names.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from knowledge import chinese
from knowledge.chinese import Piece

# Two texts are alike from here on. Set on the pairs of tests/knowledge/test_grouping.py.
LIMIT = 0.56
# Shares of the sounds among the terms, and of the letters in order in the likeness.
SOUNDS, FUZZY = 0.35, 0.25
LIGHT, FULL = 0.15, 1.0
# What is left of it when one text asks how and the other when, or of 42 and of 48; when one denies
# what the other says; when each names something that the other does not, or one a whole word more.
OTHER_KIND, DENIED, OTHER_THING, ONE_MORE = 0.8, 0.6, 0.85, 0.85

_LIGHT = frozenset(
    "吗呢么嘛吧啊呀哦喔哈啦了的地得着过你您我咱们这那个这是有没能可以会要想请问下一些就都还也"
    "怎样什时候多少几哪里呗诶哎嗯亲给把被在为再啥咋谁点儿和跟与"
)
# 能不能 asks what 能 … 吗 asks
_EITHER = re.compile(r"(.)[不没]\1|有没(?!有)")
_EMPTY = re.compile(r"一(?=[点下个些])|支持|提供|到底|究竟|(?<=.)服务|[不没](?=$)")
_KINDS = {
    "when": re.compile(r"什么时候|啥时候|啥时|何时|几时|多久|多长时间|几天|多少天|哪天"),
    "how": re.compile(r"(?:怎么|怎样|如何|咋)(?!卖)"),
    "where": re.compile(r"哪里|哪儿|在哪|哪边"),
    "price": re.compile(r"多少钱|几块|什么价|怎么卖|价格"),
    "why": re.compile(r"为什么|为啥|怎么会|怎么还"),
}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DENIES = re.compile(r"[不没别无](?!知道|好意思|客气)")


class Spelt(NamedTuple):
    """The terms of a text with what they weigh, its letters in order, and what it is about."""

    characters: dict[str, float]
    sounds: dict[str, float]
    letters: str
    named: frozenset[str]
    kinds: frozenset[str]
    denies: bool


def likeness(one: str, other: str) -> float:
    """How alike two normal texts are, from 0 to 1."""
    # Loaded when questions are grouped and not when the server starts.
    from rapidfuzz import fuzz

    a, b = spell(one), spell(other)
    shared = (1 - SOUNDS) * _shared(a.characters, b.characters)
    shared += SOUNDS * _shared(a.sounds, b.sounds)
    letters = fuzz.ratio(a.letters, b.letters) / 100
    return ((1 - FUZZY) * shared + FUZZY * letters) * remains(a, b)


def _shared(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    both = fsum(min(one[term], other[term]) for term in one.keys() & other.keys())
    either = fsum(one.values()) + fsum(other.values()) - both
    return both / either if either else 0.0


def remains(one: Spelt, other: Spelt) -> float:
    """What is left of a likeness where two texts of similar words ask for different things."""
    left = 1.0
    if one.kinds and other.kinds and one.kinds.isdisjoint(other.kinds):
        left *= OTHER_KIND
    if one.denies != other.denies:
        left *= DENIED
    mine, theirs = one.named - other.named, other.named - one.named
    if mine and theirs:
        left *= OTHER_THING
    elif len(mine) > 1 or len(theirs) > 1:
        left *= ONE_MORE
    return left


def core(text: str) -> str:
    """What a normal text is about, in one piece: without what counts little. All of it where that
    leaves nothing."""
    return "".join(c for c in _bare(text) if c not in _LIGHT and not c.isspace()) or text


def _bare(text: str) -> str:
    return _EMPTY.sub("", _EITHER.sub(lambda found: found.group()[0], text)) or text


@lru_cache(maxsize=16_384)
def spell(text: str) -> Spelt:
    plain = _bare(text)
    units, spoken = chinese.units(plain), chinese.sounds(plain, latin=True)
    heard = {piece.start: piece.text for piece in spoken}
    kinds = {name for name, words in _KINDS.items() if words.search(plain)}
    return Spelt(
        _weighed(units, plain),
        _weighed(spoken, plain),
        "".join(plain.split()),
        # by their sound, so that a slip names nothing new
        frozenset(heard.get(one.start, one.text) for one in units if _weight(one, plain) == FULL),
        frozenset(kinds or _NUMBER.findall(plain)),
        _DENIES.search(plain) is not None,
    )


def _weighed(pieces: Sequence[Piece], text: str) -> dict[str, float]:
    """Each piece and each two neighbours; two weigh what the lighter one does."""
    terms: dict[str, float] = {}
    before: Piece | None = None
    for piece in pieces:
        weight = _weight(piece, text)
        terms[piece.text] = max(weight, terms.get(piece.text, 0.0))
        if before is not None and before.end == piece.start:
            pair = f"{before.text} {piece.text}"
            terms[pair] = max(min(weight, _weight(before, text)), terms.get(pair, 0.0))
        before = piece
    return terms


def _weight(piece: Piece, text: str) -> float:
    return LIGHT if text[piece.start : piece.end] in _LIGHT else FULL
