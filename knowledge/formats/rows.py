"""What all formats have in common: rows, the checks of a row, and the limits of a file."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.entries import LONGEST
from knowledge.entry import Entry
from knowledge.findings import Finding
from knowledge.source import UNSTORABLE

LARGEST = 20 * 1024 * 1024
MOST_ROWS = 50_000

_PLAIN = re.compile(r"[\w-]{1,40}")


@dataclass(frozen=True, slots=True)
class Row:
    """An entry and where it stands: rows count from 1, as spreadsheets do, and those of a faq.yaml
    are its lines; `path` is what findings there call it."""

    number: int
    entry: Entry
    path: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What a faq.yaml says beside its entries."""

    shop: Mapping[str, str]
    dictionary: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as far as it could be read, which is not at all where it is not `readable`. Rows with
    an error among the findings are of no use; `outcomes` tells which those are, by the number that
    a finding has, or by the path, where the file has `paths`.

    `carried` are the fields that the file has a place for, `guessed` those made up of others, and
    `key` is the field by which an entry that did not come from such a file is known in it.
    """

    format: str
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    carried: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    key: str = "id"
    words: Words | None = None
    readable: bool = True
    paths: bool = False

    @classmethod
    def refused(cls, name: str, file: str, number: int, code: str, *facts: str) -> "Sheet":
        """A file of which nothing can be read."""
        return cls(name, (), (Finding(file, number, "", code, facts),), readable=False)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(row.entry for row in self.rows)

    @property
    def failed(self) -> bool:
        return any(one.severity == "error" for one in self.findings)


@dataclass(slots=True)
class Names:
    """Ids for rows that carry none: what a row is known by, and the how manieth it is."""

    prefix: str
    _seen: Counter[str] = field(default_factory=Counter)

    def next(self, key: str) -> str:
        self._seen[key] += 1
        name = key if not key or _PLAIN.fullmatch(key) else f"h.{short(key)}"
        return f"{self.prefix}.{name}.{self._seen[key]}"


def short(text: str) -> str:
    """A stand-in for any text in an id."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def clean(text: str) -> str:
    """The text as every format keeps it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def check(row: Row, file: str, *, known_by: tuple[str, ...] = ()) -> list[Finding]:
    """What is wrong with a row; `known_by` names fields as the file calls them."""
    names = dict(zip(("question", "answer", "category", "shortcut"), known_by, strict=False))
    found = []
    for name, most in LONGEST.items():
        value = getattr(row.entry, name)
        said = names.get(name) or name
        if not value and name in ("question", "answer"):
            found.append(Finding(file, row.number, name, "missing", (said,)))
        for text in value if isinstance(value, tuple) else (value or "",):
            if len(text) > most:
                facts = (said, str(len(text)), str(most))
                found.append(Finding(file, row.number, name, "too_long", facts))
            if UNSTORABLE.search(text):
                found.append(Finding(file, row.number, name, "control", (said,)))
    return found
