"""A draft: an entry, or a change of one, that an agent proposes and a lead decides on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from console.model.words import ShopId


class DraftState(StrEnum):
    WAITING = "waiting"
    PUBLISHED = "published"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Draft:
    """`fields` are as a form sends them; `entry_id` and `revision` name what would be changed, and
    of a new entry that was published, what it became. `reason` is why it was declined."""

    id: str
    shop_id: ShopId
    entry_id: str | None
    revision: int | None
    fields: Mapping[str, Any]
    note: str
    agent_id: str
    agent_name: str
    conversation_id: str | None
    seq: int | None
    at: datetime
    state: DraftState = DraftState.WAITING
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
