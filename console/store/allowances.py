"""What providers let us say, by person and trigger, and what was said since."""

from console.model.window import Allowance
from console.model.words import from_ms
from console.store.tx import Tx

_GRANT = """INSERT INTO allowance (identity_id, trigger, at, until, total)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (identity_id, trigger) DO UPDATE SET at = excluded.at, until = excluded.until,
        total = excluded.total WHERE allowance.at <= excluded.at"""
_OF = """SELECT a.until, a.total, (SELECT coalesce(sum(o.parts
            + CASE WHEN o.state IN ('sending', 'unconfirmed') THEN 1 ELSE 0 END), 0)
        FROM conversation c JOIN outbox o ON o.conversation_id = c.id
        WHERE c.identity_id = a.identity_id AND o.called_at >= a.at)
    FROM allowance a WHERE a.identity_id = $1"""


async def grant(
    tx: Tx, identity_id: str, trigger: str, *, at_ms: int, until_ms: int, total: int
) -> None:
    """A late word of an earlier deed changes nothing."""
    await tx.run(_GRANT, identity_id, trigger, at_ms, until_ms, total)


async def end(tx: Tx, identity_id: str, at_ms: int) -> None:
    """Whatever was granted ends."""
    await tx.run(
        "UPDATE allowance SET until = $2 WHERE identity_id = $1 AND until > $2", identity_id, at_ms
    )


async def of(tx: Tx, identity_id: str) -> list[Allowance]:
    rows = await tx.all(_OF, identity_id)
    return [Allowance(from_ms(row[0]), row[1], int(row[2])) for row in rows]
