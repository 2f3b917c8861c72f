"""The search box of a picker for canned replies: what was typed must stand in a phrasing."""

from bench.matching.contender import Knowledge, Ranking
from bench.matching.phrasings import Phrasings


class Substring:
    """The more of a phrasing was typed, the better it fits."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._phrasings = Phrasings(knowledge.entries)
        self._texts = [text.lower() for text in self._phrasings.texts]

    def rank(self, text: str, limit: int) -> Ranking:
        typed = text.strip().lower()
        hits = [(n, len(typed) / len(each)) for n, each in enumerate(self._texts) if typed in each]
        return self._phrasings.first(sorted(hits, key=lambda hit: -hit[1]), limit) if typed else []
