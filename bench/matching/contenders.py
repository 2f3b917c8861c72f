"""Who competes, under the names that the tables print."""

from collections.abc import Callable, Mapping
from functools import partial

from bench.matching.characters import Characters
from bench.matching.contender import Contender, Knowledge
from bench.matching.letters import Letters
from bench.matching.ours import Ours, WithMeaning
from bench.matching.search_engine import SearchEngine
from bench.matching.substring import Substring
from bench.matching.trigrams import Trigrams
from bench.matching.words import Words
from knowledge import Weights

Build = Callable[[Knowledge], Contender]

OURS = "ours"
MEANING = "ours, with meaning"
USUAL = "BM25, jieba words"
PEERS: Mapping[str, Build] = {
    "character TF-IDF": Characters,
    USUAL: Words,
    "tantivy, jieba words": SearchEngine,
    "rapidfuzz WRatio": Letters,
    "SQLite FTS5 trigram": Trigrams,
    "substring": Substring,
}
WITH: Mapping[str, Build] = {MEANING: WithMeaning}
ABLATIONS: Mapping[str, Build] = {
    "ours without characters": partial(Ours, weights=Weights(characters=0)),
    "ours without sounds": partial(Ours, weights=Weights(sounds=0)),
    "ours without words": partial(Ours, weights=Weights(words=0)),
    "ours without the whole entry": partial(Ours, weights=Weights(whole=0)),
    "ours without rapidfuzz": partial(Ours, weights=Weights(fuzzy=0)),
}
ALL: Mapping[str, Build] = {OURS: Ours, **WITH, **ABLATIONS, **PEERS}
# At 100,000 entries only those whose work grows slower than the knowledge are of interest.
SCALED = (OURS, USUAL, "tantivy, jieba words", "SQLite FTS5 trigram")
