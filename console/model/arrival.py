"""A file that a provider keeps still, on its way to us: when to try, and when there is no more
sense in it. Its message says `pending` until it is here.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from console.model.words import ConversationId, InboxId

# as long as WeChat keeps one; nobody is known to keep them for longer
KEPT = timedelta(days=3)
BACK_OFF_S = (1, 5, 15, 60, 300, 900, 3600)
PENDING, EXPIRED, REFUSED = "pending", "expired", "refused"


@dataclass(frozen=True, slots=True)
class Arrival:
    """`media_id` is the provider's, `kind` its word for what it is; `tries` have failed."""

    conversation_id: ConversationId
    seq: int
    inbox_id: InboxId
    media_id: str
    kind: str
    due_at: datetime
    until: datetime
    tries: int = 0


def put_off(arrival: Arrival, *, at: datetime, luck: float) -> Arrival | None:
    """The next try, up to a fifth later than the last pause says; None when that would be too
    late."""
    pause = BACK_OFF_S[min(arrival.tries, len(BACK_OFF_S) - 1)] * (1 + luck / 5)
    due_at = at + timedelta(seconds=pause)
    if due_at >= arrival.until:
        return None
    return replace(arrival, due_at=due_at, tries=arrival.tries + 1)
