"""Reading faq.yaml: entries, the shop's words, and every finding with its line, not the first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from knowledge import checks, source
from knowledge.checks import Placed
from knowledge.entry import Entry, Variant
from knowledge.findings import Finding
from knowledge.source import Fields, Items, Node, Refused, Text

__all__ = ["Entry", "Finding", "Reading", "decode", "read"]

TOP_FIELDS = ("version", "shop", "dictionary", "synonyms", "entries")
SHOP_FIELDS = ("name", "greeting", "hours", "phone", "address", "about")
LISTS = ("similar", "negative", "tags", "channels", "groups", "pictures", "related")
FIELDS = ("id", "question", "similar", "negative", "answer", "variants", "pictures", "category",
          "shortcut", "hot", "enabled", "auto_reply", "valid_from", "valid_to", "weekdays", "tags",
          "channels", "groups", "related", "owner", "note")  # fmt: skip
VARIANT = ("channel", "level", "answer")
LONGEST = {"question": 500, "similar": 500, "answer": 8_000, "negative": 50, "category": 50,
           "shortcut": 32, "tags": 50, "channels": 32, "groups": 50, "note": 2_000,
           "pictures": 40, "related": 64, "owner": 50}  # fmt: skip
# those of a variant's fields too
MOST = {**LONGEST, "channel": 32, "level": 50}
WEEK = frozenset(range(1, 8))

_ID = re.compile(r"[\w.-]{1,64}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A faq.yaml as far as it could be read; with an error among the findings, do not use it.

    `places` are the path and the line of each entry; what is not `readable` is no YAML at all.
    """

    shop: Mapping[str, str]
    entries: tuple[Entry, ...]
    dictionary: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...]
    places: tuple[tuple[str, int], ...] = ()
    readable: bool = True

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "warning")


def decode(data: bytes, *, file: str) -> tuple[str, tuple[Finding, ...]]:
    """The text of a file's bytes; no text and one finding when they are not UTF-8."""
    try:
        return source.decode(data), ()
    except Refused as wrong:
        return "", (Finding(file, wrong.line, "", wrong.code, wrong.facts),)


def read(text: str, *, file: str) -> Reading:
    """Everything the text says and everything that is wrong with it, in the order of lines."""
    reader = _Reader(file)
    try:
        tree, repeated = source.parse(text)
    except Refused as wrong:
        reader.refuse(wrong)
        return Reading({}, (), (), (), tuple(reader.findings), readable=False)
    for each in repeated:
        reader.refuse(each)
    return reader.top(tree)


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


