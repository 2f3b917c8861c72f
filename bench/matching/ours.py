"""Our own matching, whole or with one of its channels left out."""

from typing import BinaryIO

from bench.matching.contender import Knowledge, Ranking
from console.encoder import SEMANTIC, open_encoder
from knowledge import Encoder, Entry, KnowledgeBase, Weights, saved
from knowledge.weights import MEASURED


class Ours:
    def __init__(
        self,
        knowledge: Knowledge,
        weights: Weights = MEASURED,
        encoder: Encoder | None = None,
    ) -> None:
        self._kb = KnowledgeBase(
            knowledge.entries,
            dictionary=knowledge.dictionary,
            synonyms=knowledge.synonyms,
            weights=weights,
            encoder=encoder,
        )

    def rank(self, text: str, limit: int) -> Ranking:
        return [(each.entry, each.score) for each in self._kb.suggest(text, limit=limit)]

    def change(self, entry: Entry) -> None:
        self._kb = self._kb.with_entry(entry)

    def keep(self, file: BinaryIO) -> None:
        saved.save(self._kb, file)

    def load(self, file: BinaryIO) -> None:
        loaded = saved.load(file, self._kb.catalogue.entries(), dictionary=self._kb.dictionary)
        assert loaded is not None, "what was just kept is of another knowledge"
        self._kb = loaded


class WithMeaning(Ours):
    """With the model of the extra `semantic` beside the words."""

    def __init__(self, knowledge: Knowledge) -> None:
        super().__init__(knowledge, encoder=open_encoder(SEMANTIC))
