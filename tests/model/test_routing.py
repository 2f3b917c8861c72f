"""The pure choice of an agent, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from console.model.routing import Candidate, Choice, choose
from console.model.words import AgentId

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def one(name: str, load: int, capacity: int = 3, idle_min: int | None = None) -> Candidate:
    at = None if idle_min is None else NOON - timedelta(minutes=idle_min)
    return Candidate(AgentId(name), load, capacity, at)


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ([], None),
        ([one("a", 3)], None),
        ([one("a", 0, capacity=0)], None),
        ([one("a", 4, capacity=3)], None),
        ([one("a", 2)], ("a", "only_one")),
        ([one("a", 3), one("b", 2)], ("b", "only_one")),
        ([one("a", 2), one("b", 1)], ("b", "least_busy")),
        ([one("a", 1, idle_min=9), one("b", 0, idle_min=1)], ("b", "least_busy")),
        ([one("a", 1, idle_min=5), one("b", 1, idle_min=9)], ("b", "longest_idle")),
        ([one("b", 1, idle_min=9), one("a", 1, idle_min=5)], ("b", "longest_idle")),
        ([one("a", 1, idle_min=5), one("b", 1)], ("b", "longest_idle")),
        ([one("b", 1), one("a", 1)], ("a", "longest_idle")),
        ([one("a", 0, capacity=0), one("b", 1), one("c", 2)], ("b", "least_busy")),
        ([one("a", 9, capacity=50), one("b", 2, capacity=3)], ("b", "least_busy")),
    ],
)
def test_choose(candidates: list[Candidate], chosen: tuple[str, str] | None) -> None:
    expected = None if chosen is None else Choice(AgentId(chosen[0]), chosen[1])
    assert choose(candidates) == expected
