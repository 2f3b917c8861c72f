"""Who is at the desk now. Presence is connections heard from lately; availability is what the
person chose (R27).

An agent of whom nothing is heard keeps their conversations for a grace period (R28): back in time,
nothing happened. When many vanish at once it is the line that went, not they: then nothing is taken
from anybody for a while (R29).
"""

import logging
import time
from collections.abc import Callable, Hashable
from typing import Any

from console.model.words import AgentId

log = logging.getLogger(__name__)

TTL_S = 45.0
STORM_WITHIN_S = 10.0
STORM_AGENTS = 3
STORM_SHARE = 0.3
FREEZE_S = 90.0


class Presence:
    """Connections of agents on this process, on the monotonic clock (R34)."""

    def __init__(self, grace_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.storms = 0
        self._grace_s = grace_s
        self._monotonic = monotonic
        self._heard: dict[AgentId, dict[Hashable, float]] = {}
        self._here: set[AgentId] = set()
        self._left_at: dict[AgentId, float] = {}
        self._owing: set[AgentId] = set()
        self._vanished: dict[AgentId, float] = {}
        self._frozen_until = float("-inf")

    def arrive(self, agent_id: AgentId, connection: Hashable) -> bool:
        """True when the agent was not there before."""
        self._heard.setdefault(agent_id, {})[connection] = self._monotonic()
        return self._appear(agent_id)

    def leave(self, agent_id: AgentId, connection: Hashable) -> bool:
        """True when this was the agent's last connection."""
        there = self._heard.get(agent_id, {})
        there.pop(connection, None)
        if there:
            return False
        self._heard.pop(agent_id, None)
        return self._vanish(agent_id)

    def sweep(self, heard: Callable[[Any], float | None]) -> list[AgentId]:
        """Ask when each connection was last heard, on the same clock; returns who has fallen silent
        and who speaks again. A silent connection that is not closed yet may do so."""
        silent = self._monotonic() - TTL_S
        changed = []
        for agent_id, there in self._heard.items():
            for connection, before in there.items():
                there[connection] = max(before, heard(connection) or before)
            alive = max(there.values()) > silent
            if self._appear(agent_id) if alive else self._vanish(agent_id):
                changed.append(agent_id)
        return changed

    def expect(self, agent_id: AgentId) -> None:
        """Begin the grace period of someone who is given a conversation but is not there."""
        if agent_id not in self._here and agent_id not in self._owing:
            self._left_at[agent_id] = self._monotonic()
            self._owing.add(agent_id)

    def miss(self, agent_id: AgentId) -> None:
        """A shopper waits for them: who has been away for longer than the grace is overdue now."""
        if agent_id not in self._here:
            self._left_at.setdefault(agent_id, self._monotonic())
            self._owing.add(agent_id)

    def here(self, agent_id: AgentId) -> bool:
        return agent_id in self._here

    def present(self) -> frozenset[AgentId]:
        return frozenset(self._here)

    def overdue(self) -> list[AgentId]:
        """Those whose grace has run out, until they are settled; nobody during a storm."""
        now = self._monotonic()
        if now < self._frozen_until:
            return []
        return [one for one in self._owing if now - self._left_at[one] >= self._grace_s]

    def settle(self, agent_id: AgentId) -> None:
        """What an overdue agent had to give back is given back."""
        self._owing.discard(agent_id)

    def _appear(self, agent_id: AgentId) -> bool:
        if agent_id in self._here:
            return False
        self._here.add(agent_id)
        self._owing.discard(agent_id)
        self._left_at.pop(agent_id, None)
        self._vanished.pop(agent_id, None)
        return True

    def _vanish(self, agent_id: AgentId) -> bool:
        if agent_id not in self._here:
            return False
        self._here.discard(agent_id)
        self._owing.add(agent_id)
        now = self._left_at[agent_id] = self._vanished[agent_id] = self._monotonic()
        self._guard(now)
        return True

    def _guard(self, now: float) -> None:
        lately = {one: at for one, at in self._vanished.items() if now - at <= STORM_WITHIN_S}
        self._vanished = lately
        everyone = len(lately) + len(self._here)
        if len(lately) < STORM_AGENTS or len(lately) <= STORM_SHARE * everyone:
            return
        if now >= self._frozen_until:
            self.storms += 1
            log.warning(
                "%d of %d agents vanished within %d s: nothing is taken from them for %d s",
                len(lately), everyone, STORM_WITHIN_S, FREEZE_S,
            )  # fmt: skip
        self._frozen_until = now + FREEZE_S
