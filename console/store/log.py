"""The append-only event log, from which every metric is computed. Rows are never changed."""

from collections.abc import Mapping
from typing import Any

import orjson

from console.model.conversation import Conversation
from console.store.tx import Tx

_APPEND = """INSERT INTO event (at, shop_id, kind, conversation_id, agent_id, seq, data)
    VALUES ($1, $2, $3, $4, $5, $6, $7)"""


async def append(
    tx: Tx,
    kind: str,
    at_ms: int,
    shop_id: str,
    *,
    conversation: Conversation | None = None,
    agent_id: str | None = None,
    seq: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note that something happened. `data` holds what the row's columns cannot say."""
    text = None if data is None else orjson.dumps(data).decode()
    conversation_id = None if conversation is None else conversation.id
    await tx.run(_APPEND, at_ms, shop_id, kind, conversation_id, agent_id, seq, text)
