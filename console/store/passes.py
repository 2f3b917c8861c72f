"""Providers' passes, sealed, and who may fetch a new one: one process at a time, for a while."""

from dataclasses import dataclass

from console.store.tx import Tx

_OF = "SELECT sealed, ends_at FROM pass WHERE name = $1"
_HOLD = """INSERT INTO pass (name, sealed, ends_at, holder, held_until) VALUES ($1, '', 0, $2, $3)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
    WHERE pass.held_until <= $4"""
_KEEP = """UPDATE pass SET sealed = $3, ends_at = $4, held_until = 0
    WHERE name = $1 AND holder = $2"""
_LET_GO = "UPDATE pass SET held_until = 0 WHERE name = $1 AND holder = $2"


@dataclass(frozen=True, slots=True)
class Pass:
    sealed: str
    ends_ms: int


async def of(tx: Tx, name: str) -> Pass | None:
    row = await tx.one(_OF, name)
    return None if row is None or not row[0] else Pass(row[0], row[1])


async def hold(tx: Tx, name: str, holder: str, *, until_ms: int, now_ms: int) -> bool:
    """Whether the holder may fetch a new one now; nobody else may until then."""
    return await tx.run(_HOLD, name, holder, until_ms, now_ms) == 1


async def keep(tx: Tx, name: str, holder: str, one: Pass) -> None:
    """The new one, where nobody else has become its holder meanwhile."""
    await tx.run(_KEEP, name, holder, one.sealed, one.ends_ms)


async def let_go(tx: Tx, name: str, holder: str) -> None:
    await tx.run(_LET_GO, name, holder)
