"""An import on its way: parts that are written one by one and count once all of them are there.

The parts are notes beside the others, since they live for seconds. A crash before `ready` leaves
parts that nobody reads and the next start throws away; one after it leaves the rest to be done.
"""

from typing import Any

import orjson

from console.model.refusal import Refused
from console.store import places
from console.store.tx import Tx

_PREFIX = "import/"
_LIKE = "substr(key, 1, length(CAST($1 AS TEXT))) = $1"


async def keep(tx: Tx, name: str, number: int, part: dict[str, Any]) -> None:
    """Write down part `number` of the import `name`."""
    await places.keep_note(tx, _key(name, number), orjson.dumps(part).decode())


async def ready(tx: Tx, name: str, shop_id: str, parts: int) -> None:
    """All parts are there: from now on they will be done, whatever happens."""
    rows = await tx.all(f"SELECT key FROM meta WHERE {_LIKE}", f"{_PREFIX}{name}/")
    if len(rows) != parts:
        raise Refused("unavailable", "the import was interrupted by a start; try again")
    value = orjson.dumps([shop_id, parts]).decode()
    await places.keep_note(tx, _PREFIX + name, value)


async def take(tx: Tx, name: str, number: int) -> dict[str, Any] | None:
    """A part, which is gone with this transaction; None where it was done before."""
    key = _key(name, number)
    text = await places.note(tx, key)
    await places.drop_note(tx, key)
    return None if text is None else dict(orjson.loads(text))


async def done(tx: Tx, name: str) -> None:
    await places.drop_note(tx, _PREFIX + name)


async def pending(tx: Tx) -> list[tuple[str, str, int]]:
    """Imports that are ready and not done: name, shop and number of parts. Forgets parts of those
    that never became ready."""
    rows = await tx.all(f"SELECT key, value FROM meta WHERE {_LIKE}", _PREFIX)
    names = {row[0].removeprefix(_PREFIX): row[1] for row in rows}
    found = {name: orjson.loads(value) for name, value in names.items() if "/" not in name}
    for name in names:
        if name.partition("/")[0] not in found:
            await places.drop_note(tx, _PREFIX + name)
    return [(name, shop_id, parts) for name, (shop_id, parts) in found.items()]


def _key(name: str, number: int) -> str:
    return f"{_PREFIX}{name}/{number}"
