"""The shop's files: which formats there are, and which one a file is in.

Every format is one module with the same inside: `NAME`, `EXTENSION`, `KEY` (the field by which a
row is known again), `is_in`, `read` (bytes to a `Sheet`: rows with their numbers, and findings) and
`write` (entries to bytes). What a format has no column for is said in its docstring, and stays as
the shop has it when a file is imported. Another format is another module and a line in `FORMATS`.

Text comes in with blank space at its ends taken off, and with line feeds for line breaks, in every
format: faq.yaml cannot keep the former, and no shopper sees either. Ids of rows that carry none
are made of what they are known by, such as `qn.fh.1` for the first row with the code `fh`.

A file is what its content says, and where that does not tell, what its name says.
"""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Protocol

from knowledge.entry import Entry
from knowledge.formats import faq, lhc, qianniu, workbook
from knowledge.formats.rows import LARGEST, Sheet, Words
from knowledge.formats.table import encoded

__all__ = ["FORMATS", "FULL", "Sheet", "Words", "encoded", "of_name", "read"]


class Format(Protocol):
    """What a format's module holds."""

    @property
    def NAME(self) -> str: ...

    @property
    def EXTENSION(self) -> str: ...

    def is_in(self, data: bytes) -> bool:
        """Whether these bytes can only be this format."""
        ...

    def read(self, data: bytes, *, file: str) -> Sheet: ...

    def write(self, entries: Sequence[Entry]) -> bytes:
        """A new file. Raises ValueError with a sentence when the format cannot hold them."""
        ...


FORMATS: tuple[Format, ...] = (faq, qianniu, workbook, lhc)
# The one that holds all there is to say.
FULL = faq.NAME
_OTHER_NAMES = {".yml": ".yaml"}


def of_name(file: str) -> Format | None:
    """The first format that files of such a name have."""
    suffix = PurePath(file).suffix.lower()
    suffix = _OTHER_NAMES.get(suffix, suffix)
    return next((one for one in FORMATS if one.EXTENSION == suffix), None)


def read(data: bytes, *, file: str) -> Sheet:
    """Everything a file says, and everything that is wrong with it."""
    telling = (one for one in FORMATS if one.is_in(data))
    form = next(telling, None) or of_name(file) or faq
    if len(data) > LARGEST:
        return Sheet.refused(form.NAME, file, 1, "too_large", str(len(data)), str(LARGEST))
    return form.read(data, file=file)
