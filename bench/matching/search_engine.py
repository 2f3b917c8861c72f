"""tantivy, the search engine in Rust, over jieba's words: what a full-text service would do."""

import tantivy

from bench.matching.contender import Knowledge, Ranking
from bench.matching.words import cut
from knowledge import Entry

HEAP_BYTES = 64 * 2**20


class SearchEngine:
    def __init__(self, knowledge: Knowledge) -> None:
        self._ids = [entry.id for entry in knowledge.entries]
        self._numbers = {entry: number for number, entry in enumerate(self._ids)}
        self._most = max((len(entry.phrases) for entry in knowledge.entries), default=1)
        fields = tantivy.SchemaBuilder()
        fields.add_unsigned_field("entry", stored=True, indexed=True)
        fields.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        self._schema = fields.build()
        self._index = tantivy.Index(self._schema)
        self._writer = self._index.writer(HEAP_BYTES, 1)
        for entry in knowledge.entries:
            self._insert(entry)
        self._commit()

    def rank(self, text: str, limit: int) -> Ranking:
        words = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "words", word, "freq"))
            for word in dict.fromkeys(cut(text))
        ]
        found = self._searcher.search(tantivy.Query.boolean_query(words), limit * self._most)
        best: dict[int, float] = {}
        for score, address in found.hits:
            (entry,) = self._searcher.doc(address)["entry"]
            best.setdefault(entry, float(score))
        return [(self._ids[entry], score) for entry, score in list(best.items())[:limit]]

    def change(self, entry: Entry) -> None:
        self._writer.delete_documents_by_term("entry", self._numbers[entry.id])
        self._insert(entry)
        self._commit()

    def _insert(self, entry: Entry) -> None:
        number = self._numbers[entry.id]
        self._most = max(self._most, len(entry.phrases))
        for phrase in entry.phrases:
            document = tantivy.Document(words=" ".join(cut(phrase)))
            document.add_unsigned("entry", number)
            self._writer.add_document(document)

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
