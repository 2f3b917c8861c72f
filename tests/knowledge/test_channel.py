"""BM25 in arrays is BM25, also after documents came and went."""

from collections import Counter
from itertools import pairwise
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.channel import K1, Pieces, channel

B = 0.6
RUN = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5)
DOCUMENT = st.lists(RUN, max_size=3)

Document = list[list[str]]


def terms(document: Document) -> list[tuple[str, ...]]:
    return [(p,) for run in document for p in run] + [
        pair for run in document for pair in pairwise(run)
    ]


def by_hand(documents: list[Document], query: Document, mean: float | None = None) -> list[float]:
    spelt = [terms(document) for document in documents]
    mean = mean or max(1.0, sum(map(len, spelt)) / max(1, len(spelt)))
    scores = []
    for document in spelt:
        counts = Counter(document)
        score = 0.0
        for term in set(terms(query)):
            holds = sum(term in other for other in spelt)
            idf = log(1 + (len(spelt) - holds + 0.5) / (holds + 0.5))
            stretch = K1 * (1 - B + B * len(document) / mean)
            score += idf * counts[term] * (K1 + 1) / (counts[term] + stretch)
        scores.append(score)
    return scores


@settings(deadline=None)
@given(st.lists(DOCUMENT, max_size=6), DOCUMENT)
def test_scores(documents: list[Document], query: Document) -> None:
    found = channel(documents, Pieces(), b=B).find(query)
    assert found.scores.tolist() == pytest.approx(by_hand(documents, query), rel=2e-3)


@settings(deadline=None)
@given(
    st.data(), st.lists(DOCUMENT, min_size=1, max_size=6), st.lists(DOCUMENT, max_size=3), DOCUMENT
)
def test_documents_that_came_and_went_count_as_if_built_anew(
    data: st.DataObject, documents: list[Document], late: list[Document], query: Document
) -> None:
    gone = data.draw(st.sets(st.integers(0, len(documents) - 1)))
    pieces = Pieces()
    before = channel(documents, pieces, b=B)
    expected = before.find(query).scores.tolist()
    after = before.changed(late, [documents[n] for n in gone])
    kept = [document for n, document in enumerate(documents) if n not in gone]
    wanted = by_hand([*kept, *late], query, before.base.mean)
    scores = after.find(query).scores.tolist()
    there = [n for n in range(len(scores)) if n not in gone]
    assert [scores[n] for n in there] == pytest.approx(wanted, rel=2e-3)
    anew = channel([*kept, *late], Pieces(), b=B)
    assert dict(after.frequencies()) == dict(anew.frequencies())
    assert all(after.frequency(p) == anew.frequency(p) for p in "abcdefg")
    assert before.find(query).scores.tolist() == expected


def test_a_document_of_average_length_equal_to_the_query_has_all_of_it() -> None:
    found = channel([[["a", "b"]], [["c", "d"]]], Pieces(), b=B).find([["a", "b"]])
    assert found.shares().tolist() == pytest.approx([1.0, 0.0], rel=2e-3)


def test_unknown_terms_tell_that_the_query_is_about_something_else() -> None:
    known = channel([[["a"]], [["b"]]], Pieces(), b=B)
    assert known.find([["a"], ["x"], ["y"]]).shares()[0] < known.find([["a"]]).shares()[0]


def test_no_pair_reaches_across_a_gap() -> None:
    known = channel([[["a", "b"]], [["a"], ["b"]]], Pieces(), b=B)
    close, apart = known.find([["a", "b"]]).scores.tolist()
    assert close > apart
    assert known.find([["b", "a"]]).scores.tolist() == known.find([["b"], ["a"]]).scores.tolist()
