"""Conversations and messages: the SQL of the message path, kept in one file and short.

One accepted message is: read the conversation under its lock, insert the message (a repeat stops
here, by the unique key of sender and client id), write the conversation back, append the event
(R5).
"""

from collections.abc import Sequence
from typing import Any

import orjson

from console.model.conversation import Conversation, Message
from console.model.refusal import Refused
from console.model.words import (
    Author,
    ConversationId,
    Delivery,
    Kind,
    Stage,
    from_ms,
    to_ms,
)
from console.store.tx import Tx

CONVERSATION = """c.id, c.shop_id, c.inbox_id, c.contact_id, c.identity_id, c.stage, c.created_at,
    c.agent_id, c.group_id, c.assign_epoch, c.assign_reason, c.waiting_since, c.queued_at,
    c.last_seq, c.shopper_seq, c.unread, c.agent_read, c.shopper_read, c.last_text, c.last_kind,
    c.last_author, c.last_at, c.closed_at, c.summary, c.rating"""
CONVERSATION_WIDTH = 25
_TIMES = (11, 12, 21, 22)
_NEWEST = "newest conversation of "

# looked up, not called: an enum's call takes longer than all the rest of reading a column
_STAGES = {one.value: one for one in Stage}
_KINDS = {one.value: one for one in Kind}
_AUTHORS = {one.value: one for one in Author}

_MESSAGE = """id, conversation_id, seq, shopper_seq, author_kind, author_id, author_name, kind,
    text, at, client_id, data, private, delivery, recalled_at"""

_FIND = f"SELECT {CONVERSATION} FROM conversation c WHERE c.id = $1"
_LATEST = f"""SELECT {CONVERSATION} FROM conversation c WHERE c.identity_id = $1
    ORDER BY c.created_at DESC, c.id DESC LIMIT 1"""
_INSERT = """INSERT INTO conversation (id, shop_id, inbox_id, contact_id, identity_id, stage,
    created_at, agent_id, group_id, assign_epoch, assign_reason, waiting_since, queued_at, last_seq,
    shopper_seq, unread, agent_read, shopper_read, last_text, last_kind, last_author, last_at,
    closed_at, summary, rating) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
    $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)"""
_SAVE = """UPDATE conversation SET stage = $2, agent_id = $3, group_id = $4, assign_epoch = $5,
    assign_reason = $6, waiting_since = $7, queued_at = $8, last_seq = $9, shopper_seq = $10,
    unread = $11, agent_read = $12, shopper_read = $13, last_text = $14, last_kind = $15,
    last_author = $16, last_at = $17, closed_at = $18, summary = $19, rating = $20
    WHERE id = $1 AND assign_epoch = $21"""
_OWNER = """SELECT a.name FROM conversation c LEFT JOIN agent a ON a.id = c.agent_id
    WHERE c.id = $1"""
# What one more message changes; no index holds any of it, so that only the row is written.
_MOVE_ON = """UPDATE conversation SET last_seq = $2, shopper_seq = $3, waiting_since = $4,
    unread = $5, agent_read = $6, last_text = $7, last_kind = $8, last_author = $9, last_at = $10
    WHERE id = $1"""
_ADD = f"""INSERT INTO message ({_MESSAGE}, sender, body_hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    ON CONFLICT (sender, client_id) DO NOTHING"""
_FIRST = f"SELECT {_MESSAGE}, body_hash FROM message WHERE sender = $1 AND client_id = $2"
_AFTER = f"""SELECT {_MESSAGE} FROM message WHERE conversation_id = $1 AND seq > $2
    ORDER BY seq LIMIT $3"""
_BEFORE = f"""SELECT {_MESSAGE} FROM message WHERE conversation_id = $1 AND seq < $2
    ORDER BY seq DESC LIMIT $3"""
# shopper_seq never exceeds seq, so the key narrows the shopper's page too.
_SHOPPER_AFTER = f"""SELECT {_MESSAGE} FROM message WHERE conversation_id = $1 AND seq > $2
    AND shopper_seq > $2 ORDER BY seq LIMIT $3"""
_AT = f"SELECT {_MESSAGE} FROM message WHERE conversation_id = $1 AND seq = $2"
_RECALL = """UPDATE message SET recalled_at = $3
    WHERE conversation_id = $1 AND seq = $2 AND recalled_at IS NULL"""
_DESK_SEQ = """SELECT seq FROM message WHERE conversation_id = $1 AND seq >= $2
    AND shopper_seq <= $2 ORDER BY seq DESC LIMIT 1"""
