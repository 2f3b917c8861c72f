"""Writing entries back into the owner's file: only the lines of what changed are touched.

Dumping the whole file through a YAML library would keep most comments and lose the rest: quoting,
line widths, blank lines. So the changed fields are cut out and put in as lines, and the result is
read again before anyone gets it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from knowledge import emit, source
from knowledge.entries import LISTS, read
from knowledge.entry import Entry
from knowledge.source import Fields, Items, Text


class _Item(NamedTuple):
    """An entry in the text: lines [start, end) counted from 0, with its leading comment."""

    entry: Entry
    node: Fields
    comment: int
    start: int
    end: int


def write_back(original: str, entries: Iterable[Entry]) -> str:
    """The text with exactly these entries: comments and order kept, new ones at the end.

    The same text, byte by byte, when nothing differs. ValueError when the text has errors.
    """
    wanted = {entry.id: entry for entry in entries}
    if not original.removeprefix("\ufeff").strip():
        original += "version: 1\n\nentries: []\n"
    reading = read(original, file="faq.yaml")
    if reading.errors:
        raise ValueError(f"cannot write into a file with errors: {reading.errors[0]}")
    if {entry.id: entry for entry in reading.entries} == wanted:
        return original
    for whole in (False, True):
        text = _Splice(original, reading.entries).write(wanted, whole=whole)
        written = read(text, file="faq.yaml")
        if not written.errors and {entry.id: entry for entry in written.entries} == wanted:
            return text
    raise ValueError("cannot write the entries so that they read back the same")


class _Edit(NamedTuple):
    """Lines [start, end) of the original give way to fresh ones."""

    start: int
    end: int
    fresh: list[str]


class _Splice:
    """The text as lines, and where its entries are."""

    def __init__(self, original: str, entries: Sequence[Entry]) -> None:
        self._newline = "\r\n" if "\r\n" in original else "\n"
        self._lines = original.splitlines(keepends=True)
        tree, _ = source.parse(original)
        assert isinstance(tree, Fields)
        self._key, self._node = tree.values["entries"]
        after = [line - 1 for line, _ in tree.values.values() if line > self._key]
        self._bound = min(after, default=len(self._lines))
        listed = isinstance(self._node, Items) and not self._node.flow
        self._column = self._node.column if listed and isinstance(self._node, Items) else 2
        self._items = self._placed(entries) if listed else []

    def write(self, wanted: Mapping[str, Entry], *, whole: bool) -> str:
        """The text with the wanted entries; `whole` rewrites all of a changed entry."""
        edits = list(self._edits(wanted, whole=whole))
        lines = list(self._lines)
        if lines and not lines[-1].endswith(("\n", "\r")):
            lines[-1] += self._newline
        # From the last line up, so that the numbers above stay true; where something is put in
        # before lines that change, the change comes first.
        order = sorted(enumerate(edits), key=lambda e: (e[1].start, e[1].end > e[1].start, e[0]))
        for _, edit in reversed(order):
            lines[edit.start : edit.end] = [line + self._newline for line in edit.fresh]
        return "".join(lines)

    def _placed(self, entries: Sequence[Entry]) -> list[_Item]:
        assert isinstance(self._node, Items)
        nodes = [node for node in self._node.nodes if isinstance(node, Fields)]
        starts = [self._dash(node) for node in nodes]
        placed, previous = [], self._key
        for entry, node, start, bound in zip(
            entries, nodes, starts, [*starts[1:], self._bound], strict=True
        ):
            comment = start
            while comment > previous and self._lines[comment - 1].lstrip().startswith("#"):
                comment -= 1
            end = self._content_end(start, bound, self._column)
            placed.append(_Item(entry, node, comment, start, end))
            previous = end
        return placed

    def _dash(self, node: Fields) -> int:
        line = node.line - 1
        while not self._lines[line].lstrip(" ").startswith("-"):
            line -= 1
        return line

    def _content_end(self, start: int, bound: int, column: int) -> int:
        """Without the blank lines and comments at the end, which belong to what follows.

        A comment further in than `column` stays: it may be the text of an answer.
        """
        while bound > start + 1:
            line = self._lines[bound - 1]
            bare = line.strip()
            if bare and not (bare[0] == "#" and len(line) - len(line.lstrip(" ")) <= column):
                break
            bound -= 1
        return bound

    def _edits(self, wanted: Mapping[str, Entry], *, whole: bool) -> Iterator[_Edit]:
        if not self._items:
            yield self._fresh_list(wanted)
            return
        for item in self._items:
            entry = wanted.get(item.entry.id)
            if entry is None:
                yield self._cut(item)
            elif entry != item.entry:
                fields = None if whole else self._changed_fields(item, entry)
                rewritten = _Edit(item.start, item.end, emit.entry_lines(entry, self._column))
                yield from [rewritten] if fields is None else fields
        known = {item.entry.id for item in self._items}
        yield from self._appended([wanted[key] for key in wanted if key not in known])
        if not wanted:
            yield _Edit(self._key, self._key, ["  []"])

    def _fresh_list(self, wanted: Mapping[str, Entry]) -> _Edit:
        start = self._key - 1
        fresh = ["entries:" if wanted else "entries: []"]
        for n, entry in enumerate(wanted.values()):
            fresh += [""] * (n > 0) + emit.entry_lines(entry, self._column)
        return _Edit(start, self._content_end(start, self._bound, 0), fresh)

    def _cut(self, item: _Item) -> _Edit:
        blank = item.comment > self._key and not self._lines[item.comment - 1].strip()
        return _Edit(item.comment - blank, item.end, [])

    def _appended(self, entries: Iterable[Entry]) -> Iterator[_Edit]:
        last = self._items[-1]
        spaced = not self._lines[last.comment - 1].strip() or len(self._items) == 1
        for entry in entries:
            lines = emit.entry_lines(entry, self._column)
            yield _Edit(last.end, last.end, ["", *lines] if spaced else lines)

    def _changed_fields(self, item: _Item, entry: Entry) -> list[_Edit] | None:
        """Only the lines of the fields that differ; None where they have no lines of their own."""
        node = item.node
        keys = [line - 1 for line, _ in node.values.values()]
        if node.flow or len(set(keys)) < len(keys):
            return None
        ends = {
            name: self._content_end(start, bound, node.column)
            for name, start, bound in zip(node.values, keys, [*keys[1:], item.end], strict=True)
        }
        edits = []
        for name in emit.ORDER:
            if getattr(entry, name) == getattr(item.entry, name):
                continue
            fresh = self._field_lines(item, entry, name, ends)
            start = node.values[name][0] - 1 if name in ends else _after(name, ends)
            if start == item.start:
                if not fresh:
                    return None
                fresh[0] = self._lines[start][: node.column] + fresh[0][node.column :]
            edits.append(_Edit(start, ends.get(name, start), fresh))
        return edits

    def _field_lines(
        self, item: _Item, entry: Entry, name: str, ends: Mapping[str, int]
    ) -> list[str]:
        """A field's fresh lines with the comments that stand on or between its old ones."""
        fresh = emit.field_lines(entry, name, item.node.column)
        line, old = item.node.values.get(name, (0, None))
        if isinstance(old, Text) and len(fresh) == 1 and ends[name] == line:
            behind = self._lines[line - 1][old.end :].rstrip()
            return [fresh[0] + behind] if behind.lstrip().startswith("#") else fresh
        if not fresh or not isinstance(old, Items) or old.flow or not old.nodes:
            return fresh
        if name not in LISTS:
            return fresh
        texts, dashes = getattr(item.entry, name), [node.line - 1 for node in old.nodes]
        if len(texts) != len(dashes):
            return fresh
        kept: dict[str, list[str]] = {}
        above = line
        for text, dash, bound in zip(texts, dashes, [*dashes[1:], ends[name]], strict=True):
            end = self._content_end(dash, bound, old.column)
            kept[text] = [each.rstrip("\r\n") for each in self._lines[above:end]]
            above = end
        indent = " " * old.column
        lines = [kept.pop(text, [f"{indent}- {emit.scalar(text)}"])
                 for text in getattr(entry, name)]  # fmt: skip
        return [self._lines[line - 1].rstrip("\r\n"), *(each for some in lines for each in some)]


def _after(name: str, ends: Mapping[str, int]) -> int:
    """The line behind the field that a new one is expected to follow."""
    before = emit.ORDER[: emit.ORDER.index(name)]
    return next((ends[each] for each in reversed(before) if each in ends), max(ends.values()))
