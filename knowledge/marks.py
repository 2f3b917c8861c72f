"""The marks inside one line of an answer: **bold**, *italic* and [links](https://…).

CommonMark's own rule for stars knows no Chinese: it leaves **注意：**请 as it is written and makes
30*40*50 slanted. Here a star marks something where it stands close around words, no Latin letter
or digit is at its outer side, and what is inside is no emoticon and no sum. Blanks such as {昵称}
and addresses are never looked into.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

_BLANK = r"\{[^{}\r\n]*\}"
_TARGET = rf"(?:https?://|mailto:|tel:)(?:[^\s(){{}}]|{_BLANK}|\((?:[^\s(){{}}]|{_BLANK})*\))+"
_PIECE = re.compile(
    rf"(?P<blank>{_BLANK})"
    rf"|(?<!!)\[(?P<label>(?:[^\[\]{{}}\r\n]|{_BLANK})+)\]\((?P<href>{_TARGET})\)"
    rf"|(?P<address>https?://(?:{_BLANK}|(?!\*\*(?![a-z0-9]))[!-~])*(?:{_BLANK}|[!-)+-~]))"
    r"|(?P<stars>\*+)",
    re.IGNORECASE,
)
MOST_STARS = 3


class Piece(NamedTuple):
    """Text as it is written; the `stars` that open or close something; or a link with its label."""

    kind: Literal["text", "open", "close", "link"]
    text: str
    stars: int = 0
    href: str = ""
    label: tuple["Piece", ...] = ()


class _Run(NamedTuple):
    """Stars side by side: where they stand, and whether they may open and close something."""

    start: int
    end: int
    opens: bool
    closes: bool

    @property
    def stars(self) -> int:
        return self.end - self.start


def pieces(line: str) -> list[Piece]:
    """All of a line, in order. The texts of pieces that are no links make up the line."""
    found: list[Piece | _Run] = []
    end = 0
    for match in _PIECE.finditer(line):
        if not match["stars"] and not (match["label"] or "").strip():
            continue
        if end < match.start():
            found.append(Piece("text", line[end : match.start()]))
        end = match.end()
        found.append(_run(line, *match.span()) if match["stars"] else _link(match))
    if end < len(line):
        found.append(Piece("text", line[end:]))
    marks = _marks(line, [one for one in found if isinstance(one, _Run)])
    return [
        Piece(marks.get(one.start, "text"), "*" * one.stars, one.stars)
        if isinstance(one, _Run)
        else one
        for one in found
    ]


def _link(match: re.Match[str]) -> Piece:
    # a star in an address means the same when it is escaped, and marks nothing
    href = match["href"].replace("*", "%2A")
    return Piece("link", match.group(), href=href, label=tuple(pieces(match["label"])))


def _run(line: str, start: int, end: int) -> _Run:
    before = line[start - 1] if start else " "
    after = line[end] if end < len(line) else " "
    opens = not (after.isspace() or _kind(after) in ("Pe", "Pf") or _latin(before))
    closes = not (before.isspace() or _kind(before) in ("Ps", "Pi") or _latin(after))
    if end - start == 1:
        opens = opens and not _draws(after) and not (after.isdigit() and before.isalnum())
        closes = closes and not _draws(before)
    escaped = before == "\\"
    return _Run(start, end, opens and not escaped, closes and not escaped)


def _marks(line: str, runs: list[_Run]) -> dict[int, Literal["open", "close"]]:
    """Which runs are marks, by where they start. A run closes the nearest one of as many stars;
    what was opened between them and not closed is no mark."""
    marks: dict[int, Literal["open", "close"]] = {}
    words = [0, *itertools.accumulate(map(str.isalnum, line))] if runs else []
    waiting: list[_Run] = []
    places: dict[int, list[int]] = {stars: [] for stars in range(1, MOST_STARS + 1)}
    for run in runs:
        if run.stars > MOST_STARS:
            continue
        if run.closes and places[run.stars]:
            place = places[run.stars][-1]
            if words[waiting[place].end] < words[run.start]:
                marks[waiting[place].start], marks[run.start] = "open", "close"
                for one in waiting[place:]:
                    places[one.stars].pop()
                del waiting[place:]
                continue
        if run.opens:
            places[run.stars].append(len(waiting))
            waiting.append(run)
    return marks


def _kind(character: str) -> str:
    return unicodedata.category(character)


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _draws(character: str) -> bool:
    """Whether it is of those that faces are drawn with, such as ^ and ▽; ￥ is none."""
    return _kind(character) in ("Sk", "Sm", "So")


def flat(found: list[Piece]) -> Iterator[str]:
    """What is left without the marks; of a link its label, and its address behind it."""
    for one in found:
        if one.kind == "text":
            yield one.text
        elif one.kind == "link":
            label = "".join(flat(list(one.label)))
            address = re.sub("^(?:mailto|tel):", "", one.href, flags=re.IGNORECASE)
            yield address if label.strip() == address else f"{label}（{address}）"
