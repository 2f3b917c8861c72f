"""How well each entry answers one message: its readings, what is known beside its words, and what
may not be said now."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge import chinese, question
from knowledge.catalogue import Catalogue, negative, phrases, plain, whole
from knowledge.chinese import Normal
from knowledge.index import Index
from knowledge.question import Reader
from knowledge.suggestion import MOST_LIFT, NEARLY, Context
from knowledge.vectors import Encoder
from knowledge.weights import Weights

# Only the first candidates are compared by likeness of letters: it looks at each phrasing.
CANDIDATES = 50
MOST_ENCODED = 4

# What counts less than the message as it stands: one of its questions, what was said before, a
# text in which a synonym was put, or in which initials were read as the words they may stand for.
PART = 0.97
EARLIER = (0.3, 0.15)
SYNONYM = 0.95
INITIALS = (0.9, 0.8)
MOST_VARIANTS = 4
# What is known beside the words settles what is close.
PRODUCT = 0.05
STAGE = 0.03
ORDER = 0.05

# Wordings by synonyms are tried for messages up to here; what is longer has words enough to match,
# and the work per message stays bounded.
LONGEST_VARIED = 60


@dataclass(slots=True)
class Asked:
    """One message being answered; what was found for a text is found once."""

    message: Normal
    context: Context
    found: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    vectors: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Answers for the places of one catalogue."""

    catalogue: Catalogue
    index: Index
    reader: Reader
    synonyms: tuple[frozenset[str], ...]
    weights: Weights
    encoder: Encoder | None

    def scores(self, asked: Asked) -> dict[int, float]:
        message, context = asked.message, asked.context
        scores: dict[int, float] = {}
        for text, share in self._readings(message):
            for place, score in self._candidates(text, asked):
                scores[place] = max(scores.get(place, 0.0), score * share)
        self._lean(scores, asked)
        for place in self.catalogue.exact(message.text) if message.text else ():
            if self._holds(place, context):
                scores[place] = 1.0
        return scores

    def _lean(self, scores: dict[int, float], asked: Asked) -> None:
        """Let what is known beside the words decide between entries that share them."""
        context = asked.context
        if question.is_elliptical(asked.message):
            for before, share in zip(reversed(context.earlier), EARLIER, strict=False):
                for place, score in self._candidates(chinese.normalise(before).text, asked):
                    if place in scores:
                        scores[place] = min(NEARLY, scores[place] + share * score)
        product = plain(context.product or "")
        about_order = question.is_number(asked.message)
        for place in scores:
            entry = self.catalogue.entry(place)
            lean = PRODUCT if product and product in whole(entry) else 0.0
            lean += STAGE if context.stage and entry.is_about(context.stage) else 0.0
            lean += ORDER if about_order and "{订单号}" in entry.answer else 0.0
            if lean:
                scores[place] = min(NEARLY, scores[place] + lean)

    def lifted(self, scores: dict[int, float], context: Context) -> dict[int, float]:
        """Add what use has taught to the scores; an exact match is beyond it."""
        lifts = {}
        for entry_id, points in context.lifts.items():
            place = self.catalogue.places.get(entry_id)
            if place is not None and 0.0 < scores.get(place, 0.0) < 1.0:
                lifts[place] = max(-MOST_LIFT, min(MOST_LIFT, points))
                scores[place] = max(0.0, min(NEARLY, scores[place] + lifts[place]))
        return lifts

    def _readings(self, message: Normal) -> Iterator[tuple[str, float]]:
        """The message, its separate questions, what its numbers are about, and its wordings by
        the shop's synonyms."""
        for wording, share in zip(self.reader.wordings(message.text), INITIALS, strict=False):
            yield wording, 1.0 if wording == message.text else share
        for part in question.parts(message):
            yield part.text, PART
        yield from question.numbers(message)
        variants = 0
        for group in self.synonyms if len(message.text) <= LONGEST_VARIED else ():
            for word in sorted(group):
                if word in message.text and variants < MOST_VARIANTS:
                    for other in sorted(group - {word})[: MOST_VARIANTS - variants]:
                        variants += 1
                        yield message.text.replace(word, other), SYNONYM

    def raised(self, asked: Asked, first: float) -> float:
        """How much better than the message as a whole its best clause fits: the order stays, but
        the scores say whether something fits.
        """
        clauses = question.clauses(asked.message)
        found = (self._candidates(clause.text, asked) for clause in clauses)
        best = max((score for each in found for _, score in each), default=0.0)
        return max(1.0, PART * best / first) if first else 1.0

    def _candidates(self, text: str, asked: Asked) -> list[tuple[int, float]]:
        """Entries that may be said now, with their scores for the text."""
        if text in asked.found:
            return asked.found[text]
        spelt, vector = self.reader.spell(text), self._vector(text, asked)
        best = self.index.find(spelt, self.weights, limit=CANDIDATES, vector=vector)
        found = self._allowed(text, asked, best)
        if len(best) == CANDIDATES and len(found) < CANDIDATES / 2:
            # Many of the best may not be said: look further down once.
            more = self.index.find(spelt, self.weights, limit=10 * CANDIDATES, vector=vector)
            found = self._allowed(text, asked, more)[:CANDIDATES]
        alike = _likeness(text, [phrases(self.catalogue.entry(place)) for place, _ in found])
        fuzzy = self.weights.fuzzy
        asked.found[text] = [
            (place, min(NEARLY, (1 - fuzzy) * score + fuzzy * likeness))
            for (place, score), likeness in zip(found, alike, strict=True)
        ]
        return asked.found[text]

    def _allowed(
        self, text: str, asked: Asked, found: Sequence[tuple[int, float]]
    ) -> list[tuple[int, float]]:
        return [
            (place, score)
            for place, score in found
            if self._holds(place, asked.context)
            and not any(word in text for word in negative(self.catalogue.entry(place)))
        ]

    def _vector(self, text: str, asked: Asked) -> Any:
        """A few texts of a message are encoded; wordings of ours mean what the message means."""
        if self.encoder is None or self.index.vectors is None:
            return None
        if text not in asked.vectors and len(asked.vectors) < MOST_ENCODED:
            asked.vectors[text] = self.encoder.encode([text])[0]
        return asked.vectors.get(text, asked.vectors.get(asked.message.text))

    def _holds(self, place: int, context: Context) -> bool:
        entry = self.catalogue.entry(place)
        return (
            entry.enabled
            and entry.is_for(context.agent)
            and (context.today is None or entry.is_valid(context.today))
            and (not entry.channels or context.channel is None or context.channel in entry.channels)
            and (not entry.groups or context.group is None or context.group in entry.groups)
        )


def _likeness(text: str, groups: Sequence[Sequence[str]]) -> list[float]:
    """How like the text the best of each group is, letters in order, from 0 to 1."""
    if not groups:
        return []
    # Loaded with the first knowledge base and not when the server starts.
    from rapidfuzz import fuzz, process

    each = [phrase for group in groups for phrase in group]
    ratios = iter(process.cdist([text], each, scorer=fuzz.ratio)[0].tolist())
    return [max(itertools.islice(ratios, len(group))) / 100 for group in groups]
