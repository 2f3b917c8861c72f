"""Which documents hold a term and with what weight: the inverted index of BM25 and TF-IDF alike."""

from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Postings:
    """Weights of terms in documents, to be added up for the terms of a query."""

    def __init__(self, documents: Iterable[Mapping[str, float]]) -> None:
        where: dict[str, array[int]] = {}
        weights: dict[str, array[float]] = {}
        self._size = 0
        for number, document in enumerate(documents):
            self._size = number + 1
            for term, weight in document.items():
                where.setdefault(term, array("i")).append(number)
                weights.setdefault(term, array("f")).append(weight)
        self._where = {term: np.frombuffer(held, np.int32) for term, held in where.items()}
        self._weights = {term: np.frombuffer(held, np.float32) for term, held in weights.items()}

    def scores(self, asked: Mapping[str, float]) -> NDArray[Any]:
        """For each document the sum of its weights for the terms, each times what is asked."""
        total = np.zeros(self._size)
        for term, factor in asked.items():
            if term in self._where:
                # A document holds a term once, so plain indexing adds each weight.
                total[self._where[term]] += factor * self._weights[term]
        return total
