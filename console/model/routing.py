"""Whom a waiting conversation goes to: a pure choice in a fixed, visible order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.model.words import AgentId


@dataclass(frozen=True, slots=True)
class Candidate:
    """An available, present agent of the right group."""

    agent_id: AgentId
    load: int
    capacity: int
    assigned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    agent_id: AgentId
    reason: str


def choose(candidates: Sequence[Candidate]) -> Choice | None:
    """The least busy below capacity; among equals the one who got nothing for the longest time.

    The reason is kept with the assignment: `only_one`, `least_busy` or `longest_idle`.
    """
    free = [one for one in candidates if one.load < one.capacity]
    if not free:
        return None
    lowest = min(one.load for one in free)
    equals = [one for one in free if one.load == lowest]
    best = min(equals, key=_idle_first)
    if len(free) == 1:
        return Choice(best.agent_id, "only_one")
    return Choice(best.agent_id, "least_busy" if len(equals) == 1 else "longest_idle")


def _idle_first(one: Candidate) -> tuple[float, str]:
    return (one.assigned_at.timestamp() if one.assigned_at else 0.0, one.agent_id)
