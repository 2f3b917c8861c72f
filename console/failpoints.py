"""Named places where a fault run may strike: `CONSOLE_FAILPOINTS="after_commit=kill@0.01,seed=7"`.

`POINT=ACTION[:ARG][@PROBABILITY]`, comma separated; `kill` is SIGKILL to this very process,
`block:S` holds the event loop for S seconds. Chances come from `seed` and the point's name, so that
a run can be repeated. Nothing strikes before `arm`: starting is not what is under test.
"""

import logging
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

POINTS = (
    "after_insert",  # the units ran, before their commit
    "after_commit",  # before anything is told
    "after_publish",  # told, before the acknowledgement
    "after_sending",  # the outbox has committed `sending`, before the call
    "after_call",  # before the provider's receipt is stored
    "after_fetch",  # a provider's file is here, before it is kept
    "tick",  # every 100 ms
)
TICK = "tick"
TICK_S = 0.1
LONGEST_BLOCK_S = 600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens at one point. `block_s` None kills."""

    block_s: float | None
    probability: float
    chance: Callable[[], float]


class Failpoints:
    """The points of one process. Without rules a hit costs one look at an empty table."""

    def __init__(self, rules: dict[str, Rule] | None = None) -> None:
        self._rules = rules or {}
        self._armed: dict[str, Rule] = {}

    def has(self, point: str) -> bool:
        return point in self._rules

    def arm(self) -> None:
        """Strike from now on."""
        self._armed = self._rules

    def hit(self, point: str) -> None:
        """Pass a point; may not return."""
        if self._armed:
            self._strike(point)

    def _strike(self, point: str) -> None:
        rule = self._armed.get(point)
        if rule is None or rule.chance() >= rule.probability:
            return
        if rule.block_s is None:
            log.critical("failpoint %s kills", point)
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            log.warning("failpoint %s holds the event loop for %g s", point, rule.block_s)
            time.sleep(rule.block_s)


def parse(text: str) -> Failpoints:
    """Read the setting. Raises ValueError that names the part at fault."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    seeds = [part.removeprefix("seed=") for part in parts if part.startswith("seed=")]
    rules = {}
    for part in parts:
        if not part.startswith("seed="):
            point, rule = _rule(part, seeds[-1] if seeds else "0")
            rules[point] = rule
    return Failpoints(rules)


def _rule(part: str, seed: str) -> tuple[str, Rule]:
    point, _, action = part.partition("=")
    if point not in POINTS:
        raise ValueError(f"{part!r}: the points are {', '.join(POINTS)}")
    deed, at, chance = action.partition("@")
    name, colon, argument = deed.partition(":")
    probability = _number(part, chance, highest=1.0) if at else 1.0
    if name == "kill" and not colon:
        block_s = None
    elif name == "block" and colon:
        block_s = _number(part, argument, highest=LONGEST_BLOCK_S)
    else:
        raise ValueError(f"{part!r}: the actions are kill and block:SECONDS")
    # from a seed that is printed: chances of a fault run, nothing secret
    return point, Rule(block_s, probability, random.Random(f"{seed}:{point}").random)


def _number(part: str, text: str, *, highest: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= highest:
        raise ValueError(f"{part!r}: {text!r} is not a number from 0 to {highest:g}")
    return value
