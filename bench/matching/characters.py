"""Cosine of TF-IDF over single characters and pairs, the best of what comes ready-made.

The weights are those of scikit-learn's TfidfVectorizer(analyzer="char", ngram_range=(1, 2)),
written out here because 45 MB to install are too many for thirty lines.
"""

import itertools
from collections import Counter
from math import log, sqrt

from bench.matching.contender import Knowledge, Ranking
from bench.matching.phrasings import Phrasings
from bench.matching.postings import Postings


class Characters:
    def __init__(self, knowledge: Knowledge) -> None:
        self._phrasings = Phrasings(knowledge.entries)
        documents = [grams(text) for text in self._phrasings.texts]
        holds = Counter(gram for document in documents for gram in document)
        size = len(documents)
        self._idf = {gram: log((1 + size) / (1 + n)) + 1 for gram, n in holds.items()}
        self._postings = Postings(map(self._vector, documents))

    def rank(self, text: str, limit: int) -> Ranking:
        return self._phrasings.best(self._postings.scores(self._vector(grams(text))), limit)

    def _vector(self, document: Counter[str]) -> dict[str, float]:
        """Of length 1; what no phrasing holds counts nothing, as with scikit-learn."""
        weights = {g: n * self._idf[g] for g, n in document.items() if g in self._idf}
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {gram: weight / length for gram, weight in weights.items()}


def grams(text: str) -> Counter[str]:
    """Characters and pairs of neighbours, in small letters; blanks count as one."""
    plain = " ".join(text.lower().split())
    return Counter(itertools.chain(plain, map("".join, itertools.pairwise(plain))))
