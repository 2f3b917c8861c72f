"""微信客服 keeps what happened in a list that the shop reads page by page, with a cursor."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.refusals import Refusal

TOKEN_S = 600
WITHOUT_TOKEN_A_MINUTE = 20  # unsure: "strictly limited" is all that is said
CURSOR = re.compile(r"([0-9a-f]{8})\.(\d{1,15})(e?)")


@dataclass(frozen=True, slots=True)
class Page:
    items: list[dict[str, Any]]
    cursor: str
    more: bool


class Ledger:
    """Everything since this program began; a cursor of an earlier one begins at the start."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._mark = secrets.token_hex(4)
        self._items: list[dict[str, Any]] = []
        self._tokens: dict[str, float] = {}
        self._without: list[float] = []

    def add(self, item: dict[str, Any]) -> None:
        self._items.append(item)

    def token(self) -> str:
        """For one callback; good for ten minutes."""
        text = "ENC" + secrets.token_urlsafe(36)
        self._tokens[text] = self._clock.now() + TOKEN_S
        return text

    def check_token(self, text: str) -> None:
        """Raises Refusal: made up, too old, or too often without one."""
        now = self._clock.now()
        if text:
            if self._tokens.get(text, 0.0) <= now:
                raise Refusal(95007)
            return
        self._without = [at for at in self._without if now - at < 60]
        if len(self._without) >= WITHOUT_TOKEN_A_MINUTE:
            raise Refusal(45009, "sync_msg without token")
        self._without.append(now)

    def page(self, cursor: str, limit: int, *, empty_first: bool) -> Page:
        """`empty_first`: before each page comes an empty one that says there is more."""
        found = CURSOR.fullmatch(cursor) if cursor else None
        if cursor and found is None:
            raise Refusal(40058, "cursor")
        start = int(found.group(2)) if found and found.group(1) == self._mark else 0
        if empty_first and start < len(self._items) and not (found and found.group(3)):
            return Page([], f"{self._mark}.{start}e", more=True)
        end = min(start + limit, len(self._items))
        return Page(self._items[start:end], f"{self._mark}.{end}", more=end < len(self._items))
