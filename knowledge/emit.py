"""Entries as lines of YAML in the style an owner would write by hand."""

import json
import re
from collections.abc import Iterable

from knowledge.entries import VARIANT
from knowledge.entry import Entry, Variant

# The order in which an owner reads an entry.
ORDER = ("id", "category", "question", "similar", "negative", "answer", "variants", "pictures",
         "shortcut", "hot", "enabled", "auto_reply", "valid_from", "valid_to", "weekdays", "tags",
         "channels", "groups", "related", "owner", "note")  # fmt: skip

_NEEDS_QUOTES = re.compile(
    r"""^[-?:,\[\]{}#&*!|>'"%@`=<~\s]|\s$|:\s|:$|\s\#|\t"""
    r"|^(?:null|true|false|yes|no|on|off|[\d.+-][\d.eE+_:xa-fA-F-]*|\.(?:inf|nan))$",
    re.IGNORECASE,
)
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def entry_lines(entry: Entry, column: int) -> list[str]:
    """The entry as an item of a list whose dash stands at `column`."""
    lines = [line for name in ORDER for line in field_lines(entry, name, column + 2)]
    return [f"{' ' * column}- {lines[0].lstrip(' ')}", *lines[1:]]


def field_lines(entry: Entry, name: str, column: int) -> list[str]:
    """One field with its name at `column`; nothing for one that is as it is unless said."""
    value = getattr(entry, name)
    indent = " " * column
    if name == "enabled":
        return [] if value else [f"{indent}enabled: false"]
    if value is None or value in ("", False) or value == ():
        return []
    if name == "weekdays":
        return [f"{indent}{name}: [{', '.join(map(str, value))}]"]
    if name == "variants":
        items = (line for one in value for line in _variant_lines(one, column + 2))
        return [f"{indent}{name}:", *items]
    if isinstance(value, tuple):
        items = (f"{indent}  - {scalar(item)}" for item in value)
        return [f"{indent}{name}:", *items]
    if value is True or name in ("valid_from", "valid_to"):
        return [f"{indent}{name}: {'true' if value is True else value.isoformat()}"]
    return _text_lines(name, value, indent)


def scalar(text: str) -> str:
    """The text on one line, quoted only where it must be."""
    if text and not _NEEDS_QUOTES.search(text) and not _ESCAPED.search(text) and "\n" not in text:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)


def _variant_lines(one: Variant, column: int) -> list[str]:
    indent = " " * (column + 2)
    lines = [
        line
        for name in VARIANT
        if (value := getattr(one, name))
        for line in _text_lines(name, value, indent)
    ]
    return [f"{' ' * column}- {lines[0].lstrip(' ')}", *lines[1:]]


def _text_lines(name: str, text: str, indent: str) -> list[str]:
    if "\n" in text and not _ESCAPED.search(text) and not text[0].isspace():
        return [f"{indent}{name}: |-", *_block(text.split("\n"), indent)]
    return [f"{indent}{name}: {scalar(text)}"]


def _block(lines: Iterable[str], indent: str) -> list[str]:
    return [f"{indent}  {line}" if line else "" for line in lines]
