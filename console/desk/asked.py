"""What shoppers asked and what the matcher made of it, kept for those who mend the knowledge.

Kept in handfuls, one a second where few are matched: no message waits for it, the disk hardly hears
of it, and a handful that is lost is no message.
"""

import logging
import time
from collections import Counter
from collections.abc import Sequence

from console.clock import Clock
from console.model.conversation import Conversation
from console.model.refusal import Refused
from console.model.words import ShopId, to_ms
from console.store import Store, asked
from console.store.asked import Matched
from knowledge import Suggestion
from knowledge.question import taught

log = logging.getLogger(__name__)

HANDFUL = 64
WITHIN_S = 1.0


class Asked:
    """The record of matched messages. `unmatched` counts what was kept of those that nothing was
    shown for, so that a reader knows whether there is more."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._pending: list[Matched] = []
        self._due = 0.0
        self.unmatched: Counter[ShopId] = Counter()

    @property
    def full(self) -> bool:
        return len(self._pending) >= HANDFUL

    def due_in(self) -> float | None:
        """Seconds until what is noted should be kept; None where nothing is."""
        return max(0.0, self._due - time.monotonic()) if self._pending else None

    def note(
        self, conversation: Conversation, seq: int, text: str, found: Sequence[Suggestion]
    ) -> None:
        """A message was matched; what nothing can be learnt from is not kept."""
        plain = taught(text)
        if plain is None:
            return
        if not self._pending:
            self._due = time.monotonic() + WITHIN_S
        scores = [one.score for one in found[:2]] + [0.0, 0.0]
        shown = any(one.show for one in found)
        self._pending.append(
            Matched(
                conversation_id=conversation.id,
                seq=seq,
                shop_id=conversation.shop_id,
                contact_id=conversation.contact_id,
                group_id=conversation.group_id,
                inbox_id=conversation.inbox_id,
                at=to_ms(self._clock()),
                text=None if shown else plain,
                entry=found[0].entry if found else None,
                score=scores[0],
                lead=scores[0] - scores[1],
                shown=shown,
            )
        )

    async def keep(self) -> None:
        """Write what was noted; what cannot be written is let go."""
        rows, self._pending = self._pending, []
        if not rows:
            return
        now = to_ms(self._clock())
        try:
            await self._store.write(lambda tx: asked.add(tx, rows, now))
        except Refused as no:
            log.warning("%d matched messages are not recorded: %s", len(rows), no.message)
            return
        self.unmatched.update(ShopId(one.shop_id) for one in rows if one.text is not None)
