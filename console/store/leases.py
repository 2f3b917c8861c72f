"""Leases: who may do what only one process may, and the epoch by which a late one is found out."""

from console.store.tx import Tx

_TAKE = """INSERT INTO lease (name, holder, epoch, until) VALUES ($1, $2, 1, $3)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = lease.epoch + 1,
        until = excluded.until
    WHERE lease.holder = excluded.holder OR lease.until <= $4"""
_RENEW = "UPDATE lease SET until = $4 WHERE name = $1 AND holder = $2 AND epoch = $3"
_EPOCH = "SELECT epoch FROM lease WHERE name = $1 AND holder = $2"


async def take(tx: Tx, name: str, holder: str, *, until_ms: int, now_ms: int) -> int | None:
    """The new epoch, or None while somebody else holds it. Who held it before a crash gets it."""
    if not await tx.run(_TAKE, name, holder, until_ms, now_ms):
        return None
    row = await tx.one(_EPOCH, name, holder)
    assert row is not None
    return int(row[0])


async def renew(tx: Tx, name: str, holder: str, epoch: int, *, until_ms: int) -> bool:
    """False when it is somebody else's by now."""
    return await tx.run(_RENEW, name, holder, epoch, until_ms) == 1


async def holds(tx: Tx, name: str, epoch: int) -> bool:
    """Whether the epoch is the latest; nobody can take the lease until this unit has ended."""
    share = " FOR SHARE" if tx.for_update else ""
    row = await tx.one(f"SELECT epoch FROM lease WHERE name = $1{share}", name)
    return row is not None and row[0] == epoch