_SHOPPER_SEQ = """SELECT shopper_seq FROM message WHERE conversation_id = $1 AND seq <= $2
    AND shopper_seq IS NOT NULL ORDER BY seq DESC LIMIT 1"""
_LAST_WORDS = """SELECT text, seq FROM message WHERE conversation_id = $1
    AND author_kind = 'shopper' AND kind = 'text' ORDER BY seq DESC LIMIT $2"""
_LAST_CARD = """SELECT data FROM message WHERE conversation_id = $1 AND kind = $2
    ORDER BY seq DESC LIMIT 1"""


async def find(tx: Tx, conversation_id: str, *, lock: bool = False) -> Conversation | None:
    row = await tx.one(_FIND + (tx.for_update if lock else ""), conversation_id)
    return None if row is None else conversation_of(row)


async def latest(tx: Tx, identity_id: str, *, lock: bool = False) -> Conversation | None:
    """The newest conversation of a person on an inbox, closed or not."""
    if tx.kept is not None:
        found: Conversation | None = tx.kept.get(_NEWEST + identity_id)
        if found is not None:
            return found
    row = await tx.one(_LATEST + (tx.for_update if lock else ""), identity_id)
    found = None if row is None else conversation_of(row)
    if tx.kept is not None and found is not None:
        tx.kept[_NEWEST + identity_id] = found
    return found


async def insert(tx: Tx, c: Conversation) -> None:
    await tx.run(
        _INSERT,
        c.id, c.shop_id, c.inbox_id, c.contact_id, c.identity_id, c.stage, to_ms(c.created_at),
        c.agent_id, c.group_id, c.assign_epoch, c.assign_reason, _ms(c.waiting_since),
        _ms(c.queued_at), c.last_seq, c.shopper_seq, c.unread, c.agent_read, c.shopper_read,
        c.last_text, c.last_kind, c.last_author, _ms(c.last_at), _ms(c.closed_at), c.summary,
        c.rating,
    )  # fmt: skip
    if tx.kept is not None:
        tx.kept.pop(_NEWEST + c.identity_id, None)


async def save(tx: Tx, before: Conversation, c: Conversation) -> None:
    """Write a conversation back: the one way in which it gets another agent or stage (R24).

    Compared and set: Refused("conflict") with the name of who has it now when it was assigned anew
    after `before` was read.
    """
    touched = await tx.run(
        _SAVE,
        c.id, c.stage, c.agent_id, c.group_id, c.assign_epoch, c.assign_reason,
        _ms(c.waiting_since), _ms(c.queued_at), c.last_seq, c.shopper_seq, c.unread, c.agent_read,
        c.shopper_read, c.last_text, c.last_kind, c.last_author, _ms(c.last_at), _ms(c.closed_at),
        c.summary, c.rating, before.assign_epoch,
    )  # fmt: skip
    if not touched:
        owner = await tx.one(_OWNER, c.id)
        raise Refused("conflict", had_by(owner[0] if owner else None))
    _keep(tx, c)


def had_by(name: str | None) -> str:
    """Why somebody came too late."""
    return f"{name} has this conversation" if name else "the conversation has moved"


async def move_on(tx: Tx, c: Conversation) -> None:
    """Save a conversation that took one more message and did not change otherwise."""
    await tx.run(
        _MOVE_ON,
        c.id, c.last_seq, c.shopper_seq, _ms(c.waiting_since), c.unread, c.agent_read, c.last_text,
        c.last_kind, c.last_author, _ms(c.last_at),
    )  # fmt: skip
    _keep(tx, c)


def _keep(tx: Tx, c: Conversation) -> None:
    """What was just written is what `latest` will read, where it is somebody's newest."""
    if tx.kept is not None:
        name = _NEWEST + c.identity_id
        newest = tx.kept.get(name)
        if newest is not None and newest.id == c.id:
            tx.kept[name] = c


async def add(tx: Tx, m: Message, *, sender: str, body_hash: str) -> bool:
    """Insert a message; False when this sender's client id is there already."""
    data = None if m.data is None else orjson.dumps(m.data).decode()
    touched = await tx.run(
        _ADD,
        m.id, m.conversation_id, m.seq, m.shopper_seq, m.author, m.author_id, m.author_name, m.kind,
        m.text, to_ms(m.at), m.client_id, data, m.private, m.delivery, _ms(m.recalled_at), sender,
        body_hash,
    )  # fmt: skip
    return touched == 1


async def keep_payload(tx: Tx, message_id: str, body: str) -> None:
    """What a provider handed over, beside the message it became."""
    await tx.run("INSERT INTO payload (message_id, body) VALUES ($1, $2)", message_id, body)


