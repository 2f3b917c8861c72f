"""SQLite's full-text search FTS5 with its trigram tokenizer, any trigram of the message, bm25()."""

import sqlite3

from bench.matching.contender import Knowledge, Ranking
from knowledge import Entry

WIDTH = 3
ROOM = 1_000  # rows an entry may take; row // ROOM is the entry
SEARCH = "SELECT rowid, -rank FROM phrasing WHERE phrasing MATCH ? ORDER BY rank, rowid LIMIT ?"


class Trigrams:
    """Messages shorter than three characters find nothing: the tokenizer has no term for them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._ids = [entry.id for entry in knowledge.entries]
        self._numbers = {entry: number for number, entry in enumerate(self._ids)}
        self._most = max((len(entry.phrases) for entry in knowledge.entries), default=1)
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE VIRTUAL TABLE phrasing USING fts5(t, tokenize='trigram')")
        for entry in knowledge.entries:
            self._insert(entry)
        self._database.commit()

    def rank(self, text: str, limit: int) -> Ranking:
        terms = dict.fromkeys(text[n : n + WIDTH] for n in range(len(text) - WIDTH + 1))
        wanted = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
        if not wanted:
            return []
        best: dict[int, float] = {}
        for row, score in self._database.execute(SEARCH, (wanted, limit * self._most)):
            best.setdefault(row // ROOM, score)
        return [(self._ids[entry], score) for entry, score in list(best.items())[:limit]]

    def change(self, entry: Entry) -> None:
        first = self._numbers[entry.id] * ROOM
        self._database.execute(
            "DELETE FROM phrasing WHERE rowid BETWEEN ? AND ?", (first, first + ROOM - 1)
        )
        self._insert(entry)
        self._database.commit()

    def _insert(self, entry: Entry) -> None:
        first = self._numbers[entry.id] * ROOM
        self._most = max(self._most, len(entry.phrases))
        self._database.executemany(
            "INSERT INTO phrasing(rowid, t) VALUES(?, ?)",
            [(first + n, phrase) for n, phrase in enumerate(entry.phrases)],
        )
