"""A gap in the knowledge, as a person sees it: a group of questions with what agents said to them.

Pure. An agent sees of a group what was asked in conversations of their own groups or of none.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from console.model.people import Agent
from console.store.asked import Dismissal, Unanswered
from knowledge import chinese
from knowledge.grouping import Group, Question

EXAMPLES, ANSWERS = 5, 3
# A dismissed gap comes back when so many more have asked.
MORE = 3


@dataclass(frozen=True, slots=True)
class Heard(Question):
    """A question as it was typed, the group whose conversation it was in, and what followed."""

    typed: str
    group_id: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """`examples` are other wordings; `answers` what agents said, each with how often."""

    id: str
    text: str
    count: int
    askers: int
    examples: tuple[str, ...]
    answers: tuple[tuple[str, int], ...]
    first_at: int
    last_at: int


def heard(row: Unanswered) -> Heard:
    return Heard(row.text, row.contact_id, row.at, row.typed, row.group_id, row.answer)


def id_of(group: Group[Heard]) -> str:
    """The same for as long as its middle is."""
    return blake2b(group.text.encode(), digest_size=10).hexdigest()


def is_away(group: Group[Heard], dismissals: Iterable[Dismissal]) -> bool:
    """Whether one of its wordings was dismissed, and too few who had not asked before did since.
    By the wording and not by the id, because the middle may have moved since."""
    texts = {one.text for one in group.questions}
    for dismissal in dismissals:
        if dismissal.text in texts:
            before = {one.asker for one in group.questions if one.at <= dismissal.at}
            if len({one.asker for one in group.questions} - before) < MORE:
                return True
    return False


def seen_by(
    agent: Agent, groups: Iterable[Group[Heard]], since_ms: int, *, askers: int, limit: int
) -> tuple[list[Gap], int]:
    """What an agent sees of groups since a moment, the most asked first, and how many there are."""
    circles = {one.id for one in agent.groups}

    def keep(one: Heard) -> bool:
        mine = agent.leads or one.group_id is None or one.group_id in circles
        return mine and one.at >= since_ms

    parts = [part for one in groups if (part := one.where(keep)) and part.askers >= askers]
    parts.sort(key=lambda one: (-one.askers, -one.count, -one.last_at, one.text))
    return [_gap(part) for part in parts[:limit]], len(parts)


def _gap(group: Group[Heard]) -> Gap:
    typed: dict[str, Counter[str]] = {}
    for one in group.questions:
        typed.setdefault(one.text, Counter())[one.typed.strip()] += 1
    # the middle may be what this agent does not see
    middle = group.text if group.text in typed else _first(Counter(_texts(group.questions)))
    others = [text for text in group.examples if text in typed and text != middle]
    return Gap(
        id=id_of(group),
        text=_first(typed[middle]),
        count=group.count,
        askers=group.askers,
        examples=tuple(_first(typed[text]) for text in others[:EXAMPLES]),
        answers=_answers(group.questions),
        first_at=group.first_at,
        last_at=group.last_at,
    )


def _answers(questions: Iterable[Heard]) -> tuple[tuple[str, int], ...]:
    said: dict[str, Counter[str]] = {}
    for one in questions:
        if one.answer:
            said.setdefault(_plain(one.answer), Counter())[one.answer.strip()] += 1
    ranked = sorted(said.items(), key=lambda item: (-item[1].total(), item[0]))
    return tuple((_first(wordings), wordings.total()) for _, wordings in ranked[:ANSWERS])


def _texts(questions: Sequence[Heard]) -> list[str]:
    return [one.text for one in questions]


def _first(wordings: Counter[str]) -> str:
    """The most frequent; of several the one that sorts first."""
    return min(wordings, key=lambda text: (-wordings[text], text))


@lru_cache(maxsize=4_096)
def _plain(text: str) -> str:
    return chinese.wording(text) or text