async def said_as(tx: Tx, sender: str, client_id: str) -> Message | None:
    """The message that took a client id."""
    row = await tx.one(_FIRST, sender, client_id)
    return None if row is None else message_of(row)


async def first_said(tx: Tx, sender: str, client_id: str) -> tuple[Message, str]:
    """The message that took a client id first, and the hash of its body."""
    row = await tx.one(_FIRST, sender, client_id)
    assert row is not None
    return message_of(row), row[15]


async def was_said(tx: Tx, sender: str, client_id: str) -> bool:
    row = await tx.one(
        "SELECT 1 FROM message WHERE sender = $1 AND client_id = $2", sender, client_id
    )
    return row is not None


async def after(tx: Tx, conversation_id: str, seq: int, limit: int) -> list[Message]:
    return [message_of(row) for row in await tx.all(_AFTER, conversation_id, seq, limit)]


async def before(tx: Tx, conversation_id: str, seq: int, limit: int) -> list[Message]:
    """The page that ends just before `seq`, rising."""
    rows = await tx.all(_BEFORE, conversation_id, seq, limit)
    return [message_of(row) for row in reversed(rows)]


async def shopper_after(tx: Tx, conversation_id: str, seq: int, limit: int) -> list[Message]:
    """What the shopper may see after their own number `seq`."""
    return [message_of(row) for row in await tx.all(_SHOPPER_AFTER, conversation_id, seq, limit)]


async def at(tx: Tx, conversation_id: str, seq: int) -> Message | None:
    row = await tx.one(_AT, conversation_id, seq)
    return None if row is None else message_of(row)


async def recall(tx: Tx, conversation_id: str, seq: int, at_ms: int) -> None:
    await tx.run(_RECALL, conversation_id, seq, at_ms)


async def replace_data(tx: Tx, m: Message) -> None:
    """Its kind, and what a screen shows beside the words."""
    data = None if m.data is None else orjson.dumps(m.data).decode()
    await tx.run(
        "UPDATE message SET kind = $3, data = $4 WHERE conversation_id = $1 AND seq = $2",
        m.conversation_id, m.seq, m.kind, data,
    )  # fmt: skip


async def desk_seq(tx: Tx, conversation_id: str, shopper_seq: int) -> int:
    """The desk's number of the last message the shopper knows as `shopper_seq` or less."""
    row = await tx.one(_DESK_SEQ, conversation_id, shopper_seq)
    return row[0] if row else 0


async def shopper_seq_of(tx: Tx, conversation_id: str, seq: int) -> int:
    """The shopper's number of the last message up to the desk's `seq`."""
    row = await tx.one(_SHOPPER_SEQ, conversation_id, seq)
    return row[0] if row else 0


async def last_words(tx: Tx, conversation_id: str, limit: int) -> list[tuple[str, int]]:
    """The shopper's last texts with the desk's numbers, newest first."""
    rows = await tx.all(_LAST_WORDS, conversation_id, limit)
    return [(row[0], row[1]) for row in rows]


async def last_card(tx: Tx, conversation_id: str, kind: Kind) -> dict[str, Any] | None:
    """The product or order named last in a conversation."""
    row = await tx.one(_LAST_CARD, conversation_id, kind)
    return dict(orjson.loads(row[0])) if row and row[0] else None


def conversation_of(row: Sequence[Any]) -> Conversation:
    """The first CONVERSATION_WIDTH columns of a row, which are a conversation's fields in order."""
    fields = list(row[:CONVERSATION_WIDTH])
    fields[5] = _STAGES[fields[5]]
    fields[6] = from_ms(fields[6])
    for column in _TIMES:
        if (ms := fields[column]) is not None:
            fields[column] = from_ms(ms)
    fields[19] = _KINDS[fields[19]] if fields[19] else None
    fields[20] = _AUTHORS[fields[20]] if fields[20] else None
    return Conversation(*fields)


def message_of(row: Sequence[Any]) -> Message:
    return Message(
        id=row[0],
        conversation_id=ConversationId(row[1]),
        seq=row[2],
        shopper_seq=row[3],
        author=_AUTHORS[row[4]],
        author_id=row[5],
        author_name=row[6],
        kind=_KINDS[row[7]],
        text=row[8],
        at=from_ms(row[9]),
        client_id=row[10],
        data=orjson.loads(row[11]) if row[11] else None,
        private=bool(row[12]),
        delivery=Delivery(row[13]) if row[13] else None,
        recalled_at=_at(row[14]),
    )


def _ms(at: Any) -> int | None:
    return None if at is None else to_ms(at)


def _at(ms: int | None) -> Any:
    return None if ms is None else from_ms(ms)
