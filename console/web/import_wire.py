"""Files as those see them who import them; in TypeScript it is static/src/shared/import-wire.ts.

A file has ten thousand rows: its answer is put together row by row, in a thread, so that nothing
holds the interpreter for long.
"""

from typing import Any

import orjson

from console.desk.importing import Progress, Record, Undone
from console.desk.looking import Look
from console.model.words import from_ms
from console.web.wire import Json, stamp
from knowledge.findings import Finding
from knowledge.outcomes import Outcome

# The formats by the names that their users know.
FORMATS = {"faq": "faq", "qianniu": "qianniu", "workbook": "xlsx", "lhc": "lhc"}
_NAMES = {inside: name for name, inside in FORMATS.items()}


def looked(one: Look, language: str) -> bytes:
    """What a file would do, as JSON. For a thread."""
    head = orjson.dumps({"format": _NAMES[one.format], "file": one.file, "counts": one.counts})
    rows = b",".join(orjson.dumps(_row(row, one, language)) for row in one.rows)
    findings = b",".join(orjson.dumps(_placed(found, language)) for found in one.findings)
    return b'%b,"rows":[%b],"findings":[%b]}' % (head[:-1], rows, findings)


def progress(one: Progress) -> Json:
    return {"done": one.done, "total": one.total}


def record(one: Record) -> Json:
    """An import; `undo` is null where there is nothing to take back, or not any more."""
    did = one.counts["new"] or one.counts["changed"] or one.words is not None
    shape: Json = {
        "id": one.id,
        "at": stamp(from_ms(one.at)),
        "by": None if one.by is None else {"id": one.by[0], "name": one.by[1]},
        "file": one.file,
        "format": _NAMES[one.format],
        "counts": one.counts,
        "undo": one.id if did and one.undone_at is None else None,
    }
    return shape if one.undone_at is None else {**shape, "undone_at": stamp(from_ms(one.undone_at))}


def undone(one: Undone) -> Json:
    return {
        "import": record(one.record),
        "deleted": one.deleted,
        "restored": one.restored,
        "kept": one.kept,
    }


def _row(one: Outcome, look: Look, language: str) -> Json:
    entry = one.entry
    shape: Json = {
        "row": one.row,
        "state": one.state,
        "id": "" if entry is None else entry.id,
        "question": "" if entry is None else entry.question,
    }
    if one.state == "unchanged":
        return shape
    shape["fields"] = {
        name: {"before": before, "after": after} for name, (before, after) in one.fields.items()
    }
    if one.state == "conflicting" and one.shop is not None:
        shape["shop"] = look.shop[one.shop.id]
    shape["messages"] = [_message(found, language) for found in one.findings]
    return shape


def _placed(one: Finding, language: str) -> Json:
    return {"row": one.line, "field": one.field, **_message(one, language)}


def _message(one: Finding, language: str) -> dict[str, Any]:
    return {"code": one.code, "message": one.message(language), "severity": one.severity}
