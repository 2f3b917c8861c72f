"""Rows of files: whose they are, in how many messages they stand, and when to remove them.

`uses` counts the messages that show a file; `due_at` is when one that nothing shows is removed. An
entry holds the pictures it names, in any of its revisions: a restored one must find them again.
"""

from collections.abc import Sequence
from typing import Any

from console.model.files import File, Owner
from console.model.words import FileId, from_ms, to_ms
from console.store.tx import Tx

_FILE = """id, shop_id, agent_id, identity_id, inbox_id, name, type, size, width, height, small,
    sha256, created_at"""
_ADD = f"""INSERT INTO file ({_FILE}, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"""
_FIND = f"SELECT {_FILE}, uses, conversation_id FROM file WHERE id = $1"
_SAID = "UPDATE file SET uses = uses + 1, due_at = NULL, conversation_id = $2, seq = $3"
_BY_SHOPPER = f"{_SAID} WHERE id = $1 AND identity_id = $4 AND conversation_id IS NULL"
_BY_AGENT = f"{_SAID} WHERE id = $1 AND shop_id = $4 AND agent_id IS NOT NULL"
_LET_GO = """UPDATE file SET uses = uses - 1, due_at = CASE WHEN uses <= 1 THEN $2 ELSE due_at END
    WHERE id = $1"""
_HELD = """SELECT 1 FROM entry WHERE shop_id = $1 AND body LIKE $2
    UNION ALL SELECT 1 FROM entry_revision WHERE shop_id = $1 AND body LIKE $2
    UNION ALL SELECT 1 FROM draft WHERE shop_id = $1 AND fields LIKE $2 LIMIT 1"""
_DUE = "SELECT id, shop_id FROM file WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2"
_REMOVE = "DELETE FROM file WHERE id = $1 AND due_at <= $2"


async def add(tx: Tx, file: File, *, due_ms: int) -> None:
    owner = file.owner
    await tx.run(
        _ADD,
        file.id, owner.shop_id, owner.agent_id, owner.identity_id, owner.inbox_id, file.name,
        file.type, file.size, file.width, file.height, file.small, file.sha256,
        to_ms(file.created_at), due_ms,
    )  # fmt: skip


async def find(tx: Tx, file_id: str) -> File | None:
    row = await tx.one(_FIND, file_id)
    return None if row is None else _file_of(row)


async def shown(tx: Tx, file_id: str) -> File | None:
    """A file that may be looked at: not said yet, in a message that stands, or of an entry."""
    row = await tx.one(_FIND, file_id)
    if row is None:
        return None
    recalled = row[13] == 0 and row[14] is not None
    return None if recalled and not await held(tx, row[1], file_id) else _file_of(row)


async def say(
    tx: Tx, file_id: str, conversation_id: str, seq: int, *, shop_id: str, identity_id: str | None
) -> bool:
    """Note that a message shows a file; False where it is not theirs to say. A shopper says their
    own, once; an agent any that an agent of the shop has uploaded."""
    sql, whose = (_BY_AGENT, shop_id) if identity_id is None else (_BY_SHOPPER, identity_id)
    return await tx.run(sql, file_id, conversation_id, seq, whose) == 1


async def let_go(tx: Tx, file_id: str, at_ms: int) -> None:
    """A message does not show it any more."""
    await tx.run(_LET_GO, file_id, at_ms)


async def kept_for(tx: Tx, identity_id: str, since_ms: int) -> tuple[int, int]:
    """How many files of a shopper there are since then, and how many bytes."""
    row = await tx.one(
        "SELECT count(*), coalesce(sum(size), 0) FROM file"
        " WHERE identity_id = $1 AND created_at > $2",
        identity_id, since_ms,
    )  # fmt: skip
    assert row is not None
    return row[0], int(row[1])


async def due(tx: Tx, now_ms: int, limit: int) -> list[tuple[str, str]]:
    """(file, shop) of those that may be removed now, if no entry holds them."""
    return [(row[0], row[1]) for row in await tx.all(_DUE, now_ms, limit)]


async def held(tx: Tx, shop_id: str, file_id: str) -> bool:
    """Whether an entry names it."""
    return await tx.one(_HELD, shop_id, f'%"{file_id}"%') is not None


async def put_off(tx: Tx, file_id: str, due_ms: int) -> None:
    """Look again later."""
    await tx.run("UPDATE file SET due_at = $2 WHERE id = $1 AND uses = 0", file_id, due_ms)


async def remove(tx: Tx, file_id: str, now_ms: int) -> bool:
    """False where somebody has said it meanwhile."""
    return await tx.run(_REMOVE, file_id, now_ms) == 1


async def known(tx: Tx, file_ids: Sequence[str]) -> set[str]:
    """Which of them have a row."""
    found = set()
    for one in file_ids:
        if await tx.one("SELECT 1 FROM file WHERE id = $1", one) is not None:
            found.add(one)
    return found


def _file_of(row: Sequence[Any]) -> File:
    return File(
        id=FileId(row[0]),
        owner=Owner(shop_id=row[1], agent_id=row[2], identity_id=row[3], inbox_id=row[4]),
        name=row[5],
        type=row[6],
        size=row[7],
        width=row[8],
        height=row[9],
        small=bool(row[10]),
        sha256=row[11],
        created_at=from_ms(row[12]),
    )
