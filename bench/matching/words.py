"""BM25 over jieba's words, the usual search: k1 = 1.2, b = 0.75, a phrasing is a document."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log

import rjieba

from bench.matching.contender import Knowledge, Ranking
from bench.matching.phrasings import Phrasings
from bench.matching.postings import Postings

K1, B = 1.2, 0.75


class Words:
    def __init__(self, knowledge: Knowledge) -> None:
        self._phrasings = Phrasings(knowledge.entries)
        self._postings = Postings(_weighed([Counter(cut(t)) for t in self._phrasings.texts]))

    def rank(self, text: str, limit: int) -> Ranking:
        asked = dict.fromkeys(cut(text), 1.0)
        return self._phrasings.best(self._postings.scores(asked), limit)


def cut(text: str) -> list[str]:
    """Words of a text in small letters, without blanks."""
    words: list[str] = rjieba.cut(text.lower())
    return [word for word in words if word.strip()]


def _weighed(documents: Sequence[Counter[str]]) -> Iterator[Mapping[str, float]]:
    """Each word of each document with its gain under BM25."""
    holds = Counter(word for document in documents for word in document)
    size = len(documents)
    idf = {word: log(1 + (size - n + 0.5) / (n + 0.5)) for word, n in holds.items()}
    mean = sum(document.total() for document in documents) / max(1, size)
    for document in documents:
        stretch = K1 * (1 - B + B * document.total() / mean)
        yield {
            word: idf[word] * count * (K1 + 1) / (count + stretch)
            for word, count in document.items()
        }
