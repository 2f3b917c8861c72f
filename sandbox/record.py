"""What was seen: calls with their answers, callbacks with what came back; and who watches."""

import asyncio
from collections import deque
from typing import Any

MOST = 20_000


class Record:
    """The last entries, oldest first, numbered without gaps; watchers are told of any change."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=MOST)
        self._next = 1
        self._watchers: set[asyncio.Event] = set()

    def add(self, kind: str, entry: dict[str, Any]) -> dict[str, Any]:
        """Keeps the entry itself: what is added to it later is seen too."""
        numbered = {"seq": self._next, "kind": kind, **entry}
        self._next += 1
        self._entries.append(numbered)
        self.changed()
        return numbered

    def after(self, seq: int, kind: str = "") -> list[dict[str, Any]]:
        return [one for one in self._entries if one["seq"] > seq and kind in ("", str(one["kind"]))]

    def clear(self) -> None:
        self._entries.clear()
        self.changed()

    def watch(self) -> asyncio.Event:
        event = asyncio.Event()
        self._watchers.add(event)
        return event

    def leave(self, event: asyncio.Event) -> None:
        self._watchers.discard(event)

    def changed(self) -> None:
        for event in self._watchers:
            event.set()
