"""`kb eval`: a knowledge file and questions with known answers, read and measured."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import orjson
from ruamel.yaml import YAML

from console.model.refusal import Refused
from knowledge import Encoder, Entry, KnowledgeBase
from knowledge.evaluate import Query, evaluate

S = TypeVar("S")


class EntryRow(msgspec.Struct):
    """One entry of a KB file; further fields are ignored."""

    id: str
    question: str
    answer: str = ""
    similar: list[str] = []
    category: str = ""


class QueryRow(msgspec.Struct):
    """One question; an empty `gold` means that nothing fits."""

    id: str
    text: str
    gold: list[str] = []


def evaluate_files(
    kb: Path, queries: Path, encoder: Encoder | None
) -> dict[str, float | int | None]:
    """The figures of `kb eval` (design section 5). Raises Refused with the file and the row."""
    entries = [
        Entry(
            id=row.id,
            question=row.question,
            answer=row.answer,
            similar=tuple(row.similar),
            category=row.category,
        )
        for row in _rows(kb, "entries", EntryRow)
    ]
    asked = [
        Query(row.id, row.text, tuple(row.gold)) for row in _rows(queries, "queries", QueryRow)
    ]
    begun = time.perf_counter()
    base = KnowledgeBase(entries, encoder=encoder)
    built = time.perf_counter() - begun
    figures = evaluate(base, asked, clock=time.perf_counter)
    return {**figures.named(), "build_s": round(built, 3)}


def _rows(path: Path, key: str, shape: type[S]) -> Sequence[S]:
    found = []
    for number, row in enumerate(_read(path, key), start=1):
        try:
            found.append(msgspec.convert(row, shape, strict=False))
        except msgspec.ValidationError as wrong:
            raise Refused("invalid", f"{path}: row {number}: {wrong}") from wrong
    return found


def _read(path: Path, key: str) -> Sequence[Any]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise Refused("not_found", f"{path}: {failure}") from failure
    try:
        if path.suffix in (".yaml", ".yml"):
            return list(YAML(typ="safe", pure=True).load(text)[key])
        return [orjson.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, KeyError, TypeError) as wrong:
        raise Refused("invalid", f"{path}: {wrong}") from wrong
