"""The closed list of ways a verb can refuse, with the facts a caller needs."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Code = Literal[
    "unauthorized",
    "forbidden",
    "not_found",
    "invalid",
    "conflict",
    "too_large",
    "rate_limited",
    "unavailable",
]

STATUS: dict[Code, int] = {
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "invalid": 400,
    "conflict": 409,
    "too_large": 413,
    "rate_limited": 429,
    "unavailable": 503,
}


class Refused(Exception):
    """A deed that was not done. `message` is a sentence that names the field or the id; `now` is
    the knowledge entry that is there instead, for those who want to merge; `entries` are those that
    stand in the way, by id and question."""

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        now: Mapping[str, Any] | None = None,
        entries: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code: Code = code
        self.message = message
        self.now = now
        self.entries = entries
