"""Questions whose right entries are known: the shop's own, and folders as `kb eval` reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import orjson
from ruamel.yaml import YAML

from bench.matching.contender import Knowledge
from bench.programs import BenchFailed
from bootstrap.places import ROOT
from knowledge import Entry, entries
from knowledge.evaluate import Query

MESSAGES = ROOT / "tests/knowledge/data/messages.yaml"
BESIDE = ROOT.parent / "shared" / "data"
KB, QUERIES = "kb.jsonl", "queries.jsonl"


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """One knowledge base and the parts that are reported apart; `slices` are kinds of message."""

    name: str
    knowledge: Knowledge
    parts: Mapping[str, Sequence[Query]]
    slices: Mapping[str, Sequence[Query]] = field(default_factory=dict)


def own(*, most: int | None = None, seed: int = 0) -> QuestionSet:
    """faq.yaml and the messages that were written for it."""
    reading = entries.read((ROOT / "faq.yaml").read_text("utf-8"), file="faq.yaml")
    rows = YAML(typ="safe", pure=True).load(MESSAGES)["queries"]
    knowledge = Knowledge(reading.entries, reading.dictionary, reading.synonyms)
    halves = {
        half: drawn([_query(row) for row in rows if row["half"] == half], most=most, seed=seed)
        for half in ("tune", "check")
    }
    kept = {query.id for half in halves.values() for query in half}
    slices: dict[str, list[Query]] = {}
    for row in rows:
        if row["gold"] and row["id"] in kept:
            slices.setdefault(row["slice"], []).append(_query(row))
    return QuestionSet("the shop's own", knowledge, halves, slices)


def folder(path: Path, *, most: int, seed: int) -> QuestionSet:
    """The set in a folder; BenchFailed where it is none."""
    try:
        kb = Knowledge([_entry(row) for row in _rows(path / KB)])
        queries = [_query(row) for row in _rows(path / QUERIES)]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise BenchFailed(f"{path}: no {KB} and {QUERIES} of `kb eval`: {wrong}") from wrong
    return QuestionSet(path.name, kb, {"": drawn(queries, most=most, seed=seed)})


def beside(place: Path = BESIDE) -> list[Path]:
    """The folders with sets that lie beside the clone, if any do."""
    return sorted(kb.parent for kb in place.glob(f"*/{KB}") if (kb.parent / QUERIES).exists())


def drawn(queries: Sequence[Query], *, most: int | None, seed: int) -> list[Query]:
    """At most so many, in their order; the same ones for the same seed."""
    if most is None or len(queries) <= most:
        return list(queries)
    return [queries[n] for n in sorted(Random(seed).sample(range(len(queries)), most))]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _entry(row: Mapping[str, Any]) -> Entry:
    similar = tuple(row.get("similar") or ())
    return Entry(str(row["id"]), row["question"], row.get("answer") or "", similar=similar)


def _query(row: Mapping[str, Any]) -> Query:
    return Query(str(row["id"]), row["text"], tuple(map(str, row.get("gold") or ())))
