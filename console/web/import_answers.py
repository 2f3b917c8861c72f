"""The shapes of what is answered about files of entries, as `openapi` publishes them; `import_wire`
makes the answers."""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from console.web.answers import Entry, Named, Time

Format = Literal["faq", "qianniu", "workbook", "lhc"]


class RowMessage(Struct):
    """What is to be said of a row."""

    code: str
    message: str
    severity: Literal["error", "warning"]


class FileFinding(RowMessage):
    """An error of no row is in the way of the whole file."""

    row: int
    field: str


class ImportCounts(Struct):
    """How many entries were new, and so on."""

    new: int
    changed: int
    unchanged: int
    conflicting: int


class LookCounts(ImportCounts):
    """How many rows are new, and so on."""

    faulty: int


class LookRow(Struct):
    """A row of a file. An unchanged one has no more than four fields; `shop` is the entry that is
    there now, of a conflicting row."""

    row: int
    state: Literal["new", "changed", "unchanged", "conflicting", "faulty"]
    id: str
    question: str
    fields: dict[str, dict[str, Any]] | UnsetType = UNSET
    shop: Entry | UnsetType = UNSET
    messages: list[RowMessage] | UnsetType = UNSET


class ImportLook(Struct):
    """What a file would do."""

    format: Format
    file: str
    counts: LookCounts
    rows: list[LookRow]
    findings: list[FileFinding]


class ImportRecord(Struct):
    """What a file did. `undo` is null where there is nothing to take back, or not any more."""

    id: str
    at: Time
    by: Named | None
    file: str
    format: Format
    counts: ImportCounts
    undo: str | None
    undone_at: Time | UnsetType = UNSET


class ImportList(Struct):
    """The latest first."""

    items: list[ImportRecord]


class ImportUndone(Struct, rename={"import_": "import"}):
    """What an undo did; `kept` are the ids of entries that have changed since."""

    import_: ImportRecord
    deleted: int
    restored: int
    kept: list[str]


class ImportLine(Struct, rename={"import_": "import"}):
    """How far an import is, and in the last line how it ended. `total` is 0 while the file is
    read."""

    done: int | UnsetType = UNSET
    total: int | UnsetType = UNSET
    import_: ImportRecord | UnsetType = UNSET
    error: dict[str, Any] | UnsetType = UNSET
