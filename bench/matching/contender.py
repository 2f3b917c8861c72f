"""What is compared: a knowledge base in, a ranking of entries out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Protocol, runtime_checkable

from knowledge import Entry

Ranking = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a shop has: its entries, and the words of its own."""

    entries: Sequence[Entry]
    dictionary: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()


class Contender(Protocol):
    def rank(self, text: str, limit: int) -> Ranking:
        """Ids and scores of the best entries, best first; only such as match at all."""
        ...


@runtime_checkable
class Changing(Contender, Protocol):
    """One that takes a changed entry without being built anew."""

    def change(self, entry: Entry) -> None: ...


@runtime_checkable
class Keeping(Contender, Protocol):
    """One that can be kept as a file, and loaded for the same entries."""

    def keep(self, file: BinaryIO) -> None: ...

    def load(self, file: BinaryIO) -> None: ...


def taught(entry: Entry, text: str) -> Entry:
    """The entry with one more similar question."""
    return replace(entry, similar=(*entry.similar, text))
