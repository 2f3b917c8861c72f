"""The entries that answer a shopper's message, best first, each with its score and its reason."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace

from knowledge import chinese, highlight, question
from knowledge.catalogue import Catalogue, phrases, plain, said, whole
from knowledge.chinese import Normal
from knowledge.entry import Entry
from knowledge.index import Index, Spelt
from knowledge.ranking import Asked, Ranking
from knowledge.spelling import Initials, Terms, characters, spell
from knowledge.suggestion import NEARLY, Context, Gates, Suggestion
from knowledge.vectors import Encoder, Vectors, encoded
from knowledge.weights import MEASURED, Weights

__all__ = ["Context", "Gates", "KnowledgeBase", "Suggestion"]

# A knowledge base of fewer entries is built anew with each change; it takes milliseconds.
SMALL = 32
PROGRESS_EVERY = 1000
# phrasings taken apart that are kept ready
MOST_TAKEN = 2048


class KnowledgeBase:
    """Immutable: a changed entry gives the next knowledge base while this one goes on answering.

    Next ones are made by one writer at a time; any number of threads may ask.
    """

    __slots__ = (
        "_catalogue",
        "_dictionary",
        "_encoder",
        "_index",
        "_initials",
        "_ranking",
        "_spelt",
        "_synonyms",
        "_taken",
        "_weights",
        "_words",
    )

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        dictionary: Iterable[str] = (),
        synonyms: Iterable[Iterable[str]] = (),
        encoder: Encoder | None = None,
        weights: Weights = MEASURED,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """`progress` hears how many entries have been read, now and then."""
        self._dictionary = tuple(dictionary)
        self._synonyms = tuple(_groups(synonyms))
        self._encoder = encoder
        self._weights = weights
        kept = list({entry.id: entry for entry in entries}.values())
        catalogue = Catalogue.of(kept)
        spelt = (self._spell(entry) for entry in _counted(kept, progress or _unheard))
        vectors = None
        if encoder is not None:
            vectors = Vectors.of(encoder, [each for entry in kept for each in phrases(entry)])
        index = Index.of(spelt, vectors)
        self._take(catalogue, index, Initials(index.words.frequencies()), ())
        # Loads what else a message needs now, so that the first one does not wait for it.
        self.suggest("什么时候发货")

    @classmethod
    def indexed(
        cls,
        catalogue: Catalogue,
        index: Index,
        *,
        dictionary: Iterable[str] = (),
        synonyms: Iterable[Iterable[str]] = (),
        encoder: Encoder | None = None,
        weights: Weights = MEASURED,
    ) -> "KnowledgeBase":
        """One whose entries have been spelt before, see `saved`."""
        self = cls.__new__(cls)
        self._dictionary = tuple(dictionary)
        self._synonyms = tuple(_groups(synonyms))
        self._encoder = encoder
        self._weights = weights
        self._take(catalogue, index, Initials(index.words.frequencies()), ())
        self.suggest("什么时候发货")
        return self

    def __len__(self) -> int:
        return len(self._catalogue)

    @property
    def dictionary(self) -> tuple[str, ...]:
        return self._dictionary

    @property
    def encoder(self) -> Encoder | None:
        return self._encoder

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue

    @property
    def index(self) -> Index:
        return self._index

    @property
    def unsettled(self) -> int:
        """How many entries were changed since it was built: each makes the next change and every
        answer a little slower, so that after some hundreds it pays to build anew."""
        return len(self._spelt)

    def with_entry(self, entry: Entry) -> "KnowledgeBase":
        """This knowledge base with the entry added, or in the place of its earlier self.

        One whose words are what they were, though its category or its days are not, costs nothing.
        """
        place = self._catalogue.places.get(entry.id)
        if place is not None and _same_words(self._catalogue.entry(place), entry):
            following = copy(self)
            following._catalogue = self._catalogue.restated(place, entry)
            following._ranking = replace(self._ranking, catalogue=following._catalogue)
            return following
        return self._next(entry.id, self._catalogue.with_entry(entry), entry)

    def without(self, entry_id: str) -> "KnowledgeBase":
        """This knowledge base without the entry; the same one if it never had it."""
        if entry_id not in self._catalogue.places:
            return self
        return self._next(entry_id, self._catalogue.without(entry_id), None)

    def suggest(
        self,
        text: str,
        context: Context | None = None,
        *,
        limit: int = 5,
        gates: Gates | None = None,
    ) -> list[Suggestion]:
        """The best entries by falling score; equal scores in the order of the entries."""
        message = chinese.normalise(text)
        asked = Asked(message, context or Context())
        gates = gates or Gates()
        scores = self._ranking.scores(asked)
        lifts = self._ranking.lifted(scores, asked.context)
        rank = self._catalogue.rank
        ranked = sorted(scores.items(), key=lambda item: (-item[1], rank(item[0])))
        ranked = ranked[: max(0, limit)]
        raised = self._ranking.raised(asked, ranked[0][1]) if ranked else 1.0
        lead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0) if ranked else 0.0
        taken = highlight.Message(message, self._words)
        spoken = highlight.said([message.text], latin=True)
        found: list[Suggestion] = []
        for place, score in ranked:
            entry = self._catalogue.entry(place)
            reached = score * raised
            sure = score >= 1.0 or (reached >= gates.sure and lead >= gates.lead)
            phrase, matched = self._because(message, entry, spoken)
            found.append(
                Suggestion(
                    entry=entry.id,
                    score=round(score if score >= 1.0 else min(NEARLY, reached), 4),
                    show=reached >= gates.show,
                    sure=sure and not found,
                    why=taken.why(whole(entry), said(entry)),
                    phrase=phrase,
                    matched=matched,
                    lift=lifts.get(place, 0.0),
                )
            )
        return found

    def _because(self, message: Normal, entry: Entry, spoken: str) -> tuple[str, highlight.Spans]:
        """The phrasing that is closest to the message, and what of it the message shares."""
        spelt = phrases(entry)
        best = max(range(len(spelt)), key=lambda n: _ratio(message.text, spelt[n]))
        phrase = entry.phrases[best]
        taken = self._taken.get(phrase)
        if taken is None:
            if len(self._taken) >= MOST_TAKEN:
                self._taken.clear()
            taken = highlight.Message(chinese.normalise(phrase), self._words)
            self._taken[phrase] = taken
        return phrase, taken.why(message.text, spoken)

    def _take(
        self,
        catalogue: Catalogue,
        index: Index,
        initials: Initials,
        spelt: tuple[Spelt, ...],
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._initials = initials
        self._spelt = spelt
        if spelt:
            initials = Initials(_later_words(spelt), initials)
        reader = question.Reader(self._dictionary, initials, knows=index.knows)
        self._ranking = Ranking(
            catalogue, index, reader, self._synonyms, self._weights, self._encoder
        )
        self._taken: dict[str, highlight.Message] = {}
        self._words = highlight.Words(
            self._dictionary, self._synonyms, index.worth, reader.initials
        )

    def _next(self, entry_id: str, catalogue: Catalogue, entry: Entry | None) -> "KnowledgeBase":
        if self._index.base < SMALL:
            return KnowledgeBase(
                catalogue.entries(), dictionary=self._dictionary, synonyms=self._synonyms,
                encoder=self._encoder, weights=self._weights,
            )  # fmt: skip
        place, base = self._catalogue.places.get(entry_id), self._index.base
        spelt = list(self._spelt)
        fresh = _NOTHING if entry is None else self._spell(entry)
        if place is not None and place >= base:
            spelt[place - base] = fresh
        elif entry is not None:
            spelt.append(fresh)
        left = []
        if place is not None and place < base:
            left = [self._spell(self._catalogue.entry(place))]
        following = KnowledgeBase.__new__(KnowledgeBase)
        following._dictionary = self._dictionary
        following._synonyms = self._synonyms
        following._encoder = self._encoder
        following._weights = self._weights
        vectors = self._vectors(catalogue)
        index = self._index.changed(spelt, left, catalogue.gone, vectors)
        following._take(catalogue, index, self._initials, tuple(spelt))
        return following

    def _vectors(self, catalogue: Catalogue) -> Vectors | None:
        if self._encoder is None or self._index.vectors is None:
            return None
        late = [each for entry in catalogue.late for each in (phrases(entry) if entry else ("",))]
        return self._index.vectors.changed(encoded(self._encoder, late))

    def _spell(self, entry: Entry) -> Spelt:
        spelt = [spell(phrase, self._dictionary) for phrase in phrases(entry)]
        return Spelt(spelt, characters(whole(entry)))


_NOTHING = Spelt([Terms([], [], [])], [])


def _groups(synonyms: Iterable[Iterable[str]]) -> Iterator[frozenset[str]]:
    for group in synonyms:
        words = frozenset(filter(None, map(plain, group)))
        if len(words) > 1:
            yield words


def _counted(entries: Sequence[Entry], progress: Callable[[int], None]) -> Iterator[Entry]:
    for count, entry in enumerate(entries, 1):
        yield entry
        if count % PROGRESS_EVERY == 0 or count == len(entries):
            progress(count)


def _unheard(count: int) -> None:
    """Nobody asked how far it is."""


def _later_words(spelt: Iterable[Spelt]) -> list[tuple[str, int]]:
    found = Counter(word for each in spelt for p in each.phrases for run in p.words for word in run)
    return list(found.items())


def _same_words(before: Entry, after: Entry) -> bool:
    """Whether all that is spelt and indexed is the same."""
    return before.phrases == after.phrases and before.answer == after.answer


def _ratio(text: str, phrase: str) -> float:
    # Loaded with the first knowledge base and not when the server starts.
    from rapidfuzz import fuzz

    return float(fuzz.ratio(text, phrase))
