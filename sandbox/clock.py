"""The clock that rules run on, which can be moved, over the true one, which cannot."""

from collections.abc import Callable


class Clock:
    """`now` is for tokens, windows and quotas; `true` for what others are told."""

    def __init__(self, base: Callable[[], float]) -> None:
        self._base = base
        self.ahead = 0.0

    def now(self) -> float:
        return self._base() + self.ahead

    def true(self) -> float:
        return self._base()

    def move(self, seconds: float) -> None:
        self.ahead += seconds

    def reset(self) -> None:
        self.ahead = 0.0
