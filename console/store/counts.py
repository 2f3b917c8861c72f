"""How many rows stand where: what is shown to whoever watches the installation."""

from dataclasses import dataclass

from console.store.tx import Tx

_OPEN = "SELECT stage, count(*) FROM conversation WHERE stage <> 'closed' GROUP BY stage"
_LONGEST = "SELECT min(queued_at) FROM conversation WHERE stage = 'waiting'"
_OUTBOX = """SELECT state, count(*), min(due_at) FROM outbox
    WHERE state IN ('queued', 'sending', 'retry', 'unconfirmed', 'dead') GROUP BY state"""


@dataclass(frozen=True, slots=True)
class Counts:
    """`stages` and `outbox` hold what there is, by name; moments are milliseconds."""

    stages: dict[str, int]
    queued_since: int | None
    outbox: dict[str, int]
    outbox_due: int | None


async def now(tx: Tx) -> Counts:
    """Conversations that are not closed, and messages on their way out that are not there yet."""
    stages = {str(row[0]): int(row[1]) for row in await tx.all(_OPEN)}
    longest = await tx.one(_LONGEST)
    outbox = await tx.all(_OUTBOX)
    waiting = [int(row[2]) for row in outbox if row[0] in ("queued", "retry")]
    return Counts(
        stages,
        None if longest is None else longest[0],
        {str(row[0]): int(row[1]) for row in outbox},
        min(waiting, default=None),
    )
