"""faq.yaml, the shop's own file: every field of an entry, and the shop's words beside them."""

from collections.abc import Iterator, Sequence

from knowledge import entries as source
from knowledge.entries import FIELDS, Reading
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
        return Sheet(NAME, (), findings, readable=False)
    reading = source.read(text, file=file)
    return Sheet(
        NAME,
        tuple(_rows(reading)),
        reading.findings,
        carried=tuple(name for name in FIELDS if name != "id"),
        words=Words(reading.shop, reading.dictionary, reading.synonyms),
        readable=reading.readable,
        paths=True,
    )


def write(entries: Sequence[Entry]) -> bytes:
    return write_back("", entries).encode()


def _rows(reading: Reading) -> Iterator[Row]:
    """The lines at which entries begin; of several on one line, the next ones."""
    number = 0
    for entry, (path, line) in zip(reading.entries, reading.places, strict=True):
        number = max(line, number + 1)
        yield Row(number, entry, path)
