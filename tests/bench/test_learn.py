"""A day of teaching is repeatable, teaches what it says, and keeps the check half out of it."""

import pytest

import bench
from bench import learn
from bench.learn import Day
from bench.matching import sets
from bench.matching.sets import QuestionSet
from knowledge import KnowledgeBase


@pytest.fixture(scope="module")
def own() -> QuestionSet:
    return sets.own()


@pytest.fixture(scope="module")
def untaught(own: QuestionSet) -> KnowledgeBase:
    return learn.knowledge_base(own)


@pytest.fixture(scope="module")
def day(own: QuestionSet, untaught: KnowledgeBase) -> Day:
    return learn.lived(own, untaught, shoppers=2, seed=7, one_in=1)


def test_everybody_asks_and_the_order_is_the_seeds(
    own: QuestionSet, untaught: KnowledgeBase, day: Day
) -> None:
    answerable = [query.id for query in own.parts["tune"] if query.gold]
    asked = [each.query.id for each in day.askings]
    assert sorted(asked) == sorted(answerable * 2)
    again = learn.lived(own, untaught, shoppers=2, seed=7, one_in=1)
    assert [each.query.id for each in again.askings] == asked
    assert again.texts == day.texts


def test_what_was_taught_is_known_by_heart(day: Day) -> None:
    by_heart = [each for each in day.askings if each.by_heart]
    assert by_heart
    assert all(each.ranked[0][0] in each.query.gold for each in by_heart)


def test_nothing_is_taught_without_a_need(own: QuestionSet, untaught: KnowledgeBase) -> None:
    shy = learn.lived(own, untaught, shoppers=1, seed=7, one_in=10**9)
    assert (shy.kb, shy.texts) == (untaught, set())


def test_the_check_half_is_never_taught(own: QuestionSet, day: Day) -> None:
    assert day.texts.isdisjoint(query.text for query in own.parts["check"])


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["learn", "--rounds", "1", "--shoppers", "1"]) == 0
    said = capsys.readouterr().out
    assert "| check half, never asked | " in said
    head = next(line for line in said.splitlines() if line.startswith("| messages |"))
    assert [cell.strip() for cell in head.strip("|").split("|")] == list(learn.HEAD)
