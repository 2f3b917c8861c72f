"""What can be made to go wrong. A switch is on until it is off, or for a number of times."""

from collections import deque
from typing import Any

SWITCHES = (
    "drop",  # done, but the connection is cut before the answer
    "malformed",  # done, but the answer is cut short
    "server_error",  # 502 and nothing done
    "ip_blocked",  # 40164, 60020
    "window_closed",  # 45015, 95002
    "names_withheld",  # user/info without nickname and picture, as for most accounts today
    "empty_pages",  # sync_msg: has_more with an empty list before each page
    "send_fails_later",  # kf/send_msg is taken, then msg_send_fail
    "duplicate",  # every callback twice, at the same time
    "out_of_order",  # a callback waits for the next one and comes after it
    "plaintext",  # the callback is not encrypted
    "bad_signature",
)
STEPS = ("ok", "drop", "malformed", "server_error")
MOST_SLOW_S = 60.0


class WrongFault(ValueError):
    """There is no such switch, or not with that value."""


class Faults:
    """All switches; `script` decides over the next sends one by one and goes before them."""

    def __init__(self) -> None:
        self.slow_s = 0.0
        self.script: deque[str | int] = deque()
        self._left: dict[str, bool | int] = dict.fromkeys(SWITCHES, False)

    def on(self, name: str) -> bool:
        """Is it on now? A counted one counts down."""
        left = self._left[name]
        if left is True or left is False:
            return left
        self._left[name] = left - 1 if left > 1 else False
        return True

    def change(self, given: dict[str, Any]) -> None:
        """Raises WrongFault, and then nothing is changed."""
        for name, value in given.items():
            _check(name, value)
        for name, value in given.items():
            if name == "slow_s":
                self.slow_s = float(value)
            elif name == "script":
                self.script = deque(value)
            else:
                self._left[name] = value if isinstance(value, bool) else value or False

    def shown(self) -> dict[str, Any]:
        return {"slow_s": self.slow_s, "script": list(self.script), **self._left}


def _check(name: str, value: Any) -> None:
    if name == "slow_s":
        fine = isinstance(value, int | float) and 0 <= value <= MOST_SLOW_S
    elif name == "script":
        fine = isinstance(value, list) and all(
            step in STEPS or (isinstance(step, int) and not isinstance(step, bool))
            for step in value
        )
    elif name in SWITCHES:
        fine = isinstance(value, int) and value >= 0
    else:
        raise WrongFault(f"no fault {name!r}; there are slow_s, script, {', '.join(SWITCHES)}")
    if not fine:
        raise WrongFault(f"{name} cannot be {value!r}")
