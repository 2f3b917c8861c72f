"""The blanks of an answer, such as {昵称}: a closed list, each with a word for when it is empty.

An answer may bring its own word: {昵称|朋友}.
"""

import re
from collections.abc import Mapping

# What stands in an answer when the value is not known; the sentence must still read well.
FALLBACKS: Mapping[str, str] = {
    "昵称": "亲",
    "订单号": "您的订单",
    "商品": "这款商品",
    "客服": "客服",
    "店名": "本店",
}

_BLANK = re.compile(r"\{([^{}|\s]{1,20})(?:\|([^{}|\n]{0,50}))?\}")


def names(text: str) -> tuple[str, ...]:
    """All names in braces, known or not, each once, in the order they appear."""
    return tuple(dict.fromkeys(blank[1] for blank in _BLANK.finditer(text)))


def fallbacks(text: str) -> dict[str, str]:
    """All names in braces, known or not, with what stands where the value is missing; of one that
    has several, the first."""
    found: dict[str, str] = {}
    for blank in _BLANK.finditer(text):
        own = blank[2]
        found.setdefault(blank[1], FALLBACKS.get(blank[1], "") if own is None else own)
    return found


def fill(text: str, values: Mapping[str, str | None]) -> str:
    """The text with its blanks filled, in one pass: braces inside a value are only text.

    A missing or empty value leaves the fallback, an unknown name stays as it is written.
    """

    def value(blank: re.Match[str]) -> str:
        name, own = blank.groups()
        if name not in FALLBACKS:
            return blank.group()
        return (values.get(name) or "").strip() or (FALLBACKS[name] if own is None else own)

    return _BLANK.sub(value, text)
