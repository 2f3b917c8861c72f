"""YAML text as plain nodes that know their lines.

Hides the YAML library, and refuses what an owner's file never needs and an attacker's does:
aliases (a kilobyte that unfolds to gigabytes), tags, endless nesting, repeated keys. Scalars stay
text: `no`, `0123` and `1.10` mean what is written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LARGEST = 5 * 1024 * 1024
DEEPEST = 8

# No database would take these.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# What the library says, in the words of someone who never heard of YAML.
_IN_CHINESE = (
    ("'\\t'", "用了制表符（Tab），缩进只能用空格"),
    ("mapping values are not allowed", "一行里有多余的英文冒号；含冒号的文字请加引号"),
    ("unexpected end of stream", "引号没有成对"),
    ("could not find expected ':'", "缺少英文冒号，或冒号后没有空格"),
    ("expected <block end>", "缩进没有对齐"),
    ("found character", "不能以这个符号开头；请给文字加引号"),
    ("flow ", "方括号或花括号没有成对"),
    ("expected ','", "方括号或花括号没有成对"),
    ("special characters", "含有不可见的控制字符"),
)


class Refused(Exception):
    """The text is no YAML we read: line, code and facts of the finding."""

    def __init__(self, line: int, code: str, *facts: str) -> None:
        super().__init__(f"line {line}: {code} {facts}")
        self.line = line
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, `plain` when it stands without quotes; lines count from 1.

    `end` is the column behind its last character.
    """

    value: str
    plain: bool
    line: int
    end: int

    @property
    def empty(self) -> bool:
        return self.plain and self.value in ("", "~", "null")


@dataclass(slots=True)
class Items:
    """A list."""

    line: int
    column: int
    flow: bool
    nodes: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Fields:
    """A mapping: name to the line of the name and the value."""

    line: int
    column: int
    flow: bool
    values: dict[str, tuple[int, "Node"]] = field(default_factory=dict)


Node = Text | Items | Fields


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, with or without a byte order mark; Refused names another."""
    if len(data) > LARGEST:
        raise Refused(1, "too_large", str(len(data)), str(LARGEST))
    for mark, name in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if data.startswith(mark):
            raise Refused(1, "encoding", name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise Refused(line, "encoding", _looks_like(data)) from wrong


def parse(text: str) -> tuple[Node | None, list[Refused]]:
    """The tree (None for an empty text) and the repeated keys; raises Refused when unreadable."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        raise Refused(1, "too_large", str(size), str(LARGEST))
    return _Composer(_events(text.removeprefix("\ufeff"))).document()


def _looks_like(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "?"
    return "GBK"


def _events(text: str) -> Iterator[Any]:
    # Loading the YAML library takes 0.15 s, which only a process that reads files should pay.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        problem = " ".join(filter(None, (wrong.context, wrong.problem)))
        raise Refused(mark.line + 1 if mark else 1, "syntax", *_said(problem)) from wrong
    except YAMLError as wrong:
        line = text.count("\n", 0, getattr(wrong, "position", 0)) + 1
        problem = str(getattr(wrong, "reason", wrong))
        raise Refused(line, "syntax", *_said(problem)) from wrong
    except Exception as wrong:
        # On some broken texts the library fails with whatever its parser stumbled over, such as
        # OverflowError from chr() for "\UFFFFFFFF". To the owner that is a broken text as well.
        raise Refused(1, "syntax", *_said(f"{type(wrong).__name__}: {wrong}")) from wrong


def _said(problem: str) -> tuple[str, str]:
    for sign, chinese in _IN_CHINESE:
        if sign in problem:
            return chinese, problem
    return problem, problem


class _Composer:
    """Builds nodes from events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._repeated: list[Refused] = []

    def document(self) -> tuple[Node | None, list[Refused]]:
        node: Node | None = None
        documents = 0
        for event in self._events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    raise Refused(event.start_mark.line + 1, "many_documents")
            elif kind not in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                node = self._node(event, 1)
        return node, self._repeated

    def _node(self, event: Any, depth: int) -> Node:
        line = event.start_mark.line + 1
        if type(event).__name__ == "AliasEvent" or event.anchor is not None:
            raise Refused(line, "alias")
        if event.tag is not None:
            raise Refused(line, "tag", str(event.tag))
        if depth > DEEPEST:
            raise Refused(line, "too_deep")
        if type(event).__name__ == "ScalarEvent":
            return self._text(event)
        if type(event).__name__ == "SequenceStartEvent":
            return self._items(event, depth)
        return self._fields(event, depth)

    def _text(self, event: Any) -> Text:
        line = event.start_mark.line + 1
        if UNSTORABLE.search(event.value):
            # Written as an escape such as "\ud83d" or "\0"; no database would take it.
            raise Refused(line, "syntax", *_said("special characters are not allowed"))
        return Text(event.value, event.style in (None, ""), line, event.end_mark.column)

    def _items(self, event: Any, depth: int) -> Items:
        mark = event.start_mark
        items = Items(mark.line + 1, mark.column, bool(event.flow_style))
        while type(inner := next(self._events)).__name__ != "SequenceEndEvent":
            items.nodes.append(self._node(inner, depth + 1))
        return items

    def _fields(self, event: Any, depth: int) -> Fields:
        mark = event.start_mark
        fields = Fields(mark.line + 1, mark.column, bool(event.flow_style))
        while type(inner := next(self._events)).__name__ != "MappingEndEvent":
            key = self._node(inner, depth + 1)
            line = inner.start_mark.line + 1
            if not isinstance(key, Text):
                raise Refused(line, "key_type")
            value = self._node(next(self._events), depth + 1)
            if key.value in fields.values:
                first = str(fields.values[key.value][0])
                self._repeated.append(Refused(line, "repeated", key.value, first))
            else:
                fields.values[key.value] = (line, value)
        return fields
