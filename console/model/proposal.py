"""A similar question that an agent proposes for an entry; it waits for a lead."""

from dataclasses import dataclass
from datetime import datetime

from console.model.words import ShopId


@dataclass(frozen=True, slots=True)
class Proposal:
    """`wording` is the text's plain spelling, by which it is known again."""

    id: str
    shop_id: ShopId
    entry_id: str
    wording: str
    text: str
    agent_id: str
    agent_name: str
    conversation_id: str
    seq: int
    at: datetime
