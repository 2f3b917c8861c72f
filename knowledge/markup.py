"""Answers are written in a little Markdown: **bold**, *italic*, lists, [links](https://…) and line
breaks, nothing else; above all no pictures and no HTML.

A chat says them as plain text, where an answer without marks stays as it was typed to the byte.
Mail and previews show them as HTML, made by markdown-it and cleaned once more by nh3. Fill the
blanks of either afterwards, so that what a shopper is called is never read as a mark.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any, Literal, NamedTuple

from knowledge import variables
from knowledge.marks import Piece, flat, pieces

_BREAK = re.compile(r"(\r\n?|\n)")
_SCHEMES = {"http", "https", "mailto", "tel"}
_TAGS = {"a", "br", "em", "li", "ol", "p", "strong", "ul"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_REL = "noopener noreferrer nofollow"
# By the number of stars, the outer first.
_MARKED = {1: ("em",), 2: ("strong",), 3: ("strong", "em")}


class _Told(NamedTuple):
    """A token of the library's: `content` is its text, or of a link its address."""

    kind: str
    tag: str
    nesting: Literal[-1, 0, 1]
    content: str = ""


_NEXT_LINE = _Told("hardbreak", "br", 0)


def plain(text: str) -> str:
    """What a chat says: marks taken off, and of a link its label with the address behind it.

    Lists, line breaks, blanks, addresses, sums and emoticons stay as they are, and so does what is
    plain already.
    """
    while (once := _without_marks(text)) != text:
        text = once
    return text


def html(text: str) -> str:
    """The same as HTML: nothing but paragraphs, lists, bold, italic, line breaks and links that
    leave no trace of where they were. The line breaks in it are for its reader only."""
    # Loaded when somebody looks at HTML and not when the server starts.
    import nh3

    made = _renderer().render(text)
    return nh3.clean(
        made, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=_REL
    ).strip()


def fill_html(text: str, values: Mapping[str, str]) -> str:
    """`html` of a text with its blanks filled; whatever a value holds is text there."""
    return variables.fill(html(text), {name: escape(value) for name, value in values.items()})


def _without_marks(text: str) -> str:
    if "*" not in text and "[" not in text:
        return text
    return "".join(
        line if _BREAK.fullmatch(line) else "".join(flat(pieces(line)))
        for line in _BREAK.split(text)
    )


@cache
def _renderer() -> Any:
    # Loaded when somebody looks at HTML and not when the server starts.
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False, "breaks": True})
    made.disable(
        ["code", "fence", "blockquote", "hr", "reference", "html_block", "heading", "lheading"]
    )
    made.core.ruler.at("inline", _read_lines)
    return made


def _read_lines(state: Any) -> None:
    """Takes the place of the library's reader of what is inside a paragraph."""
    for token in state.tokens:
        if token.type == "inline":
            told: list[_Told] = []
            for number, line in enumerate(token.content.split("\n")):
                told += [_NEXT_LINE] if number else []
                told += _told(pieces(line))
            token.children = list(map(_token, told))


def _told(found: Sequence[Piece]) -> Iterator[_Told]:
    for one in found:
        match one.kind:
            case "text":
                yield _Told("text", "", 0, one.text)
            case "open":
                yield from (_Told(f"{tag}_open", tag, 1) for tag in _MARKED[one.stars])
            case "close":
                yield from (_Told(f"{tag}_close", tag, -1) for tag in _MARKED[one.stars][::-1])
            case "link":
                yield _Told("link_open", "a", 1, one.href)
                yield from _told(one.label)
                yield _Told("link_close", "a", -1)


def _token(told: _Told) -> Any:
    # Loaded with the renderer above.
    from markdown_it.token import Token

    token = Token(told.kind, told.tag, told.nesting, content=told.content)
    if told.kind == "link_open":
        token.attrSet("href", told.content)
    return token
