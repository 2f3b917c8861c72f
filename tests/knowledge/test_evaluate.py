"""The figures are honest: forced answers, shuffled golds, ties, and a clock that is handed in."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from ruamel.yaml import YAML

from bench.matching.contender import Knowledge
from bench.matching.words import Words
from knowledge import Entry, KnowledgeBase
from knowledge.entries import Reading
from knowledge.evaluate import Figures, Query, evaluate, judge
from tests.knowledge.conftest import ROOT

PHRASES = ("什么时候发货", "怎么退款", "包邮吗", "优惠券怎么领", "有现货吗", "地址写错了")
KB = KnowledgeBase(Entry(str(n), phrase, "好") for n, phrase in enumerate(PHRASES))


def figures(golds: Sequence[Sequence[str]], texts: Sequence[str] = PHRASES) -> Figures:
    ticks: Iterator[int] = itertools.count()
    queries = [
        Query(str(n), text, tuple(gold))
        for n, (text, gold) in enumerate(zip(texts, golds, strict=True))
    ]
    return evaluate(KB, queries, clock=lambda: float(next(ticks)))


def test_right_answers() -> None:
    told = figures([["0"], ["1"], ["2"], ["3"], ["x", "4"], ["5"]])
    assert (told.hit_1, told.hit_3, told.hit_5, told.mrr_10) == (1, 1, 1, 1)
    assert told.auroc is None
    assert (told.p50_ms, told.p99_ms, told.entries, told.queries) == (1000, 1000, 6, 6)


def test_wrong_answers() -> None:
    told = figures([["1"], ["2"], ["0"], ["4"], ["5"], ["x"]])
    assert told.hit_1 == 0


def test_unanswerable_messages_count_for_auroc_only() -> None:
    told = figures([["0"], [], [], ["3"], [], []], [*PHRASES[:4], "", "天气真好"])
    assert told.hit_1 == 1
    assert told.auroc == pytest.approx((2 + 2 + 1 + 1) / 8)


def test_no_queries() -> None:
    told = evaluate(KB, [], clock=time.perf_counter)
    assert told.named() == {
        "hit@1": 0, "hit@3": 0, "hit@5": 0, "mrr@10": 0, "auroc": None, "p50_ms": 0, "p99_ms": 0,
        "entries": 6, "queries": 0,
    }  # fmt: skip


@pytest.mark.parametrize("half", ["tune", "check"])
def test_shoppers_messages_against_the_usual_search(
    half: str,
    shop: Reading,
    kb: KnowledgeBase,
    record_property: Callable[[str, object], None],
) -> None:
    """Floors under what was measured; a change that falls through them made the match worse."""
    path = ROOT / "tests/knowledge/data/messages.yaml"
    messages = YAML(typ="safe", pure=True).load(path)["queries"]
    queries = [
        Query(m["id"], m["text"], tuple(m.get("gold") or ())) for m in messages if m["half"] == half
    ]
    told = evaluate(kb, queries, clock=time.process_time)
    words = Words(Knowledge(shop.entries))
    usual = judge(words.rank, queries, clock=time.process_time, entries=len(kb))
    record_property("figures", told.named() | {"hit@1 of BM25 over words": usual.hit_1})
    assert told.hit_1 >= usual.hit_1 + 0.22
    assert told.hit_1 >= 0.66
    assert told.hit_3 >= 0.86
    assert told.auroc is not None
    assert told.auroc >= 0.78
    assert told.p50_ms <= 5
