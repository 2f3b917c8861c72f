"""faq.yaml, the shop's own file: every field of an entry, and the shop's words beside them."""

from collections.abc import Sequence

from knowledge import entries as source
from knowledge.entries import FIELDS
from knowledge.entry import Entry
from knowledge.formats.rows import Row, Sheet, Words
from knowledge.splice import write_back

NAME = "faq"
EXTENSION = ".yaml"
KEY = "id"


def is_in(data: bytes) -> bool:
    """YAML has no sign of its own: what has another's is another, by name or not."""
    return False


def read(data: bytes, *, file: str) -> Sheet:
    text, findings = source.decode(data, file=file)
    if findings:
        return Sheet(NAME, (), findings)
    reading = source.read(text, file=file)
    return Sheet(
        NAME,
        tuple(Row(place, entry) for place, entry in enumerate(reading.entries, 1)),
        reading.findings,
        carried=tuple(name for name in FIELDS if name != "id"),
        words=Words(reading.shop, reading.dictionary, reading.synonyms),
    )


def write(entries: Sequence[Entry]) -> bytes:
    return write_back("", entries).encode()
