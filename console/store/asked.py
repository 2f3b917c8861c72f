"""What shoppers asked and what the matcher made of it, kept for `KEPT_DAYS`.

What the agent did is not written here: it is the answer that follows in the conversation and, in
the event log, the suggestion it came from. The log's row has the time of its message to the
millisecond, which is how its index finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from console.store.tx import Tx

KEPT_DAYS = 90
# Of what is too old so many rows go with each write.
PRUNED = 200
SCALE = 10_000
# So many of the newest tell enough, and are read in no time.
SAMPLES = 2_000

_ANSWER = """(SELECT min(n.seq) FROM message n WHERE n.conversation_id = a.conversation_id
    AND n.seq > a.seq AND n.author_kind = 'agent' AND n.kind = 'text' AND NOT n.private
    AND n.recalled_at IS NULL)"""
_ADD = """INSERT INTO asked (conversation_id, seq, shop_id, contact_id, group_id, inbox_kind, at,
    text, entry, score, lead, shown) VALUES ($1, $2, $3, $4, $5,
    coalesce((SELECT i.kind FROM inbox i WHERE i.id = $6), ''), $7, $8, $9, $10, $11, $12)
    ON CONFLICT DO NOTHING"""
_PRUNE = f"""DELETE FROM asked WHERE (conversation_id, seq) IN (SELECT o.conversation_id, o.seq
    FROM asked o WHERE o.shop_id = $1 AND o.at < $2 ORDER BY o.at LIMIT {PRUNED})"""
_UNMATCHED = f"""SELECT a.conversation_id, a.seq, a.contact_id, a.group_id, a.at, a.text, q.text,
    r.text FROM asked a JOIN message q ON q.conversation_id = a.conversation_id AND q.seq = a.seq
    LEFT JOIN message r ON r.conversation_id = a.conversation_id AND r.seq = {_ANSWER}
    WHERE a.shop_id = $1 AND a.text IS NOT NULL AND a.at >= $2
        AND (a.at, a.conversation_id, a.seq) < ($3, $4, $5)
    ORDER BY a.at DESC, a.conversation_id DESC, a.seq DESC LIMIT $6"""
_ANSWERED = f"""SELECT a.conversation_id, a.seq, a.score, a.lead, a.entry, r.seq, e.data
    FROM asked a JOIN message r ON r.conversation_id = a.conversation_id AND r.seq = {_ANSWER}
    LEFT JOIN event e ON e.shop_id = a.shop_id AND e.kind = 'answer' AND e.at = r.at
        AND e.conversation_id = r.conversation_id AND e.seq = r.seq
    WHERE a.shop_id = $1 AND a.at >= $2
    ORDER BY a.at DESC, a.conversation_id DESC, a.seq DESC LIMIT $3"""


@dataclass(frozen=True, slots=True)
class Matched:
    """A message that was matched. `text` is the normal text of one to which nothing was shown."""

    conversation_id: str
    seq: int
    shop_id: str
    contact_id: str
    group_id: str | None
    inbox_id: str
    at: int
    text: str | None
    entry: str | None
    score: float
    lead: float
    shown: bool


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A message to which nothing was shown: as it was typed, and what the agent then said."""

    conversation_id: str
    seq: int
    contact_id: str
    group_id: str | None
    at: int
    text: str
    typed: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a matched message: the entry that was first, and the one that was used."""

    score: float
    lead: float
    first: str | None
    used: str | None


@dataclass(frozen=True, slots=True)
class Dismissal:
    id: str
    text: str
    at: int


async def add(tx: Tx, rows: Sequence[Matched], now_ms: int) -> None:
    """Keep what was matched, each message once, and let go of some of what is too old."""
    await tx.many(_ADD, [_row(one) for one in rows])
    oldest = now_ms - KEPT_DAYS * 86_400_000
    for shop_id in {one.shop_id for one in rows}:
        await tx.run(_PRUNE, shop_id, oldest)
        await tx.run("DELETE FROM dismissed WHERE shop_id = $1 AND at < $2", shop_id, oldest)


async def unmatched(
    tx: Tx, shop_id: str, since_ms: int, limit: int, *, before: Unanswered | None = None
) -> list[Unanswered]:
    """The newest messages to which nothing was shown, or those that come before one of them."""
    edge = (2**62, "", 0) if before is None else (before.at, before.conversation_id, before.seq)
    rows = await tx.all(_UNMATCHED, shop_id, since_ms, *edge, limit)
    return [Unanswered(*row) for row in rows]


async def samples(tx: Tx, shop_id: str, since_ms: int, limit: int = SAMPLES) -> list[Outcome]:
    """The newest messages that an agent answered. Of several before one answer it is the last,
    whose suggestions the agent saw then."""
    found: list[Outcome] = []
    seen: set[tuple[str, int]] = set()
    for row in await tx.all(_ANSWERED, shop_id, since_ms, limit):
        if (row[0], row[5]) not in seen:
            seen.add((row[0], row[5]))
            found.append(Outcome(row[2] / SCALE, row[3] / SCALE, row[4], _used(row[6])))
    return found


async def dismissals(tx: Tx, shop_id: str) -> list[Dismissal]:
    rows = await tx.all(
        "SELECT id, text, at FROM dismissed WHERE shop_id = $1 ORDER BY id", shop_id
    )
    return [Dismissal(*row) for row in rows]


async def dismiss(tx: Tx, shop_id: str, one: Dismissal, by: str) -> None:
    """From this moment on, whenever it was dismissed before."""
    await tx.run(
        'INSERT INTO dismissed (shop_id, id, text, at, "by") VALUES ($1, $2, $3, $4, $5)'
        " ON CONFLICT (shop_id, id) DO UPDATE SET text = excluded.text, at = excluded.at,"
        ' "by" = excluded."by"',
        shop_id, one.id, one.text, one.at, by,
    )  # fmt: skip


async def restore(tx: Tx, shop_id: str, ids: Iterable[str]) -> None:
    for one in ids:
        await tx.run("DELETE FROM dismissed WHERE shop_id = $1 AND id = $2", shop_id, one)


def _row(one: Matched) -> Sequence[Any]:
    return (
        one.conversation_id, one.seq, one.shop_id, one.contact_id, one.group_id, one.inbox_id,
        one.at, one.text, one.entry, round(one.score * SCALE), round(one.lead * SCALE), one.shown,
    )  # fmt: skip


def _used(data: str | None) -> str | None:
    said: Mapping[str, Any] = orjson.loads(data) if data else {}
    entry = said.get("suggestion", {}).get("entry")
    return str(entry) if entry else None
