"""`bench learn`: a day of questions in which an agent teaches the knowledge base new wordings.

The shop's own messages of the tune half that have an answer, each asked by several shoppers, in
shuffled order. The agent takes the right entry when it is among the first five; where it was not
the first, one time in `--one-in` the message is added to it as a similar question. Nothing else
learns.

A message that was taught is known by heart: that it comes first the next time is sure and says
little. What carries over shows in the check half, of which no message is ever asked or taught.
"""

import argparse
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bench.matching import sets
from bench.matching.contender import taught
from bench.matching.sets import QuestionSet
from bench.table import markdown, spread
from knowledge import Entry, KnowledgeBase
from knowledge.evaluate import Figures, Query, evaluate, judge

SHOWN = 5
HEAD = ("messages", "asked", "hit@1 untaught", "hit@1 taught", "hit@3 untaught", "hit@3 taught",
        "AUROC untaught", "AUROC taught")  # fmt: skip

Measures = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """A message of the day; `ranked` is what was proposed then, `by_heart` that it was taught."""

    query: Query
    ranked: Sequence[tuple[str, float]]
    by_heart: bool


@dataclass(slots=True)
class Day:
    """The knowledge base as it grows, and what it was asked."""

    kb: KnowledgeBase
    entries: dict[str, Entry]
    askings: list[Asking] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    better: set[str] = field(default_factory=set)

    def ask(self, query: Query, *, teaches: bool) -> None:
        """One shopper's question and what the agent makes of the proposals."""
        ranked = [(each.entry, each.score) for each in self.kb.suggest(query.text, limit=SHOWN)]
        self.askings.append(Asking(query, ranked, query.text in self.texts))
        right = next((place for place, (entry, _) in enumerate(ranked) if entry in query.gold), 0)
        if right and teaches:
            self._teach(ranked[right][0], query.text)

    def _teach(self, entry: str, text: str) -> None:
        self.entries[entry] = taught(self.entries[entry], text)
        self.kb = self.kb.with_entry(self.entries[entry])
        self.texts.add(text)
        self.better.add(entry)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench learn", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="days, each with the next seed")
    parser.add_argument("--shoppers", type=int, default=4, help="who ask each message")
    parser.add_argument("--one-in", type=int, default=3, help="of those not first is taught")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(argv)
    questions = sets.own()
    untaught = knowledge_base(questions)
    days = [
        lived(questions, untaught, shoppers=options.shoppers, seed=seed, one_in=options.one_in)
        for seed in range(options.seed, options.seed + options.rounds)
    ]
    print(f"seeds {options.seed}-{options.seed + options.rounds - 1}, {options.rounds} days")
    texts, better = spread(len(day.texts) for day in days), spread(len(day.better) for day in days)
    print(f"taught in a day: {texts} messages, to {better} of {len(untaught)} entries\n")
    print(markdown(HEAD, rows([compared(day, untaught, questions) for day in days])))
    return 0


def knowledge_base(questions: QuestionSet) -> KnowledgeBase:
    shop = questions.knowledge
    return KnowledgeBase(shop.entries, dictionary=shop.dictionary, synonyms=shop.synonyms)


def lived(
    questions: QuestionSet, untaught: KnowledgeBase, *, shoppers: int, seed: int, one_in: int
) -> Day:
    chance = Random(seed)
    asked = [query for query in questions.parts["tune"] if query.gold] * shoppers
    chance.shuffle(asked)
    day = Day(untaught, {entry.id: entry for entry in questions.knowledge.entries})
    for query in asked:
        day.ask(query, teaches=chance.randrange(one_in) == 0)
    return day


def compared(day: Day, untaught: KnowledgeBase, questions: QuestionSet) -> dict[str, Measures]:
    """By row: how many were asked, then each figure untaught and taught."""
    quarter = len(day.askings) // 4
    last = day.askings[-quarter:]
    check = questions.parts["check"]
    touched = [query for query in check if day.better.intersection(query.gold)]
    return {
        "first quarter of the day": replayed(day.askings[:quarter], untaught),
        "last quarter": replayed(last, untaught),
        "last quarter, taught word for word": replayed(
            [each for each in last if each.by_heart], untaught
        ),
        "last quarter, the others": replayed(
            [each for each in last if not each.by_heart], untaught
        ),
        "check half, never asked": held_out(check, untaught, day.kb),
        "of it, with an entry that was taught": held_out(touched, untaught, day.kb),
    }


def replayed(askings: Sequence[Asking], untaught: KnowledgeBase) -> Measures:
    """What was proposed on the day, beside what the untaught knowledge base would have."""
    queries = [each.query for each in askings]
    told = iter(askings)
    before = evaluate(untaught, queries, clock=time.perf_counter)
    then = judge(
        lambda _text, _limit: next(told).ranked,
        queries,
        clock=time.perf_counter,
        entries=len(untaught),
    )
    return measures(queries, before, then)


def held_out(queries: Sequence[Query], untaught: KnowledgeBase, grown: KnowledgeBase) -> Measures:
    before, after = (evaluate(kb, queries, clock=time.perf_counter) for kb in (untaught, grown))
    return measures(queries, before, after)


def measures(queries: Sequence[Query], before: Figures, after: Figures) -> Measures:
    answerable = sum(bool(query.gold) for query in queries)
    pairs = ((before.hit_1, after.hit_1), (before.hit_3, after.hit_3), (before.auroc, after.auroc))
    return (answerable, *(value for pair in pairs for value in pair))


def rows(days: Sequence[Mapping[str, Measures]]) -> Iterable[list[str]]:
    for name in days[0]:
        asked, *shares = zip(*(day[name] for day in days), strict=True)
        yield [name, spread(asked), *(spread(each, 3) for each in shares)]
