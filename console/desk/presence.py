"""Who is at the desk now. Presence is connections; availability is what the person chose (R27).

An agent whose last connection went keeps their conversations for a grace period (R28): back in
time, nothing happened.
"""

import time
from collections.abc import Callable

from console.model.words import AgentId


class Presence:
    """Connections of agents on this process, on the monotonic clock (R34)."""

    def __init__(self, grace_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._grace_s = grace_s
        self._monotonic = monotonic
        self._connections: dict[AgentId, set[str]] = {}
        self._left_at: dict[AgentId, float] = {}

    def arrive(self, agent_id: AgentId, connection: str) -> bool:
        """True when the agent was not there before."""
        self._left_at.pop(agent_id, None)
        there = self._connections.setdefault(agent_id, set())
        there.add(connection)
        return len(there) == 1

    def leave(self, agent_id: AgentId, connection: str) -> bool:
        """True when this was the agent's last connection."""
        there = self._connections.get(agent_id, set())
        there.discard(connection)
        if there or agent_id not in self._connections:
            return False
        del self._connections[agent_id]
        self._left_at[agent_id] = self._monotonic()
        return True

    def expect(self, agent_id: AgentId) -> None:
        """Begin the grace period of someone who holds conversations but has not been seen."""
        if agent_id not in self._connections:
            self._left_at.setdefault(agent_id, self._monotonic())

    def here(self, agent_id: AgentId) -> bool:
        return agent_id in self._connections

    def present(self) -> frozenset[AgentId]:
        return frozenset(self._connections)

    def overdue(self) -> list[AgentId]:
        """Those whose grace has run out; each is told once."""
        now = self._monotonic()
        gone = [one for one, left in self._left_at.items() if now - left >= self._grace_s]
        for one in gone:
            del self._left_at[one]
        return gone