class _Reader:
    """Turns nodes into values; what does not fit becomes a finding and an empty value."""

    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self._file = file

    def refuse(self, wrong: Refused) -> None:
        self._find(wrong.line, wrong.facts[0] if wrong.code == "repeated" else "",
                   wrong.code, *wrong.facts)  # fmt: skip

    def top(self, tree: Node | None) -> Reading:
        top = self._fields(tree, "faq.yaml", TOP_FIELDS) if tree else Fields(1, 0, flow=False)
        version = top.values.get("version")
        if version and self._text(version[1], "version") != "1":
            self._find(version[0], "version", "version", self._text(version[1], "version"))
        placed = self._entries(top)
        self.findings += checks.check(placed, self._file)
        return Reading(
            self._shop(top),
            tuple(each.entry for each in placed),
            self._texts(top, "dictionary", "dictionary")[0],
            self._synonyms(top),
            tuple(sorted(self.findings, key=lambda found: (found.line, found.field))),
            tuple((each.field, each.line) for each in placed),
        )

    def _find(self, line: int, field: str, code: str, *facts: str) -> None:
        self.findings.append(Finding(self._file, line, field, code, facts))

    def _fields(self, node: Node, field: str, known: tuple[str, ...]) -> Fields:
        if not isinstance(node, Fields):
            if not (isinstance(node, Text) and node.empty):
                self._find(node.line, field, "type_fields", _name(field))
            return Fields(node.line, 0, flow=False)
        for name, (line, _) in node.values.items():
            if name not in known:
                self._find(line, f"{field}.{name}".removeprefix("faq.yaml."), "unknown", name,
                           "、".join(known))  # fmt: skip
        return node

    def _text(self, node: Node, field: str) -> str:
        if isinstance(node, Text):
            return "" if node.empty else node.value.strip()
        self._find(node.line, field, "type_text", _name(field))
        return ""

    def _shop(self, top: Fields) -> dict[str, str]:
        if "shop" not in top.values:
            return {}
        _, node = top.values["shop"]
        if isinstance(node, Text):
            return {"name": self._text(node, "shop")} if not node.empty else {}
        shop = self._fields(node, "shop", SHOP_FIELDS)
        return {
            name: self._text(value, f"shop.{name}")
            for name, (_, value) in shop.values.items()
            if name in SHOP_FIELDS
        }

    def _texts(
        self, fields: Fields, name: str, field: str
    ) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """A list of texts and the line of each."""
        if name not in fields.values:
            return (), ()
        _, node = fields.values[name]
        if isinstance(node, Text) and node.empty:
            return (), ()
        if not isinstance(node, Items):
            self._find(node.line, field, "type_list", _name(field))
            return (), ()
        texts = [
            (self._short(self._text(each, f"{field}[{n}]"), each.line, name, f"{field}[{n}]"),
             each.line)
            for n, each in enumerate(node.nodes)
        ]  # fmt: skip
        kept = [(text, line) for text, line in texts if text]
        return tuple(text for text, _ in kept), tuple(line for _, line in kept)

    def _short(self, text: str, line: int, name: str, field: str) -> str:
        most = MOST.get(name, 100)
        if len(text) > most:
            self._find(line, field, "too_long", _name(field), str(len(text)), str(most))
            return text[:most]
        return text

    def _synonyms(self, top: Fields) -> tuple[tuple[str, ...], ...]:
        if "synonyms" not in top.values:
            return ()
        _, node = top.values["synonyms"]
        if isinstance(node, Text) and node.empty:
            return ()
        if not isinstance(node, Items):
            self._find(node.line, "synonyms", "type_list", "synonyms")
            return ()
        groups = []
        for n, group in enumerate(node.nodes):
            one = Fields(group.line, 0, flow=False, values={"synonyms": (group.line, group)})
            groups.append(self._texts(one, "synonyms", f"synonyms[{n}]")[0])
        return tuple(group for group in groups if group)

    def _entries(self, top: Fields) -> list[Placed]:
        if "entries" not in top.values:
            self._find(top.line, "entries", "missing", "entries")
            return []
        _, node = top.values["entries"]
        if isinstance(node, Text) and node.empty:
            return []
        if not isinstance(node, Items):
            self._find(node.line, "entries", "type_list", "entries")
            return []
        return [
            self._entry(self._fields(each, f"entries[{n}]", FIELDS), f"entries[{n}]")
            for n, each in enumerate(node.nodes)
            if isinstance(each, Fields) or self._no_entry(each, f"entries[{n}]")
        ]

    def _no_entry(self, node: Node, field: str) -> bool:
        self._find(node.line, field, "type_fields", field)
        return False

    def _entry(self, fields: Fields, field: str) -> Placed:
        lines = {name: line for name, (line, _) in fields.values.items()}
        texts = {name: self._one(fields, name, field, fields.line) for name in
                 ("id", "question", "answer", "category", "shortcut", "owner", "note")}  # fmt: skip
        lists = {}
        for name in LISTS:
            lists[name], where = self._texts(fields, name, f"{field}.{name}")
            lines |= {f"{name}[{n}]": line for n, line in enumerate(where)}
        if texts["id"] and not is_id(texts["id"]):
            self._find(lines["id"], f"{field}.id", "id_form", texts["id"][:80])
        began, ended = (self._date(fields, name, field) for name in ("valid_from", "valid_to"))
        if began and ended and ended < began:
            self._find(lines["valid_to"], f"{field}.valid_to", "dates_order",
                       began.isoformat(), ended.isoformat())  # fmt: skip
        entry = Entry(
            id=texts["id"], question=texts["question"], answer=texts["answer"],
            similar=lists["similar"], negative=lists["negative"], category=texts["category"],
            shortcut=texts["shortcut"] or None, hot=self._flag(fields, "hot", field),
            valid_from=began, valid_to=ended, tags=lists["tags"], channels=lists["channels"],
            groups=lists["groups"], note=texts["note"],
            enabled=self._flag(fields, "enabled", field, unsaid=True),
            weekdays=self._weekdays(fields, field), variants=self._variants(fields, field),
            pictures=lists["pictures"], related=lists["related"], owner=texts["owner"],
            auto_reply=self._flag(fields, "auto_reply", field),
        )  # fmt: skip
        return Placed(entry, field, fields.line, lines)

    def _one(self, fields: Fields, name: str, field: str, line: int) -> str:
        where = f"{field}.{name}"
        value = ""
        known_wrong = len(self.findings)
        if name in fields.values:
            line, node = fields.values[name]
            value = self._short(self._text(node, where), line, name, where)
        if not value and name in ("id", "question", "answer") and len(self.findings) == known_wrong:
            self._find(line, where, "missing", name)
        return value

    def _flag(self, fields: Fields, name: str, field: str, *, unsaid: bool = False) -> bool:
        line, node = fields.values.get(name, (0, None))
        if node is None or (isinstance(node, Text) and node.empty):
            return unsaid
        if not isinstance(node, Text) or node.value.lower() not in ("true", "false"):
            self._find(line, f"{field}.{name}", "type_bool", name)
            return unsaid
        return node.value.lower() == "true"

    def _weekdays(self, fields: Fields, field: str) -> tuple[int, ...]:
        texts, lines = self._texts(fields, "weekdays", f"{field}.weekdays")
        days = set()
        for text, line in zip(texts, lines, strict=True):
            if text.isdecimal() and int(text) in WEEK:
                days.add(int(text))
            else:
                self._find(line, f"{field}.weekdays", "type_weekday", text[:20])
        return tuple(sorted(days))

    def _variants(self, fields: Fields, field: str) -> tuple[Variant, ...]:
        line, node = fields.values.get("variants", (0, None))
        if node is None or (isinstance(node, Text) and node.empty):
            return ()
        if not isinstance(node, Items):
            self._find(line, f"{field}.variants", "type_list", "variants")
            return ()
        found = []
        for n, each in enumerate(node.nodes):
            where = f"{field}.variants[{n}]"
            one = self._fields(each, where, VARIANT)
            words = {name: self._one(one, name, where, one.line) for name in VARIANT}
            found.append(Variant(**words))
            if not words["channel"] and not words["level"]:
                self._find(one.line, where, "variant_for")
            if any(alike(found[-1], other) for other in found[:-1]):
                self._find(one.line, where, "same_variant")
        return tuple(found)

    def _date(self, fields: Fields, name: str, field: str) -> date | None:
        line, node = fields.values.get(name, (0, None))
        text = self._text(node, f"{field}.{name}") if node else ""
        found = day(text)
        if text and found is None:
            self._find(line, f"{field}.{name}", "type_date", name, text[:40])
        return found


def alike(one: Variant, other: Variant) -> bool:
    """Whether two variants are for the same channel and level."""
    return (one.channel, one.level) == (other.channel, other.level)


def day(text: str) -> date | None:
    """A date as 2026-11-11; None for anything else."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _name(field: str) -> str:
    return field.rpartition(".")[2]
