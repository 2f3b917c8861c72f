"""The tables of `bench match`: every contender on every part of a set, and by kind of message."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bench.matching.contender import Contender, Ranking
from bench.matching.contenders import OURS, USUAL, Build
from bench.matching.sets import QuestionSet
from bench.table import markdown
from knowledge.evaluate import Figures, Query, judge

HEAD = ("contender", "hit@1", "hit@3", "hit@5", "mrr@10", "AUROC", "first: only ours", "only it",
        "p50 ms", "p99 ms", "build s")  # fmt: skip
BY_SLICE = ("kind of message", "messages", f"{OURS}: hit@1", "hit@3", f"{USUAL}: hit@1", "hit@3")
WARMING = "什么时候发货"


class Told(NamedTuple):
    figures: Figures
    right: list[bool]


def reports(questions: QuestionSet, builds: Mapping[str, Build]) -> Iterator[str]:
    """One table for each part of the set, and one by kind where the set names kinds."""
    contenders, seconds = built(questions, builds)
    for part, queries in questions.parts.items():
        told = {name: asked(each, queries, questions) for name, each in contenders.items()}
        rows = [
            [name, *cells(each, told[OURS]), f"{seconds[name]:.2f}"] for name, each in told.items()
        ]
        yield f"{headline(questions, part)}\n\n{markdown(HEAD, rows)}"
    if questions.slices:
        pair = [contenders[OURS], contenders[USUAL]]
        table = markdown(BY_SLICE, by_slice(pair, questions))
        yield f"#### {questions.name}, by kind of message\n\n{table}"


def built(
    questions: QuestionSet, builds: Mapping[str, Build]
) -> tuple[dict[str, Contender], dict[str, float]]:
    """Every contender, having answered once, and the seconds each took to build."""
    contenders, seconds = {}, {}
    for name, build in builds.items():
        began = time.perf_counter()
        contenders[name] = build(questions.knowledge)
        seconds[name] = time.perf_counter() - began
        contenders[name].rank(WARMING, 1)
    return contenders, seconds


def asked(contender: Contender, queries: Sequence[Query], questions: QuestionSet) -> Told:
    """The figures of a contender, and message by message whether its first entry was right."""
    firsts: list[str | None] = []

    def rank(text: str, limit: int) -> Ranking:
        found = contender.rank(text, limit)
        firsts.append(found[0][0] if found else None)
        return found

    size = len(questions.knowledge.entries)
    figures = judge(rank, queries, clock=time.perf_counter, entries=size)
    return Told(figures, [f in query.gold for f, query in zip(firsts, queries, strict=True)])


def cells(told: Told, ours: Told) -> list[str]:
    """How many messages only one of the two has right says more than the difference of two shares:
    the rest are the same messages."""
    figures = told.figures
    shares = (figures.hit_1, figures.hit_3, figures.hit_5, figures.mrr_10, figures.auroc)
    pairs = list(zip(ours.right, told.right, strict=True))
    return [
        *map(share, shares),
        str(pairs.count((True, False))),
        str(pairs.count((False, True))),
        *(f"{each:.2f}" for each in (figures.p50_ms, figures.p99_ms)),
    ]


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def headline(questions: QuestionSet, part: str) -> str:
    queries = questions.parts[part]
    answerable = sum(bool(query.gold) for query in queries)
    name = f"{questions.name}, {part} half" if part else questions.name
    return (
        f"#### {name}: {len(questions.knowledge.entries):,} entries, {answerable} messages "
        f"with an answer, {len(queries) - answerable} without"
    )


def by_slice(pair: Sequence[Contender], questions: QuestionSet) -> Iterator[list[str]]:
    for kind, queries in questions.slices.items():
        told = [asked(each, queries, questions).figures for each in pair]
        hits = [share(hit) for each in told for hit in (each.hit_1, each.hit_3)]
        yield [kind, str(len(queries)), *hits]
