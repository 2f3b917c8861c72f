"""`kb eval`: a knowledge file and questions with known answers, read and measured."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import orjson
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

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


class ShopWords(msgspec.Struct):
    """What a faq.yaml says of the shop's own words; other files have none. 12315 is a word, too."""

    dictionary: list[str | int] = []
    synonyms: list[list[str | int]] = []


class QueryRow(msgspec.Struct):
    """One question; an empty `gold` means that nothing fits."""

    id: str
    text: str
    gold: list[str] = []


def evaluate_files(
    kb: Path,
    queries: Path,
    encoder: Encoder | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, float | int | None]:
    """The figures of `kb eval`. `progress` hears how many entries of how many have been read.

    Raises Refused with the file and the row.
    """
    content = _content(kb)
    entries = [
        Entry(
            id=row.id,
            question=row.question,
            answer=row.answer,
            similar=tuple(row.similar),
            category=row.category,
        )
        for row in _rows(kb, content, "entries", EntryRow)
    ]
    asked = [
        Query(row.id, row.text, tuple(row.gold))
        for row in _rows(queries, _content(queries), "queries", QueryRow)
    ]
    begun = time.perf_counter()
    said = partial(_say, progress, len(entries)) if progress else None
    words = _words(kb, content)
    base = KnowledgeBase(
        entries,
        dictionary=map(str, words.dictionary),
        synonyms=(map(str, group) for group in words.synonyms),
        encoder=encoder,
        progress=said,
    )
    built = time.perf_counter() - begun
    figures = evaluate(base, asked, clock=time.perf_counter)
    return {**figures.named(), "build_s": round(built, 3)}


def _say(progress: Callable[[int, int], None], total: int, count: int) -> None:
    progress(count, total)


def _rows(path: Path, content: Any, key: str, shape: type[S]) -> Sequence[S]:
    try:
        rows = content[key] if isinstance(content, dict) else content
        found = list(rows)
    except (KeyError, TypeError) as wrong:
        raise Refused("invalid", f"{path}: no list of {key}") from wrong
    return [_converted(f"{path}: row {n}", row, shape) for n, row in enumerate(found, start=1)]


def _words(path: Path, content: Any) -> ShopWords:
    return _converted(str(path), content if isinstance(content, dict) else {}, ShopWords)


def _converted(where: str, value: Any, shape: type[S]) -> S:
    try:
        return msgspec.convert(value, shape, strict=False)
    except msgspec.ValidationError as wrong:
        raise Refused("invalid", f"{where}: {wrong}") from wrong


def _content(path: Path) -> Any:
    """A YAML file's mapping, or the rows of a file with one JSON object a line."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise Refused("not_found", f"{path}: {failure}") from failure
    try:
        if path.suffix in (".yaml", ".yml"):
            return YAML(typ="safe", pure=True).load(text)
        return [orjson.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, YAMLError) as wrong:
        raise Refused("invalid", f"{path}: {wrong}") from wrong
