"""rapidfuzz's WRatio over all phrasings, its default way to pick one of many texts."""

from rapidfuzz import fuzz, process

from bench.matching.contender import Knowledge, Ranking
from bench.matching.phrasings import Phrasings


class Letters:
    def __init__(self, knowledge: Knowledge) -> None:
        self._phrasings = Phrasings(knowledge.entries)

    def rank(self, text: str, limit: int) -> Ranking:
        depth = self._phrasings.depth(limit)
        found = process.extract(text, self._phrasings.texts, scorer=fuzz.WRatio, limit=depth)
        return self._phrasings.first([(n, score) for _, score, n in found if score > 0], limit)
