"""BM25 in arrays is BM25, also after documents were exchanged."""

from collections import Counter
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.channel import K1, channel

B = 0.6
DOCUMENT = st.lists(st.sampled_from("abcdef"), max_size=8)


def by_hand(documents: list[list[str]], query: list[str]) -> list[float]:
    mean = max(1.0, sum(map(len, documents)) / max(1, len(documents)))
    scores = []
    for document in documents:
        counts = Counter(document)
        score = 0.0
        for term in set(query):
            holds = sum(term in other for other in documents)
            idf = log(1 + (len(documents) - holds + 0.5) / (holds + 0.5))
            stretch = K1 * (1 - B + B * len(document) / mean)
            score += idf * counts[term] * (K1 + 1) / (counts[term] + stretch)
        scores.append(score)
    return scores


@settings(deadline=None)
@given(st.lists(DOCUMENT, max_size=6), DOCUMENT)
def test_scores(documents: list[list[str]], query: list[str]) -> None:
    found = channel(documents, b=B).find(query)
    assert found.scores.tolist() == pytest.approx(by_hand(documents, query), rel=1e-4)


@settings(deadline=None)
@given(st.data(), st.lists(DOCUMENT, max_size=6), st.lists(DOCUMENT, max_size=3), DOCUMENT)
def test_exchanged_documents_score_as_if_built_anew(
    data: st.DataObject, documents: list[list[str]], fresh: list[list[str]], query: list[str]
) -> None:
    first = data.draw(st.integers(0, len(documents)))
    last = data.draw(st.integers(first, len(documents)))
    before = channel(documents, b=B)
    expected = before.find(query).scores.tolist()
    after = before.replaced(first, last, fresh)
    wanted = channel([*documents[:first], *fresh, *documents[last:]], b=B)
    assert after.find(query).scores.tolist() == pytest.approx(wanted.find(query).scores.tolist())
    assert after.find(query).best == pytest.approx(wanted.find(query).best)
    assert before.find(query).scores.tolist() == expected
    assert dict(after.frequencies()) == dict(wanted.frequencies())


def test_a_document_of_average_length_equal_to_the_query_has_all_of_it() -> None:
    found = channel([["a", "b"], ["c", "d"]], b=B).find(["a", "b"])
    assert found.shares().tolist() == pytest.approx([1.0, 0.0])


def test_unknown_terms_tell_that_the_query_is_about_something_else() -> None:
    known = channel([["a"], ["b"]], b=B)
    assert known.find(["a", "x", "y"]).shares()[0] < known.find(["a"]).shares()[0]
