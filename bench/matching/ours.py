"""Our own matching, whole or with one of its channels left out."""

from bench.matching.contender import Knowledge, Ranking
from knowledge import Entry, KnowledgeBase, Weights
from knowledge.weights import MEASURED


class Ours:
    def __init__(self, knowledge: Knowledge, weights: Weights = MEASURED) -> None:
        self._kb = KnowledgeBase(
            knowledge.entries,
            dictionary=knowledge.dictionary,
            synonyms=knowledge.synonyms,
            weights=weights,
        )

    def rank(self, text: str, limit: int) -> Ranking:
        return [(each.entry, each.score) for each in self._kb.suggest(text, limit=limit)]

    def change(self, entry: Entry) -> None:
        self._kb = self._kb.with_entry(entry)
