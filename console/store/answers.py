"""What agents answered from entries: the event log says from which, the message what was said."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from console.store.tx import Tx

PAGE = 500

Key = tuple[int, int]

# The log is read by the page, so that who else reads has a turn between, and answers that came from
# no entry cost no more than their row.
_PAGE = """SELECT e.at, e.id, e.data, m.text, m.recalled_at, k.name FROM (
        SELECT at, id, data, conversation_id, seq FROM event
        WHERE shop_id = $1 AND kind = 'answer' AND (at, id) > ($2, $3) AND at <= $4
        ORDER BY at, id LIMIT $5) e
    LEFT JOIN message m ON e.data LIKE '%"suggestion"%'
        AND m.conversation_id = e.conversation_id AND m.seq = e.seq
    LEFT JOIN conversation c ON c.id = m.conversation_id
    LEFT JOIN contact k ON k.id = c.contact_id
    ORDER BY e.at, e.id"""


class Answer(NamedTuple):
    """An answer that came from an entry, `edited` or as it was, and what its shopper is called."""

    entry: str
    edited: bool
    text: str
    name: str


async def page(tx: Tx, shop_id: str, after: Key, until_ms: int) -> tuple[list[Answer], Key | None]:
    """Some of a shop's answers after a place in the log, the oldest first, without notes and what
    was recalled, and the place from which to read on; None when these were the last."""
    rows = await tx.all(_PAGE, shop_id, *after, until_ms, PAGE)
    found = [answer for row in rows if (answer := _answer(row)) is not None]
    return found, (rows[-1][0], rows[-1][1]) if len(rows) == PAGE else None


def _answer(row: Sequence[Any]) -> Answer | None:
    if row[3] is None or row[4] is not None:
        return None
    data = orjson.loads(row[2])
    used = data.get("suggestion")
    if used is None or data.get("private"):
        return None
    return Answer(str(used["entry"]), bool(used["edited"]), row[3], row[5] or "")
