"""The entries that answer a shopper's message, best first, each with its score and its reason."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

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

# Wordings by synonyms are tried for messages up to here; what is longer has words enough to match,
# and the work per message stays bounded.
LONGEST_VARIED = 60

# Two gates: worth showing at all by the score, sure of the first by its lead over the second. Set
# on the tune half of tests/knowledge/data/messages.yaml: four of five answerable messages are
# shown something and one of five unanswerable ones; a sure first is right 19 times of 20.
SHOW = 0.32
SURE, LEAD = 0.40, 0.20
NEARLY = 0.99
MOST_LIFT = 0.08


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the words; the date is handed in because rules read no clock.

    `lifts` is what the shop's own use has taught: points to add to an entry's score, bounded by
    MOST_LIFT either way, so that it settles what is close and turns nothing over.
    """

    today: date | None = None
    product: str | None = None
    earlier: tuple[str, ...] = ()
    channel: str | None = None
    group: str | None = None
    lifts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gates:
    """A suggestion is worth showing from the score `show` on; the first is sure from the score
    `sure` on, where it leads the second by `lead`."""

    show: float = SHOW
    sure: float = SURE
    lead: float = LEAD


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`why` are spans of the message in code points; `sure` only the first can be. `lift` is what
    use has added to the score or taken from it."""

    entry: str
    score: float
    show: bool
    sure: bool
    why: tuple[tuple[int, int], ...]
    lift: float = 0.0


class _Card(NamedTuple):
    """An entry as it is compared."""

    entry: Entry
    phrases: tuple[str, ...]
    whole: str
    said: str
    negative: tuple[str, ...]


class _Asked(NamedTuple):
    """One message being answered; what was found for a text is found once."""

    message: Normal
    context: Context
    found: dict[str, list[tuple[int, float]]]


class KnowledgeBase:
    """Immutable: a changed entry gives the next knowledge base while this one goes on answering.

    Next ones are made by one writer at a time; any number of threads may ask.
    """

    __slots__ = (
        "_cards",
        "_dictionary",
        "_exact",
        "_index",
        "_places",
        "_reader",
        "_synonyms",
        "_words",
    )

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
        # Loads what else a message needs now, so that the first one does not wait for it.
        self.suggest("什么时候发货")

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
        self,
        text: str,
        context: Context | None = None,
        *,
        limit: int = 5,
        gates: Gates | None = None,
    ) -> list[Suggestion]:
        """The best entries by falling score; equal scores in the order of the entries."""
        message = chinese.normalise(text)
        asked = _Asked(message, context or Context(), {})
        gates = gates or Gates()
        scores = self._scores(asked)
        lifts = self._lifted(scores, asked.context)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[: max(0, limit)]
        lift = self._lift(asked, ranked[0][1]) if ranked else 1.0
        lead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0) if ranked else 0.0
        taken = highlight.Message(message, self._words)
        return [
            Suggestion(
                entry=self._cards[place].entry.id,
                score=round(score if score >= 1.0 else min(NEARLY, score * lift), 4),
                show=score * lift >= gates.show,
                sure=rank == 0
                and (score >= 1.0 or (score * lift >= gates.sure and lead >= gates.lead)),
                why=taken.why(self._cards[place].whole, self._cards[place].said),
                lift=lifts.get(place, 0.0),
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
        self._words = highlight.Words(
            self._dictionary, self._synonyms, index.worth, self._reader.initials
        )

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

    def _scores(self, asked: _Asked) -> dict[int, float]:
        message, context, _ = asked
        scores: dict[int, float] = {}
        for text, share in self._readings(message):
            for place, score in self._candidates(text, asked):
                scores[place] = max(scores.get(place, 0.0), score * share)
        if context.earlier and question.is_elliptical(message):
            earlier = chinese.normalise(context.earlier[-1])
            for place, score in self._candidates(earlier.text, asked):
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

    def _lifted(self, scores: dict[int, float], context: Context) -> dict[int, float]:
        """Add what use has taught to the scores; an exact match is beyond it."""
        lifts = {}
        for entry_id, points in context.lifts.items():
            place = self._places.get(entry_id)
            if place is not None and 0.0 < scores.get(place, 0.0) < 1.0:
                lifts[place] = max(-MOST_LIFT, min(MOST_LIFT, points))
                scores[place] = max(0.0, min(NEARLY, scores[place] + lifts[place]))
        return lifts

    def _readings(self, message: Normal) -> Iterator[tuple[str, float]]:
        """The message, its separate questions, and its wordings by the shop's synonyms."""
        for wording, share in zip(self._reader.wordings(message.text), INITIALS, strict=False):
            yield wording, 1.0 if wording == message.text else share
        for part in question.parts(message):
            yield part.text, PART
        variants = 0
        for group in self._synonyms if len(message.text) <= LONGEST_VARIED else ():
            for word in sorted(group):
                if word in message.text and variants < MOST_VARIANTS:
                    for other in sorted(group - {word})[: MOST_VARIANTS - variants]:
                        variants += 1
                        yield message.text.replace(word, other), SYNONYM

    def _lift(self, asked: _Asked, first: float) -> float:
        """How much better than the message as a whole its best clause fits: the order stays, but
        the scores say whether something fits.
        """
        clauses = question.clauses(asked.message)
        found = (self._candidates(clause.text, asked) for clause in clauses)
        best = max((score for each in found for _, score in each), default=0.0)
        return max(1.0, PART * best / first) if first else 1.0

    def _candidates(self, text: str, asked: _Asked) -> list[tuple[int, float]]:
        """Entries that may be said now, with their scores for the text."""
        if text in asked.found:
            return asked.found[text]
        spelt = self._reader.spell(text)
        found = self._allowed(text, asked.context, self._index.find(spelt, limit=CANDIDATES))
        if len(found) < CANDIDATES / 2:
            # Few entries match, or many of them may not be said: look further down once.
            more = self._index.find(spelt, limit=10 * CANDIDATES)
            found = self._allowed(text, asked.context, more)[:CANDIDATES]
        alike = _likeness(text, [self._cards[place].phrases for place, _ in found])
        asked.found[text] = [
            (place, min(NEARLY, (1 - FUZZY) * score + FUZZY * likeness))
            for (place, score), likeness in zip(found, alike, strict=True)
        ]
        return asked.found[text]

    def _allowed(
        self, text: str, context: Context, found: list[tuple[int, float]]
    ) -> list[tuple[int, float]]:
        return [
            (place, score)
            for place, score in found
            if self._holds(place, context)
            and not any(word in text for word in self._cards[place].negative)
        ]

    def _holds(self, place: int, context: Context) -> bool:
        return context.today is None or self._cards[place].entry.is_valid(context.today)


def _card(entry: Entry) -> _Card:
    phrases = tuple(chinese.normalise(text).text for text in (entry.question, *entry.similar))
    whole = "\n".join((*phrases, chinese.normalise(entry.answer).text))
    negative = tuple(filter(None, map(_plain, entry.negative)))
    return _Card(entry, phrases, whole, highlight.said(phrases), negative)


def _plain(text: str) -> str:
    return chinese.normalise(text, greetings=True).text


def _joined(text: str) -> str:
    return "".join(text.split())


def _likeness(text: str, groups: Sequence[Sequence[str]]) -> list[float]:
    """How like the text the best of each group is, letters in order, from 0 to 1."""
    if not groups:
        return []
    # Loaded with the first knowledge base and not when the server starts.
    from rapidfuzz import fuzz, process

    phrases = [phrase for group in groups for phrase in group]
    ratios = iter(process.cdist([text], phrases, scorer=fuzz.ratio)[0].tolist())
    return [max(itertools.islice(ratios, len(group))) / 100 for group in groups]
