"""Where a text that is longer than a message may be cut."""

import re
import unicodedata

_SEAMS = [
    re.compile(r"\n"),
    re.compile(r"[。！？；…][”’」』）]?|[.!?;](?=\s)"),
    re.compile(r"[，、,：:](?=\s|[^\x00-\x7f])|\s"),
]
_JOINER = "\u200d"


def seam(text: str, end: int) -> int:
    """Where to cut a text of which the first `end` code points fit."""
    half = end // 2
    for kind in _SEAMS:
        found = [
            one.start() if one.group().isspace() else one.end()
            for one in kind.finditer(text, half, end + 1)
        ]
        if inside := [place for place in found if half < place <= end]:
            return inside[-1]
    cut = end
    while cut > half and _belongs(text, cut):
        cut -= 1
    return cut if cut > half else end


def _belongs(text: str, place: int) -> bool:
    """Whether a code point is one character with the one before it."""
    here = text[place]
    return (
        here == _JOINER
        or text[place - 1] == _JOINER
        or unicodedata.category(here) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= here <= "\U0001f3ff"
    )
