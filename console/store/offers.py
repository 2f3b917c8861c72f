"""What was suggested to agents and what became of it: one row a message, its items as JSON.

No row of another table is referred to or held: an offer is noted while messages are written, and
none of them may wait for it. The text is the message's own; here is a digest of its spelling.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from console.model.offer import Item, Offer, Outcome
from console.model.words import AgentId, ConversationId, GroupId, ShopId, from_ms, to_ms
from console.store.tx import Tx

PAGE = 500

Key = tuple[int, str, int]
# An offer as it is counted, of which there are many: when in milliseconds, the group or nothing,
# the kind of inbox, the wording, and entry, score and outcome of each item.
Past = tuple[int, str, str, str, list[tuple[str, float, str]]]

_COLUMNS = """conversation_id, for_seq, shop_id, at, agent_id, group_id, inbox_kind, wording,
    passed, items"""
_ADD = f"""INSERT INTO offer ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (conversation_id, for_seq) DO NOTHING"""
_FIND = f"SELECT {_COLUMNS} FROM offer WHERE conversation_id = $1 AND for_seq = $2"
_LATEST = f"""SELECT {_COLUMNS} FROM offer WHERE conversation_id = $1
    ORDER BY for_seq DESC LIMIT $2"""
_SAVE = """UPDATE offer SET items = $3, passed = $4
    WHERE conversation_id = $1 AND for_seq = $2"""
_PAST = """SELECT at, conversation_id, for_seq, group_id, inbox_kind, wording, items FROM offer
    WHERE shop_id = $1 AND (at, conversation_id, for_seq) > ($2, $3, $4) AND at <= $5
    ORDER BY at, conversation_id, for_seq LIMIT $6"""

_OUTCOMES = {one.value: one for one in Outcome}


async def add(tx: Tx, offer: Offer) -> bool:
    """False when this message was offered for already."""
    touched = await tx.run(
        _ADD,
        offer.conversation_id, offer.for_seq, offer.shop_id, to_ms(offer.at), offer.agent_id,
        offer.group_id, offer.inbox_kind, offer.wording, offer.passed, _items(offer),
    )  # fmt: skip
    return touched == 1


async def find(tx: Tx, conversation_id: str, for_seq: int) -> Offer | None:
    """The offer for a message, its row held."""
    row = await tx.one(_FIND + tx.for_update, conversation_id, for_seq)
    return None if row is None else _offer(row)


async def latest(tx: Tx, conversation_id: str, limit: int) -> list[Offer]:
    """The newest offers of a conversation, newest first, their rows held."""
    return [_offer(row) for row in await tx.all(_LATEST + tx.for_update, conversation_id, limit)]


async def save(tx: Tx, offer: Offer) -> None:
    await tx.run(_SAVE, offer.conversation_id, offer.for_seq, _items(offer), offer.passed)


async def past(tx: Tx, shop_id: str, after: Key, until_ms: int) -> tuple[list[Past], Key | None]:
    """A page of a shop's offers after a place in their order, the oldest first, and the place from
    which to read on; None when this was the last one."""
    rows = await tx.all(_PAST, shop_id, *after, until_ms, PAGE)
    page = [(row[0], row[3] or "", *row[4:6], orjson.loads(row[6])) for row in rows]
    return page, (rows[-1][0], rows[-1][1], rows[-1][2]) if len(rows) == PAGE else None


def _items(offer: Offer) -> str:
    return orjson.dumps([[one.entry, one.score, one.outcome] for one in offer.items]).decode()


def _offer(row: Sequence[Any]) -> Offer:
    items = tuple(
        Item(entry, score, _OUTCOMES[outcome]) for entry, score, outcome in orjson.loads(row[9])
    )
    return Offer(
        ConversationId(row[0]), row[1], ShopId(row[2]), from_ms(row[3]),
        AgentId(row[4]) if row[4] else None, GroupId(row[5]) if row[5] else None,
        row[6], row[7], bool(row[8]), items,
    )  # fmt: skip
