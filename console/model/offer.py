"""An offer: the entries suggested to an agent for one message, and what became of each of them.

`shown`, then at most one of `taken` (sent as it was), `edited` (sent after a change) and `rejected`
(dismissed). What was sent stays sent; what was dismissed may still be sent, or be shown again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from console.model.words import AgentId, ConversationId, GroupId, ShopId


class Outcome(StrEnum):
    SHOWN = "shown"
    TAKEN = "taken"
    EDITED = "edited"
    REJECTED = "rejected"


SENT = frozenset({Outcome.TAKEN, Outcome.EDITED})


class Item(NamedTuple):
    """An entry that was offered, with the score it had."""

    entry: str
    score: float
    outcome: Outcome = Outcome.SHOWN


@dataclass(frozen=True, slots=True)
class Offer:
    """`for_seq` is the desk's number of the shopper's message; `wording` is a digest of its plain
    spelling; `passed` says whether anything was worth showing."""

    conversation_id: ConversationId
    for_seq: int
    shop_id: ShopId
    at: datetime
    agent_id: AgentId | None
    group_id: GroupId | None
    inbox_kind: str
    wording: str
    passed: bool
    items: tuple[Item, ...]

    def outcome(self, entry: str) -> Outcome | None:
        """What became of an entry; None where it was not offered."""
        return next((one.outcome for one in self.items if one.entry == entry), None)


def judged(offer: Offer, entry: str, outcome: Outcome) -> Offer:
    """What became of one of the offered entries; what was sent stays so."""
    items = tuple(
        one._replace(outcome=outcome) if one.entry == entry and one.outcome not in SENT else one
        for one in offer.items
    )
    return replace(offer, items=items)


def joined(offer: Offer, more: Offer) -> Offer:
    """The offer after the same message was offered for once more, to a colleague, say."""
    new = tuple(one for one in more.items if offer.outcome(one.entry) is None)
    return replace(offer, items=(*offer.items, *new), passed=offer.passed or more.passed)
