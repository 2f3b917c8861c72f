"""Counts what the desk tells: messages and suggestions. A listener like the sockets."""

from collections import Counter

from console.desk import Desk
from console.events import Event, MessageAdded, Suggested


class Tally:
    """`messages` by author and kind of inbox; `suggestions` by whether there were any."""

    def __init__(self, desk: Desk) -> None:
        self.messages: Counter[tuple[str, str]] = Counter()
        self.suggestions: Counter[str] = Counter()
        self._inboxes = desk.inboxes
        self._kinds: dict[str, str] = {}
        desk.events.subscribe(self._hear, MessageAdded, Suggested)

    def _hear(self, event: Event) -> None:
        if type(event) is MessageAdded:
            kind = self._kinds.get(event.conversation.inbox_id)
            if kind is None:
                kind = self._learn(event.conversation.inbox_id)
            self.messages[event.message.author, kind] += 1
        elif type(event) is Suggested:
            self.suggestions["offered" if event.items else "none"] += 1

    def _learn(self, inbox_id: str) -> str:
        self._kinds = {one.id: one.kind for one in self._inboxes.all()}
        return self._kinds.get(inbox_id, "other")
