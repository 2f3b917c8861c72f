"""How far the messages of an inbox were fetched, and how often its provider announced more."""

from dataclasses import dataclass

from console.model.words import InboxId
from console.store.tx import Tx

_RING = """INSERT INTO feed (inbox_id, place, ring, rung) VALUES ($1, '', $2, 1)
    ON CONFLICT (inbox_id) DO UPDATE SET ring = excluded.ring, rung = feed.rung + 1"""
_MOVE = """INSERT INTO feed (inbox_id, place, ring, rung) VALUES ($1, $3, '', 0)
    ON CONFLICT (inbox_id) DO UPDATE SET place = excluded.place WHERE feed.place = $2"""


@dataclass(frozen=True, slots=True)
class Feed:
    """`place` is the provider's cursor, empty before the first page; `rung` counts announcements,
    `ring` is what came with the latest."""

    place: str = ""
    ring: str = ""
    rung: int = 0


async def of(tx: Tx, inbox_id: str) -> Feed:
    row = await tx.one("SELECT place, ring, rung FROM feed WHERE inbox_id = $1", inbox_id)
    return Feed() if row is None else Feed(row[0], row[1], row[2])


async def rung(tx: Tx) -> dict[InboxId, int]:
    """By inbox, how often its provider announced something."""
    return {InboxId(row[0]): row[1] for row in await tx.all("SELECT inbox_id, rung FROM feed")}


async def ring(tx: Tx, inbox_id: str, word: str) -> None:
    await tx.run(_RING, inbox_id, word)


async def move(tx: Tx, inbox_id: str, before: str, after: str) -> bool:
    """False where somebody else has gone on from `before`."""
    return await tx.run(_MOVE, inbox_id, before, after) == 1
