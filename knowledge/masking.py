"""Agents' answers without what is one shopper's alone, so that they can be shown as a pattern."""

import re

MASK = "***"
# Of an order, a parcel, a phone; what has fewer is a price or a number of hours.
DIGITS = 4
NAMED = "{昵称}"
# A name of one character is a word in too many places.
SHORTEST_NAME = 2

_MAIL = re.compile(r"[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NUMBER = re.compile(r"[0-9０-９A-Za-z*-]{4,}")


def masked(text: str, name: str = "") -> str:
    """The text with the shopper's name as a blank again, and without mail addresses and numbers of
    four digits or more, the letters and dashes among them too."""
    name = name.strip()
    if len(name) >= SHORTEST_NAME:
        text = text.replace(name, NAMED)
    return _NUMBER.sub(_hidden, _MAIL.sub(MASK, text))


def _hidden(found: re.Match[str]) -> str:
    number = found.group()
    return MASK if sum(map(str.isdigit, number)) >= DIGITS else number
