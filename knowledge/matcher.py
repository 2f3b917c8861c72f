"""The entries that answer a shopper's message, best first, each with its score and its reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from knowledge import chinese, highlight, question
from knowledge.chinese import Normal
from knowledge.entry import Entry
from knowledge.index import Index, Spelt
from knowledge.spelling import Initials, pairs, spell

# A candidate's score is this much likeness of letters in order (rapidfuzz) and the rest shared
# terms. Only the first candidates are compared so: it looks at each phrasing.
FUZZY = 0.2
CANDIDATES = 50

# What counts less than the message as it stands: one of its questions, what was said before, a
# text in which a synonym was put, or in which initials were read as the words they may stand for.
PART = 0.97
EARLIER = 0.3
SYNONYM = 0.95
INITIALS = (0.9, 0.8)
MOST_VARIANTS = 4
PRODUCT = 0.05

# Two gates: worth showing at all by the score, sure of the first by its lead over the second.
SHOW = 0.30
SURE, LEAD = 0.50, 0.15
NEARLY = 0.99


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the words; the date is handed in because rules read no clock."""

    today: date | None = None
    product: str | None = None
    earlier: tuple[str, ...] = ()
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`why` are spans of the message in code points; `sure` only the first can be."""

    entry: str
    score: float
    show: bool
    sure: bool
    why: tuple[tuple[int, int], ...]


class _Card(NamedTuple):
    """An entry as it is compared."""

    entry: Entry
    phrases: tuple[str, ...]
    whole: str
    negative: tuple[str, ...]


class KnowledgeBase:
    """Immutable: a changed entry gives the next knowledge base while this one goes on answering.

    Next ones are made by one writer at a time; any number of threads may ask.
    """

    __slots__ = ("_cards", "_dictionary", "_exact", "_index", "_places", "_reader", "_synonyms")

    _cards: tuple[_Card, ...]

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        dictionary: Iterable[str] = (),
        synonyms: Iterable[Iterable[str]] = (),
    ) -> None:
        self._dictionary = tuple(dictionary)
        groups = (frozenset(filter(None, map(_plain, group))) for group in synonyms)
        self._synonyms = tuple(group for group in groups if len(group) > 1)
        cards = {entry.id: _card(entry) for entry in entries}
        self._take(tuple(cards.values()), Index.of([self._spelt(c) for c in cards.values()]))

    def __len__(self) -> int:
        return len(self._cards)

    def with_entry(self, entry: Entry) -> "KnowledgeBase":
        """This knowledge base with the entry added, or in the place of its earlier self."""
        card = _card(entry)
        first = self._places.get(entry.id, len(self._cards))
        last = first + 1 if entry.id in self._places else first
        return self._next(first, last, (card,))

    def without(self, entry_id: str) -> "KnowledgeBase":
        """This knowledge base without the entry; the same one if it never had it."""
        if entry_id not in self._places:
            return self
        first = self._places[entry_id]
        return self._next(first, first + 1, ())

    def suggest(
        self, text: str, context: Context | None = None, *, limit: int = 5
    ) -> list[Suggestion]:
        """The best entries by falling score; equal scores in the order of the entries."""
        context = context or Context()
        message = chinese.normalise(text)
        scores = self._scores(message, context)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[: max(0, limit)]
        lift = self._lift(message, context, ranked[0][1]) if ranked else 1.0
        lead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0) if ranked else 0.0
        return [
            Suggestion(
                entry=self._cards[place].entry.id,
                score=round(score if score >= 1.0 else min(NEARLY, score * lift), 4),
                show=score * lift >= SHOW,
                sure=rank == 0 and (score >= 1.0 or (score * lift >= SURE and lead >= LEAD)),
                why=self._why(message, place),
            )
            for rank, (place, score) in enumerate(ranked)
        ]

    def _take(self, cards: tuple[_Card, ...], index: Index) -> None:
        self._cards = cards
        self._index = index
        self._places = {card.entry.id: place for place, card in enumerate(cards)}
        self._exact: dict[str, list[int]] = {}
        for place, card in enumerate(cards):
            for phrase in card.phrases:
                self._exact.setdefault(_joined(phrase), []).append(place)
        self._reader = question.Reader(self._dictionary, Initials(index.words()), knows=index.knows)

    def _next(self, first: int, last: int, cards: tuple[_Card, ...]) -> "KnowledgeBase":
        following = KnowledgeBase.__new__(KnowledgeBase)
        following._dictionary = self._dictionary
        following._synonyms = self._synonyms
        index = self._index.replaced(first, last, [self._spelt(card) for card in cards])
        following._take((*self._cards[:first], *cards, *self._cards[last:]), index)
        return following

    def _spelt(self, card: _Card) -> Spelt:
        phrases = [spell(phrase, self._dictionary) for phrase in card.phrases]
        return Spelt(phrases, pairs(chinese.units(card.whole)))

    def _scores(self, message: Normal, context: Context) -> dict[int, float]:
        scores: dict[int, float] = {}
        for text, share in self._readings(message):
            for place, score in self._candidates(text, context):
                scores[place] = max(scores.get(place, 0.0), score * share)
        if context.earlier and question.is_elliptical(message):
            earlier = chinese.normalise(context.earlier[-1])
            for place, score in self._candidates(earlier.text, context):
                if place in scores:
                    scores[place] = min(NEARLY, scores[place] + EARLIER * score)
        product = _plain(context.product or "")
        for place in scores if product else ():
            if product in self._cards[place].whole:
                scores[place] = min(NEARLY, scores[place] + PRODUCT)
        for place in self._exact.get(_joined(message.text), ()):
            if message.text and self._holds(place, context):
                scores[place] = 1.0
        return scores

    def _readings(self, message: Normal) -> Iterator[tuple[str, float]]:
        """The message, its separate questions, and its wordings by the shop's synonyms."""
        for wording, share in zip(self._reader.wordings(message.text), INITIALS, strict=False):
            yield wording, 1.0 if wording == message.text else share
        for part in question.parts(message):
            yield part.text, PART
        variants = 0
        for group in self._synonyms:
            for word in sorted(group):
                if word in message.text and variants < MOST_VARIANTS:
                    for other in sorted(group - {word})[: MOST_VARIANTS - variants]:
                        variants += 1
                        yield message.text.replace(word, other), SYNONYM

    def _lift(self, message: Normal, context: Context, first: float) -> float:
        """How much better than the message as a whole its best clause fits: the order stays, but
        the scores say whether something fits.
        """
        asked = (self._candidates(clause.text, context) for clause in question.clauses(message))
        best = max((score for found in asked for _, score in found), default=0.0)
        return max(1.0, PART * best / first) if first else 1.0

    def _candidates(self, text: str, context: Context) -> Iterator[tuple[int, float]]:
        for place, score in self._index.find(self._reader.spell(text), limit=CANDIDATES):
            card = self._cards[place]
            if not self._holds(place, context) or any(word in text for word in card.negative):
                continue
            alike = max(_likeness()(text, phrase) for phrase in card.phrases) / 100
            yield place, min(NEARLY, (1 - FUZZY) * score + FUZZY * alike)

    def _holds(self, place: int, context: Context) -> bool:
        return context.today is None or self._cards[place].entry.is_valid(context.today)

    def _why(self, message: Normal, place: int) -> highlight.Spans:
        card = self._cards[place]
        known = highlight.Words(
            self._dictionary, self._synonyms, self._index.worth, self._reader.initials
        )
        return highlight.why(message, card.phrases, card.whole, known)


def _card(entry: Entry) -> _Card:
    phrases = tuple(chinese.normalise(text).text for text in (entry.question, *entry.similar))
    whole = "\n".join((*phrases, chinese.normalise(entry.answer).text))
    return _Card(entry, phrases, whole, tuple(filter(None, map(_plain, entry.negative))))


def _plain(text: str) -> str:
    return chinese.normalise(text, greetings=True).text


def _joined(text: str) -> str:
    return "".join(text.split())


@cache
def _likeness() -> Any:
    # Loaded with the first knowledge base that is asked, not when the server starts.
    from rapidfuzz import fuzz

    return fuzz.ratio
