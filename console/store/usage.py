"""How often each agent has said each entry, by the day: counted where the answer is written."""

from datetime import date

from console.store.tx import Tx

_COUNT = """INSERT INTO usage (shop_id, entry_id, agent_id, day, sent, edited)
    VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (shop_id, entry_id, agent_id, day)
    DO UPDATE SET sent = usage.sent + 1, edited = usage.edited + excluded.edited"""
_SINCE = """SELECT entry_id, sum(sent), sum(edited),
        sum(CASE WHEN agent_id = $2 THEN sent ELSE 0 END), max(day)
    FROM usage WHERE shop_id = $1 AND day >= $3 GROUP BY entry_id"""


async def count(
    tx: Tx, shop_id: str, entry_id: str, agent_id: str, *, day: date, edited: bool
) -> None:
    await tx.run(_COUNT, shop_id, entry_id, agent_id, day.toordinal(), int(edited))


async def since(
    tx: Tx, shop_id: str, agent_id: str, day: date
) -> list[tuple[str, int, int, int, date]]:
    """By entry: how often it was said since a day, how often of these changed, how often by the
    agent, and when last."""
    rows = await tx.all(_SINCE, shop_id, agent_id, day.toordinal())
    return [
        (row[0], int(row[1]), int(row[2]), int(row[3]), date.fromordinal(row[4])) for row in rows
    ]


async def forget(tx: Tx, before: date) -> None:
    """Drop what is older."""
    await tx.run("DELETE FROM usage WHERE day < $1", before.toordinal())
