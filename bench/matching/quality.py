"""The tables of `bench match`: every contender on every part of a set, and by kind of message."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bench.matching.contender import Contender
from bench.matching.contenders import OURS, USUAL, Build
from bench.matching.sets import QuestionSet
from bench.table import markdown
from knowledge.evaluate import Figures, Query, judge

HEAD = ("contender", "hit@1", "hit@3", "hit@5", "mrr@10", "AUROC", "p50 ms", "p99 ms", "build s")
BY_SLICE = ("kind of message", "messages", f"{OURS}: hit@1", "hit@3", f"{USUAL}: hit@1", "hit@3")
WARMING = "什么时候发货"


def reports(questions: QuestionSet, builds: Mapping[str, Build]) -> Iterator[str]:
    """One table for each part of the set, and one by kind where the set names kinds."""
    contenders, seconds = built(questions, builds)
    for part, queries in questions.parts.items():
        rows = [
            [name, *cells(figures(each, queries, questions)), f"{seconds[name]:.2f}"]
            for name, each in contenders.items()
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


def figures(contender: Contender, queries: Iterable[Query], questions: QuestionSet) -> Figures:
    size = len(questions.knowledge.entries)
    return judge(contender.rank, queries, clock=time.perf_counter, entries=size)


def cells(told: Figures) -> list[str]:
    shares = (told.hit_1, told.hit_3, told.hit_5, told.mrr_10, told.auroc)
    times = (told.p50_ms, told.p99_ms)
    return [share(each) for each in shares] + [f"{each:.2f}" for each in times]


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
        told = [figures(each, queries, questions) for each in pair]
        hits = [share(hit) for each in told for hit in (each.hit_1, each.hit_3)]
        yield [kind, str(len(queries)), *hits]
