"""How good the matching is, on questions whose right entries are known.

The same ranking that agents get, ungated; the clock is handed in. `judge` takes any ranking, so
that another way to match is measured by the same code.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge.matcher import Context, KnowledgeBase

DEPTH = 10

Rank = Callable[[str, int], Sequence[tuple[str, float]]]
"""A message and how many entries are wanted to their ids and scores, best first."""


@dataclass(frozen=True, slots=True)
class Query:
    """A message and the entries that answer it; none means that nothing fits."""

    id: str
    text: str
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of answerable queries with a right entry among the first 1, 3, 5; the mean inverse
    rank; how well the first score tells answerable from unanswerable (None without both kinds).
    """

    hit_1: float
    hit_3: float
    hit_5: float
    mrr_10: float
    auroc: float | None
    p50_ms: float
    p99_ms: float
    entries: int
    queries: int

    def named(self) -> dict[str, float | int | None]:
        """Under the names of `kb eval`."""
        return {
            "hit@1": self.hit_1, "hit@3": self.hit_3, "hit@5": self.hit_5, "mrr@10": self.mrr_10,
            "auroc": self.auroc, "p50_ms": self.p50_ms, "p99_ms": self.p99_ms,
            "entries": self.entries, "queries": self.queries,
        }  # fmt: skip


def evaluate(
    kb: KnowledgeBase,
    queries: Iterable[Query],
    *,
    clock: Callable[[], float],
    context: Context | None = None,
) -> Figures:
    """Ask every query and compare; `clock` gives seconds, such as time.perf_counter."""

    def rank(text: str, limit: int) -> list[tuple[str, float]]:
        return [(each.entry, each.score) for each in kb.suggest(text, context, limit=limit)]

    return judge(rank, queries, clock=clock, entries=len(kb))


def judge(
    rank: Rank, queries: Iterable[Query], *, clock: Callable[[], float], entries: int
) -> Figures:
    """The same for any ranking over so many entries."""
    ranks, answerable, unanswerable, took = [], [], [], []
    for query in queries:
        began = clock()
        found = rank(query.text, DEPTH)
        took.append((clock() - began) * 1000)
        score = found[0][1] if found else 0.0
        if query.gold:
            answerable.append(score)
            ranks.append(_rank([entry for entry, _ in found], query.gold))
        else:
            unanswerable.append(score)
    return Figures(
        hit_1=_within(ranks, 1),
        hit_3=_within(ranks, 3),
        hit_5=_within(ranks, 5),
        mrr_10=_mean([1 / rank if rank else 0.0 for rank in ranks]),
        auroc=_auroc(answerable, unanswerable),
        p50_ms=_percentile(took, 0.50),
        p99_ms=_percentile(took, 0.99),
        entries=entries,
        queries=len(took),
    )


def _rank(found: Sequence[str], gold: Sequence[str]) -> int:
    """The place of the first right entry, from 1; 0 when there is none."""
    return next((place for place, entry in enumerate(found, 1) if entry in gold), 0)


def _within(ranks: Sequence[int], depth: int) -> float:
    return _mean([float(0 < rank <= depth) for rank in ranks])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """The chance that an answerable query scores above an unanswerable one; a tie is half."""
    if not higher or not lower:
        return None
    scores = sorted([(score, 1) for score in higher] + [(score, 0) for score in lower])
    wins, below, place = 0.0, 0, 0
    while place < len(scores):
        end = place
        while end < len(scores) and scores[end][0] == scores[place][0]:
            end += 1
        above = sum(kind for _, kind in scores[place:end])
        tied = end - place - above
        wins += above * (below + tied / 2)
        below += tied
        place = end
    return wins / (len(higher) * len(lower))


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
